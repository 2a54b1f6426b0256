/**
 * Client of C001 ("servizioNotifica" 1.0.0).
 * Invariant: the number of an operation (idOperazioneClient) is higher than that of any before, from whichever program. The ledger gives
 * it out; here questions go one at a time, so that they also arrive in that order; where another program was faster, ANPR says so
 * before doing anything, and the question is put again under a new number.
 */
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { Eservice, EserviceAnswer, Pdnd } from '../pdnd/types.ts'
import type { NationalRegister, RegisteredPerson, RegisterQuery } from './types.ts'

const PATH = '/anpr-service-e002'
const USE_CASE = 'C001'
/** The ledger's name for these numbers: ANPR counts per client of the exchange. */
const seriesOf = ({ purposeId }: Eservice): string => `anpr.${USE_CASE}.${purposeId}`
const NUMBERS_MAX = 3
const REFERENCE_CHARACTERS_MAX = 100
const ANOMALIES_MAX = 10
const ANOMALY_CHARACTERS_MAX = 200
/** Together with one call it stays below the time a job is given. */
const WAIT_MS_MAX = 25_000

const text = z.string().nullish()
const subjectSchema = z.object({
  generalita: z
    .object({
      codiceFiscale: z.object({ codFiscale: text }).nullish(),
      cognome: text,
      nome: text,
      dataNascita: text,
      soggettoAIRE: text,
    })
    .nullish(),
  residenza: z
    .array(
      z.object({
        indirizzo: z.object({ comune: z.object({ nomeComune: text, codiceIstat: text }).nullish() }).nullish(),
      }),
    )
    .nullish(),
})
const foundSchema = z.object({
  listaSoggetti: z.object({ datiSoggetto: z.array(subjectSchema).nullish() }).nullish(),
  listaAnomalie: z.array(z.object({ codiceErroreAnomalia: text, testoErroreAnomalia: text })).nullish(),
})
const refusedSchema = z.object({
  listaErrori: z.array(z.object({ codiceErroreAnomalia: text, campoErroreAnomalia: text })).min(1),
})

export interface NationalRegisterOptions {
  readonly exchange: Pdnd
  readonly eservice: Eservice
  readonly ledger: Pick<Ledger, 'nextNumber'>
  /** How long a question may wait for those before it. */
  readonly waitMs?: number
}

export function nationalRegister(options: NationalRegisterOptions): NationalRegister {
  const { waitMs = WAIT_MS_MAX } = options
  const inTurn = oneAtATime()
  return {
    find(query) {
      const since = performance.now()
      return inTurn(async () => {
        if (performance.now() - since > waitMs) throw new Unavailable('ANPR answers slowly, and others wait')
        return ask(options, query)
      })
    },
  }
}

async function ask(options: NationalRegisterOptions, query: RegisterQuery): Promise<RegisteredPerson | null> {
  for (let tries = 1; ; tries++) {
    const { status, text } = await callOnce(options, query)
    if (status === 200) return personIn(text, query.codiceFiscale)
    const faults = refusedSchema.safeParse(jsonIn(text))
    if (!faults.success) throw new Refused(String(status), `ANPR answered ${status} without saying why`)
    if (status === 404) return null
    const { listaErrori } = faults.data
    const isStale = listaErrori.some(({ campoErroreAnomalia }) => campoErroreAnomalia === 'idOperazioneClient')
    if (!isStale || tries >= NUMBERS_MAX) throw refusal(listaErrori.map((fault) => fault.codiceErroreAnomalia ?? '?'))
  }
}

async function callOnce(
  { exchange, eservice, ledger }: NationalRegisterOptions,
  { codiceFiscale, riferimento, data, userId }: RegisterQuery,
): Promise<EserviceAnswer> {
  const body = {
    idOperazioneClient: await ledger.nextNumber(seriesOf(eservice)),
    criteriRicerca: { codiceFiscale: codiceFiscale.toUpperCase() },
    datiRichiesta: {
      dataRiferimentoRichiesta: data,
      motivoRichiesta: riferimento.slice(0, REFERENCE_CHARACTERS_MAX),
      casoUso: USE_CASE,
    },
  }
  return exchange.call(eservice, { method: 'POST', path: PATH, body, userId, answers: [400, 404] })
}

/** Codes only: ANPR's texts repeat the values that were sent. */
const refusal = (codes: readonly string[]): Refused =>
  new Refused(
    codes[0] ?? '?',
    `Expected an answer of ANPR, but it refused: ${codes.join(', ')}. See ANPR's table of errors.`,
  )

function personIn(answer: string, codiceFiscale: string): RegisteredPerson | null {
  const found = foundSchema.safeParse(jsonIn(answer))
  if (!found.success) throw new UnknownOutcome('ANPR answered with something that is no person')
  const people = found.data.listaSoggetti?.datiSoggetto ?? []
  const [person] = people
  // A tax code names one person; two cards of one person are the registry offices' to sort out.
  if (person === undefined) return null
  const { generalita, residenza } = person
  const comune = residenza?.map(({ indirizzo }) => indirizzo?.comune).find((each) => each?.nomeComune)
  return {
    codiceFiscale: generalita?.codiceFiscale?.codFiscale ?? codiceFiscale,
    nome: generalita?.nome ?? null,
    cognome: generalita?.cognome ?? null,
    dataNascita: generalita?.dataNascita ?? null,
    residenza: comune ? { comune: comune.nomeComune ?? '', codiceIstat: comune.codiceIstat ?? '' } : null,
    isAbroad: generalita?.soggettoAIRE === 'S',
    anomalie: (found.data.listaAnomalie ?? [])
      .slice(0, ANOMALIES_MAX)
      .map(({ codiceErroreAnomalia: code, testoErroreAnomalia: words }) =>
        `${code ?? ''} ${words ?? ''}`.trim().slice(0, ANOMALY_CHARACTERS_MAX),
      ),
  }
}

/** Null when it is no JSON. */
function jsonIn(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return null
  }
}
