/**
 * What a form need not ask, because the town or the identity provider knows it (C.SE 1.5).
 *
 * Owns: which sources are asked, once for each draft; property `prefill` of a field, FEEL over what they said.
 * Does not own: which field takes what (the form says so), whether it may be changed (property `source` and the form engine).
 * Invariant: of what the registers say, a form gets only the values of its own fields.
 */
import { type Context, fromJson, type Value } from '../../../engine/feel/index.ts'
import { Expressions } from '../form/expressions.ts'
import { withValueAt } from '../form/paths.ts'
import type { Component, Form } from '../form/schema.ts'
import type { CitizenVisit, TownHall } from '../page.ts'
import { storyOf, textAt } from './practice-story.ts'

/** Sources whose values nobody may change here. */
export const CERTIFIED: ReadonlySet<string> = new Set(['spid', 'anpr'])

/** JSON text: `richiedente`, and `anagrafe` where the register knows the person. The register's answer is recorded under `draft`. */
export async function askSources(hall: TownHall, { person }: CitizenVisit, draft: string): Promise<string> {
  const { nome, cognome, cf, email, attested } = person
  const [contacts, resident] = await Promise.all([lastContacts(hall, cf), hall.register(cf, draft)])
  if (resident !== null)
    await hall.practices.recordAccess({ at: new Date(), person: person.id, action: 'prefill', practice: draft })
  const { comune, via, civico, famiglia } = resident ?? {}
  return JSON.stringify({
    richiedente: {
      ...{ nome, cognome, cf, email, cell: attested?.mobilePhone, domicilioDigitale: attested?.digitalAddress },
      ...{ nascita: { data: attested?.dateOfBirth }, domicilio: attested?.domicile },
      ...contacts,
    },
    comune: { nome: hall.town.nome },
    ...(resident !== null && { anagrafe: { residenza: { comune, via, civico }, famiglia } }),
  })
}

/** As the person wrote them last; what was left empty is not known. */
async function lastContacts(hall: TownHall, cf: string): Promise<Readonly<Record<string, string>>> {
  const [last] = await hall.practices.ownedBy(cf, 1, 0)
  if (last === undefined) return {}
  const story = await storyOf(hall, last)
  if (textAt(story, 'richiedente.cf') !== cf) return {}
  const found = ['email', 'cell', 'domicilioDigitale'].map(
    (name) => [name, textAt(story, `richiedente.${name}`)] as const,
  )
  return Object.fromEntries(found.filter(([, text]) => text !== ''))
}

/** The variables that the form starts from. */
export function startOf(form: Form, known: string, now: number): Context {
  const sources = fromJson(known) as Context
  const expressions = new Expressions(now)
  const applicant = sources.get('richiedente') ?? null
  let start: Context = new Map<string, Value>([
    ['canale', 'online'],
    ['richiedente', applicant],
  ])
  for (const { key, prefill } of prefilledFields(form.components, '')) {
    const value = expressions.value(prefill, sources) ?? null
    if (value !== null && value !== '') start = withValueAt(start, key, value)
  }
  return start
}

function* prefilledFields(
  components: readonly Component[],
  prefix: string,
): Generator<{ readonly key: string; readonly prefill: string }> {
  for (const component of components) {
    if (component.type === 'group')
      yield* prefilledFields(component.components, component.path ? `${prefix}${component.path}.` : prefix)
    const { prefill } = component.properties
    if ('key' in component && prefill !== undefined) yield { key: prefix + component.key, prefill }
  }
}
