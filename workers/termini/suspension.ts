/**
 * The legal clock stops and goes on (L. 241/1990 art. 2 c. 7, art. 10-bis): counting rules 6 and 8.
 *
 * Owns: what is left of a term when it stops, and where it ends once it goes on. Does not own: counting from the receipt (terms.ts).
 * Invariants
 * T5 A stop keeps the days that are left; the clock resumes, it never starts again.
 * T6 Sums use the day before it rolled; only the end that results rolls.
 * T7 Alarms that have sounded are gone; the others move as many days as the clock stood. They never roll, nor does what moves them.
 */
import { z } from 'zod'
import type { TownCalendar } from '../../processes/town.ts'
import { countedSchema, LEGAL_TIME_ZONE, legalDay, type Term, term } from './terms.ts'

const alarmSchema = z.looseObject({
  istante: z.iso.datetime({ offset: true }).meta({ title: 'Istante', description: 'Quando suona.' }),
})
const day = z.iso.date()
const cause = z.string().meta({ title: 'Causa', description: 'Perché si è fermato.', examples: ['INTEGRAZIONE'] })
const stopSchema = z.object({
  dal: day.meta({ title: 'Dal', description: 'Il giorno in cui si è fermato.' }),
  restano: z.int().meta({ title: 'Restano', description: 'I giorni che mancavano.' }),
  causa: cause,
})
const pauseSchema = z.object({
  dal: day.meta({ title: 'Dal', description: 'Il giorno in cui si è fermato.' }),
  al: day.meta({ title: 'Al', description: 'Il giorno in cui è ripartito.' }),
  causa: cause,
})

/** As the procedure keeps it; what else it knows of its term passes through. */
export const runningTermSchema = z.looseObject({
  inizio: day.meta({ title: 'Inizio', description: 'Il giorno di ricezione.' }),
  giorni: z
    .int()
    .min(0)
    .meta({ title: 'Giorni', description: 'Quanti giorni dura.', examples: [45] }),
  tipo: z
    .enum(['calendario', 'lavorativi'])
    .meta({ title: 'Computo', description: 'Giorni di calendario o giorni lavorativi.' }),
  scadenza: day.meta({ title: 'Scadenza', description: 'L’ultimo giorno utile.', examples: ['2027-04-15'] }),
  effetto: z.iso.datetime({ offset: true }).meta({
    title: 'Effetto',
    description: 'L’istante in cui scade.',
    examples: ['2027-04-15T22:00:00Z'],
  }),
  contato: countedSchema,
  sospensioni: z.array(pauseSchema).meta({ title: 'Sospensioni', description: 'Quelle già finite.' }),
  /** Null while it runs. */
  sospeso: stopSchema.nullish().meta({ title: 'Sospeso', description: 'Da quando sta fermo; null mentre decorre.' }),
  allarmi: z.array(alarmSchema).default([]).meta({ title: 'Allarmi', description: 'Gli avvisi prima della scadenza.' }),
})
export type RunningTerm = z.infer<typeof runningTermSchema>

const plainDay = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text)
/** Of a day or an instant: the day in Rome. */
export const dayOf = (text: string): Temporal.PlainDate => (text.includes('T') ? legalDay(text) : plainDay(text))
const daysBetween = (from: Temporal.PlainDate, to: Temporal.PlainDate): number =>
  from.until(to, { largestUnit: 'days' }).days

/** Stops the clock on that day. Throws when it stands already, or counts working days, of which no law suspends any. */
export function suspended(running: RunningTerm, from: Temporal.PlainDate, causa: string): RunningTerm {
  if (running.sospeso) throw new Error(`Expected a running term, but it has stood still since ${running.sospeso.dal}`)
  if (running.tipo !== 'calendario')
    throw new Error('Expected a term of calendar days, but a term of working days is not suspended')
  const stopped = running.sospensioni.reduce((days, { dal, al }) => days + daysBetween(plainDay(dal), plainDay(al)), 0)
  const end = plainDay(running.inizio).add({ days: running.giorni + stopped })
  const restano = Math.max(daysBetween(from, end), 0)
  const day = from.toZonedDateTime(LEGAL_TIME_ZONE).add({ days: 1 }).toInstant()
  return {
    ...running,
    sospeso: { dal: from.toString(), restano, causa },
    allarmi: running.allarmi.filter(
      ({ istante }) => Temporal.Instant.compare(Temporal.Instant.from(istante), day) >= 0,
    ),
  }
}

/** The clock goes on from that day with the days that are left. Throws when it runs already. */
export function resumed(stopped: RunningTerm, from: Temporal.PlainDate, calendar: TownCalendar): RunningTerm {
  const { sospeso } = stopped
  if (!sospeso) throw new Error('Expected a suspended term, but it is running')
  const rule = { giorni: sospeso.restano, computo: 'calendario', slitta: true, momento: 'fine' } as const
  const end: Term = term(from, rule, calendar)
  const moved = daysBetween(plainDay(stopped.contato.giorno), plainDay(end.contato.giorno))
  const later = (instant: string): string =>
    Temporal.Instant.from(instant).toZonedDateTimeISO(LEGAL_TIME_ZONE).add({ days: moved }).toInstant().toString()
  return {
    ...stopped,
    scadenza: end.giorno,
    effetto: end.istante,
    contato: end.contato,
    sospeso: null,
    sospensioni: [...stopped.sospensioni, { dal: sospeso.dal, al: from.toString(), causa: sospeso.causa }],
    allarmi: stopped.allarmi.map((alarm) => ({ ...alarm, istante: later(alarm.istante) })),
  }
}
