/**
 * What a form need not ask, because the town or the identity provider knows it (C.SE 1.5).
 *
 * Owns: which sources are asked, and when; property `prefill` of a field, FEEL over what they said.
 * Does not own: which field takes what (the form says so), whether it may be changed (property `source` and the form engine).
 * Invariants
 * S1 Of what the registers say, a form gets only the values of its own fields.
 * S2 The population register is asked once for each draft, and not before a step comes up that it can fill in: whoever is stopped
 *    earlier has not been looked up.
 */
import { type Context, fromJson, type Value } from '../../../engine/feel/index.ts'
import { Expressions } from '../form/expressions.ts'
import { withValueAt } from '../form/paths.ts'
import type { Component, Form } from '../form/schema.ts'
import type { CitizenVisit, TownHall } from '../page.ts'
import type { Draft } from '../store/drafts.ts'
import { storyOf, textAt } from './practice-story.ts'

/** Sources whose values nobody may change here. */
export const CERTIFIED: ReadonlySet<string> = new Set(['spid', 'anpr'])

/** Under which the register's answer is known, and what an expression over it begins with. */
const REGISTER = 'anagrafe'

/** JSON text: `richiedente` and `comune`. Nobody outside the town is asked. */
export async function askLogin(hall: TownHall, { person }: CitizenVisit): Promise<string> {
  const { nome, cognome, cf, email, attested } = person
  return JSON.stringify({
    richiedente: {
      ...{ nome, cognome, cf, email, cell: attested?.mobilePhone, domicilioDigitale: attested?.digitalAddress },
      ...{ nascita: { data: attested?.dateOfBirth }, domicilio: attested?.domicile },
      ...(await lastContacts(hall, cf)),
    },
    comune: { nome: hall.town.nome },
  })
}

/** What is known once the register was asked: with `anagrafe`, null when it does not know the person. Its answer is recorded under the draft. */
export async function askRegister(
  hall: TownHall,
  { person }: CitizenVisit,
  { id, owner, known }: Draft,
): Promise<string> {
  const resident = await hall.register(person.cf, id)
  if (resident !== null)
    await hall.practices.recordAccess({ at: new Date(), person: person.id, action: 'prefill', practice: id })
  const { comune, via, civico, famiglia } = resident ?? {}
  const answer = resident && { residenza: { comune, via, civico }, famiglia }
  const informed = JSON.stringify({ ...(JSON.parse(known) as object), [REGISTER]: answer })
  await hall.drafts.learn(id, owner, informed)
  return informed
}

export const isRegisterAsked = (known: string): boolean => Object.hasOwn(JSON.parse(known) as object, REGISTER)

/** Whether the register can fill in one of these. */
export const registerFills = (components: readonly Component[]): boolean =>
  components.some((component) => {
    if (component.type === 'group') return registerFills(component.components)
    const { source = '', prefill = '' } = component.properties
    return source.startsWith(REGISTER) || prefill.includes(`${REGISTER}.`)
  })

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
