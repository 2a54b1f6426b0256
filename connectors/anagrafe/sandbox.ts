/**
 * A town's demographic software behind our port: a repeated reference returns the first answer, a person whose tax code is malformed
 * cannot be registered.
 */
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import type { ChangeReceipt, PopulationChange } from './types.ts'

const TAX_CODE = /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/

const changeSchema = z.strictObject({
  riferimento: z.string().min(1).max(255),
  persone: z.array(z.string()).min(1),
  decorrenza: z.iso.date(),
})

/** One line of the journal: a change made. */
export interface PopulationJournalEntry extends PopulationChange {
  readonly operazione: string
  readonly ricevuta: ChangeReceipt
}

export function start(options: SandboxOptions): Promise<Sandbox> {
  return startPlatform(options, populationService(journalOf(options, 'anagrafe'), options.now))
}

function populationService(journal: Journal<PopulationJournalEntry>, now: () => number): Platform {
  return {
    name: 'anagrafe',
    entries: journal.entries,
    operationOf: ({ url }) => url.pathname.slice(1),
    answer(operation, { body }) {
      if (operation === 'registra' || operation === 'ripristina') return change(journal, operation, body, now())
      return json(404, { errore: 'operazione sconosciuta' })
    },
  }
}

function change(
  journal: Journal<PopulationJournalEntry>,
  operazione: string,
  body: Buffer,
  now: number,
): PlatformAnswer {
  const asked = changeSchema.safeParse(parseJson(body))
  if (!asked.success) return json(400, { errore: z.prettifyError(asked.error) })
  const earlier = journal.entries.find(({ riferimento }) => riferimento === asked.data.riferimento)
  if (earlier) return json(200, earlier.ricevuta)
  if (!asked.data.persone.every((cf) => TAX_CODE.test(cf.toUpperCase())))
    return json(422, { errore: 'persona non iscrivibile: codice fiscale errato' })
  const ricevuta: ChangeReceipt = {
    idOperazione: String(journal.entries.length + 1),
    decorrenza: asked.data.decorrenza,
    data: new Date(now).toISOString(),
  }
  journal.append({ operazione, ...asked.data, ricevuta })
  return json(200, ricevuta)
}
