/** Who speaks in a document: the town, its office and the person responsible. What a template finds without being given it. */
import type { Letterhead } from '../../connectors/documento/types.ts'
import type { Town } from '../../processes/town.ts'
import { legalDay } from '../termini/terms.ts'

export interface Voice {
  readonly letterhead: Letterhead
  readonly data: Readonly<Record<string, unknown>>
}

/** The office is the one named by its group, or the one of the procedure. */
export function voiceOf({ town, procedura, gruppo, at }: VoiceOptions): Voice {
  const { nome, sito, email, uffici, persone, procedimenti } = town
  const procedimento = procedimenti.find(({ id }) => id === procedura)
  const ufficio = uffici.find((office) => office.gruppo === (gruppo ?? procedimento?.ufficio))
  const responsabile = persone.find(({ id }) => id === procedimento?.responsabile)
  const addresses = [...new Set([ufficio?.email, email].filter((address) => address !== undefined))]
  return {
    letterhead: { ente: nome, ufficio: ufficio?.nome ?? null, recapiti: [`${addresses.join(' · ')} · ${sito}`] },
    data: {
      comune: { nome, sito, email },
      procedimento: procedimento && { nome: procedimento.nome },
      responsabile: responsabile && { nome: responsabile.nome, cognome: responsabile.cognome },
      ufficio: { nome: ufficio?.nome ?? nome, email: ufficio?.email ?? email },
      oggi: legalDay(new Date(at).toISOString()).toString(),
    },
  }
}

interface VoiceOptions {
  readonly town: Town
  /** The BPMN process id of the procedure. */
  readonly procedura: string
  readonly gruppo: string | null
  /** Epoch milliseconds, business time. */
  readonly at: number
}
