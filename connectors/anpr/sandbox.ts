/**
 * ANPR behind our port: a repeated idOperazioneClient returns the first answer, a person whose tax code is malformed is not in
 * the register. Its journal of calls counts reads as well, because some cases must make none.
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

const checkSchema = z.strictObject({ persone: z.array(z.string()) })
const changeSchema = z.strictObject({
  idOperazioneClient: z.string().min(1).max(255),
  persone: z.array(z.string()).min(1),
  decorrenza: z.iso.date(),
})

/** One line of the journal: a change made. */
export interface PopulationJournalEntry extends PopulationChange {
  readonly operazione: string
  readonly ricevuta: ChangeReceipt
}

export function start(options: SandboxOptions): Promise<Sandbox> {
  return startPlatform(options, populationService(journalOf(options, 'anpr'), options.now))
}

function populationService(journal: Journal<PopulationJournalEntry>, now: () => number): Platform {
  return {
    name: 'anpr',
    entries: journal.entries,
    operationOf: ({ url }) => url.pathname.slice(1),
    answer(operation, { body }) {
      if (operation === 'verifica') return check(body)
      if (operation === 'registra' || operation === 'ripristina') return change(journal, operation, body, now())
      return json(404, { errore: 'operazione sconosciuta' })
    },
  }
}

function check(body: Buffer): PlatformAnswer {
  const asked = checkSchema.safeParse(parseJson(body))
  if (!asked.success) return json(400, { errore: z.prettifyError(asked.error) })
  const esito = (cf: string) => (TAX_CODE.test(cf.toUpperCase()) ? 'PRESENTE' : 'NON_TROVATO')
  return json(
    200,
    asked.data.persone.map((cf) => ({ cf, esito: esito(cf) })),
  )
}

function change(
  journal: Journal<PopulationJournalEntry>,
  operazione: string,
  body: Buffer,
  now: number,
): PlatformAnswer {
  const asked = changeSchema.safeParse(parseJson(body))
  if (!asked.success) return json(400, { errore: z.prettifyError(asked.error) })
  const earlier = journal.entries.find((entry) => entry.idOperazioneClient === asked.data.idOperazioneClient)
  if (earlier) return json(200, earlier.ricevuta)
  if (!asked.data.persone.every((cf) => TAX_CODE.test(cf.toUpperCase())))
    return json(422, { errore: 'persona non presente in ANPR' })
  const ricevuta: ChangeReceipt = {
    idOperazione: String(journal.entries.length + 1),
    decorrenza: asked.data.decorrenza,
    data: new Date(now).toISOString(),
  }
  journal.append({ operazione, ...asked.data, ricevuta })
  return json(200, ricevuta)
}
