/**
 * Acts that a practice has made, as the procedures that it calls for them tell: number, day, how each was notified and from when it has effect
 * (L. 241/1990 art. 21-bis). Owns: reading an act from variables, showing it. Does not own: who may read it.
 */
import { z } from 'zod'
import { type Context, toJson, type Value } from '../../engine/feel/index.ts'
import type { MessageKey, Say } from './catalogue.ts'
import { dayIn } from './day.ts'
import { shown } from './form/display.ts'
import { valueAt } from './form/paths.ts'
import { type Html, html, type Part } from './html.ts'

interface Made {
  /** Where the act stands in the variables of the procedure. */
  readonly path: string
  /** What comes before its subject, as it is registered. */
  readonly title: string
}
/** The called procedures that make and notify them. */
const MADE_BY: ReadonlyMap<string, Made> = new Map([
  ['ca-provvedimento', { path: 'provvedimento', title: '' }],
  ['ca-preavviso', { path: 'preavviso', title: 'Preavviso di rigetto: ' }],
  ['ca-integrazione', { path: 'integrazione.richiesta', title: 'Richiesta di integrazione: ' }],
])
const SUBJECT = 'oggetto'
export const makesActs = (processId: string): boolean => MADE_BY.has(processId)
/** Of those procedures: the act, and what it is about. */
export const ACT_VARIABLES: readonly string[] = [
  ...[...MADE_BY.values()].map(({ path }) => path.split('.', 1)[0]!),
  SUBJECT,
]
/** Of a procedure that notifies its own outcome: act, registration, notification. */
export const OUTCOME_VARIABLES = ['atto', 'protocolloEsito', 'notifica'] as const

const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected an instant')
const notificationSchema = z.object({ mezzo: z.enum(['PEC', 'SEND', 'MESSO', 'ALTRO']), perfezionata: instant })
const registrationSchema = z.object({ numero: z.string(), anno: z.int(), data: instant })
const actSchema = z.object({
  documento: z.object({ id: z.string() }),
  protocollo: registrationSchema,
  notifica: notificationSchema.nullish(),
})
const outcomeSchema = z.object({
  atto: z.object({ id: z.string(), nome: z.string() }),
  protocolloEsito: registrationSchema,
  notifica: notificationSchema,
})

export type Notification = z.infer<typeof notificationSchema>

export interface Act {
  readonly name: string
  /** `number/year` of the register. */
  readonly number: string
  /** ISO instant of its registration. */
  readonly at: string
  readonly documentId: string
  /** Null while it is on its way. */
  readonly notification: Notification | null
}

/** Null before it is registered, and signed where it is: until then it is nobody's. */
export function actIn(processId: string, variables: Context): Act | null {
  const made = MADE_BY.get(processId)
  const subject = variables.get(SUBJECT)
  if (made === undefined || typeof subject !== 'string') return null
  const { data } = actSchema.safeParse(plain(valueAt(variables, made.path)))
  if (data === undefined) return null
  const { documento, protocollo, notifica } = data
  return {
    ...registered(protocollo),
    name: made.title + subject,
    documentId: documento.id,
    notification: notifica ?? null,
  }
}

/** One at most; none unless it was notified: not every outcome is. */
export function outcomeActsIn(variables: Context): readonly Act[] {
  const told = Object.fromEntries(OUTCOME_VARIABLES.map((name) => [name, plain(variables.get(name))]))
  const { data } = outcomeSchema.safeParse(told)
  if (data === undefined) return []
  const { atto, protocolloEsito, notifica } = data
  return [{ ...registered(protocolloEsito), name: atto.nome, documentId: atto.id, notification: notifica }]
}

const plain = (value: Value | undefined): unknown => JSON.parse(toJson(value ?? null))
const registered = ({ numero, anno, data }: z.infer<typeof registrationSchema>): Pick<Act, 'number' | 'at'> => ({
  number: `${numero}/${anno}`,
  at: data,
})

const means = {
  PEC: 'notifiedPec',
  SEND: 'notifiedSend',
  MESSO: 'notifiedMessenger',
  ALTRO: 'notifiedOther',
} as const satisfies Record<Notification['mezzo'], MessageKey>

/** How and when, and from which day it has effect. */
export function renderNotification(say: Say, notification: Notification | null): Html {
  if (notification === null) return html`<span class="d-block small">${say('notifying')}</span>`
  const { mezzo, perfezionata } = notification
  const day = dayIn(new Date(perfezionata))
  // In other forms it is known by the day.
  const at = mezzo === 'ALTRO' ? day : perfezionata
  return html`<span class="d-block small">${say(means[mezzo])} <time datetime="${at}">${shown(at)}</time>. ${say('effectiveFrom')} <time datetime="${day}">${shown(day)}</time>.</span>`
}

/** With its heading, oldest first; nothing while there is none. `open`: the address of a document. */
export function renderActs(say: Say, acts: readonly Act[], open: (documentId: string) => string): Part {
  if (acts.length === 0) return null
  const items = acts
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .map(
      (act) =>
        html`<li class="mb-3"><a class="fw-semibold" href="${open(act.documentId)}">${act.name}</a><span class="d-block small">${say('actNumber', { number: act.number })} <time datetime="${act.at}">${shown(act.at)}</time></span>${renderNotification(say, act.notification)}</li>`,
    )
  return html`<section class="mb-5" aria-labelledby="atti"><h2 class="h4" id="atti">${say('acts')}</h2><ul class="list-unstyled">${items}</ul></section>`
}
