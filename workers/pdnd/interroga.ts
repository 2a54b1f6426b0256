/**
 * `pdnd.interroga`: a question to an e-service of the national exchange that the town's configuration describes by name. A diagram
 * fills in values; which address, path and parameters there are is the configuration's, so that no diagram reaches further.
 */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { pdndEffects } from '../../connectors/pdnd/types.ts'
import type { EserviceQuestion, Town } from '../../processes/town.ts'
import { practiceWithReference } from '../practice-reference.ts'
import { requesterOf } from '../requester.ts'
import { BpmnError, parseExactly, type Worker } from '../worker.ts'

const PARAMETERS_MAX = 20
const PARAMETER_CHARACTERS_MAX = 500
const BODY_CHARACTERS_MAX = 64 * 1024
/** What comes back becomes a variable of the process. */
const ANSWER_CHARACTERS_MAX = 256 * 1024

const NOT_FOUND = 'PDND_NON_TROVATO'
const REFUSED = 'PDND_RIFIUTO'
/** By which an e-service says something about the question; any other failure is trouble, not an answer. */
const ANSWERS = [400, 404, 409, 422]

const input = z.object({
  pratica: practiceWithReference,
  interrogazione: z.string().meta({
    title: 'Interrogazione',
    description: 'Il suo nome nella configurazione del comune.',
    examples: ['inad.verifica'],
  }),
  parametri: z
    .record(z.string(), z.union([z.string().max(PARAMETER_CHARACTERS_MAX), z.number(), z.boolean()]))
    .nullish()
    .meta({
      title: 'Parametri',
      description: 'I valori che l’interrogazione chiede, per nome.',
      examples: [{ codice_fiscale: 'BNCLCU90E45G999C', digital_address: 'lucia.bianchi@pec.example' }],
    }),
  corpo: z
    .unknown()
    .optional()
    .meta({ title: 'Corpo', description: 'Ciò che si manda, per le interrogazioni che lo vogliono (POST).' }),
})
const output = z.object({
  risposta: z
    .unknown()
    .meta({ title: 'Risposta', description: 'Ciò che l’e-service risponde.', examples: [{ outcome: true }] }),
})

export const queryEservice = ({
  eservices,
  town,
}: Pick<Connectors, 'eservices'> & { readonly town: Town }): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'pdnd.interroga',
  title: 'Interroga un e-service',
  purpose: 'Pone a un e-service della PDND una delle interrogazioni configurate dal comune.',
  effect: pdndEffects.call,
  input,
  output,
  errors: {
    [NOT_FOUND]: 'L’e-service non conosce ciò che si cerca (404)',
    [REFUSED]: 'L’e-service rifiuta la richiesta (400, 409, 422)',
  },
  async handle({ pratica, interrogazione, parametri, corpo }, job) {
    const question = questionNamed(town, interrogazione)
    const values = new Map(Object.entries(parametri ?? {}).map(([name, value]) => [name, String(value)]))
    checkFit(question, values, corpo)
    const { status, text } = await eservices.ask({
      eservice: question.eservice,
      method: question.metodo,
      path: question.percorso.replaceAll(PLACE, (_, name: string) => encodeURIComponent(values.get(name) ?? '')),
      query: Object.fromEntries([...values].filter(([name]) => question.query.includes(name))),
      ...(question.metodo === 'POST' && { body: corpo ?? {} }),
      userId: requesterOf(town, pratica, job),
      answers: ANSWERS,
    })
    if (status === 404) throw new BpmnError(NOT_FOUND, 'L’e-service non conosce ciò che si cerca')
    if (ANSWERS.includes(status)) throw new BpmnError(REFUSED, `L’e-service ha rifiutato la richiesta (${status})`)
    return { risposta: answerIn(question, text) }
  },
})

const PLACE = /\{(\w+)\}/g

function questionNamed({ interrogazioni }: Town, name: string): EserviceQuestion {
  const found = interrogazioni.find(({ nome }) => nome === name)
  if (found) return found
  throw wrong(`to know the query ${name}`, 'the town has none of that name. Describe it among its interrogazioni.')
}

/** Nothing but a change of diagram or configuration would help: no attempt is repeated. */
const wrong = (verb: string, found: string): Refused => new Refused('CONFIGURAZIONE', `Expected ${verb}, but ${found}`)

/** Names places, never values. */
function checkFit(
  { nome, percorso, query, metodo }: EserviceQuestion,
  values: ReadonlyMap<string, string>,
  body: unknown,
) {
  const inPath = [...percorso.matchAll(PLACE)].map(([, name = '']) => name)
  // An empty part of a path, or one of dots, would be another path.
  const missing = inPath.filter((name) => /^\.{0,2}$/.test(values.get(name) ?? ''))
  const unknown = [...values.keys()].filter((name) => !inPath.includes(name) && !query.includes(name))
  if (missing.length > 0) throw wrong(`${nome} to have its parameters`, `${missing.join(', ')} is missing. Fill it in.`)
  if (unknown.length > 0 || values.size > PARAMETERS_MAX)
    throw wrong(`${nome} to have its own parameters`, `${unknown.slice(0, 3).join(', ')} is none. Leave it out.`)
  if (body === undefined || body === null) return
  if (metodo === 'GET') throw wrong(`${nome} to be sent without a body`, 'there is one. Leave corpo out.')
  if (JSON.stringify(body).length > BODY_CHARACTERS_MAX)
    throw wrong(`the body of ${nome} to be small`, `it has more than ${BODY_CHARACTERS_MAX} characters. Send less.`)
}

function answerIn({ nome }: EserviceQuestion, text: string): unknown {
  if (text.length > ANSWER_CHARACTERS_MAX)
    throw wrong(`a short answer to ${nome}`, `it has more than ${ANSWER_CHARACTERS_MAX} characters. Ask for less.`)
  try {
    return parseExactly(text)
  } catch {
    return text
  }
}
