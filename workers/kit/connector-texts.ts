/**
 * The files of a new connector: an example that works, to be changed into the platform it stands for. Owns their text. Does not own where
 * they go or the registry lines (new-connector.ts).
 */
import type { ConnectorNames } from './connector-names.ts'

/** Text by path. */
export const newFiles = (names: ConnectorNames): ReadonlyMap<string, string> =>
  new Map([
    [`connectors/${names.folder}/types.ts`, types(names)],
    [`connectors/${names.folder}/client.ts`, client(names)],
    [`connectors/${names.folder}/sandbox.ts`, sandbox(names)],
    [`workers/${names.area}/${names.action}.ts`, worker(names)],
    [`test/connectors/${names.folder}.test.ts`, contract(names)],
  ])

const types = ({
  title,
  port,
  key,
}: ConnectorNames) => `/** ${title}: what the platform can be asked, in its own words. */
import type { EffectClass } from '../effect.ts'

export interface ${port}Request {
  /** Ours, the same for each attempt: a repeat is recognised by it. */
  readonly riferimento: string
  readonly oggetto: string
}
export interface ${port}Receipt {
  /** The platform's own. */
  readonly id: string
  /** ISO instant. */
  readonly ricevutoIl: string
}

export interface ${port} {
  /** Throws \`Refused\`, \`Unavailable\` or \`UnknownOutcome\`. */
  send(request: ${port}Request): Promise<${port}Receipt>
}

/** How a repeat behaves; the contract test proves it. */
export const ${key}Effects = { send: 'keyed' } as const satisfies Record<keyof ${port}, EffectClass>
`

const client = ({ title, port, folder, key }: ConnectorNames) => `/** Client of ${title}. */
import { z } from 'zod'
import { UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import type { ${port}, ${port}Receipt } from './types.ts'

const receiptSchema = z.object({ id: z.string(), ricevutoIl: z.iso.datetime() })

export interface ${port}Address {
  readonly url: string
  readonly timeoutMs?: number
}

/** Connects to nothing yet. */
export function ${key}Client({ url, timeoutMs = 20_000 }: ${port}Address): ${port} {
  return {
    async send(request) {
      const { text } = await exchange({
        method: 'POST',
        url: new URL('/richieste', url),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        timeoutMs,
      })
      return understood(text)
    },
  }
}

/** An answer we cannot read says nothing about what was done. */
function understood(text: string): ${port}Receipt {
  try {
    return receiptSchema.parse(JSON.parse(text))
  } catch {
    throw new UnknownOutcome('${folder} answered with something that is not a receipt')
  }
}
`

const sandbox = ({
  title,
  port,
  folder,
}: ConnectorNames) => `/** Stands for ${title}: its states, its limits, its refusals. It recognises a repeat by our reference. */
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import {
  json,
  journalOf,
  type Platform,
  type PlatformAnswer,
  type PlatformCall,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import type { ${port}Receipt, ${port}Request } from './types.ts'

const requestSchema = z.strictObject({ riferimento: z.string().min(1), oggetto: z.string().min(1) })

/** One line of the journal: what was received, once. */
export type ${port}Entry = ${port}Request & ${port}Receipt

export const start = (options: SandboxOptions): Promise<Sandbox> =>
  startPlatform(options, platform(journalOf(options, '${folder}'), options.now))

function platform(journal: Journal<${port}Entry>, now: () => number): Platform {
  return {
    name: '${folder}',
    entries: journal.entries,
    operationOf: ({ method, url }) => (method === 'POST' && url.pathname === '/richieste' ? 'invia' : 'sconosciuta'),
    answer: (operation, call) =>
      operation === 'invia' ? receive(journal, now(), call) : json(404, { errore: 'operazione sconosciuta' }),
  }
}

function receive(journal: Journal<${port}Entry>, now: number, { body }: PlatformCall): PlatformAnswer {
  const asked = requestSchema.safeParse(parseJson(body))
  if (!asked.success) return json(400, { errore: z.prettifyError(asked.error) })
  const known = journal.entries.find(({ riferimento }) => riferimento === asked.data.riferimento)
  if (known) return json(200, { id: known.id, ricevutoIl: known.ricevutoIl })
  const receipt = { id: String(journal.entries.length + 1), ricevutoIl: new Date(now).toISOString() }
  journal.append({ ...asked.data, ...receipt })
  return json(201, receipt)
}
`

const worker = ({
  title,
  port,
  folder,
  key,
  job,
  factory,
}: ConnectorNames) => `/** \`${job}\`: one request to ${title}, made once however often the job runs. */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { type ${port}Receipt, ${key}Effects } from '../../connectors/${folder}/types.ts'
import { BpmnError, effectKey, practiceSchema, type Worker } from '../worker.ts'

const REFUSED = 'RICHIESTA_RIFIUTATA'

const input = z.object({
  pratica: practiceSchema,
  oggetto: z
    .string()
    .min(1)
    .meta({ title: 'Oggetto', description: 'Di che si tratta.', examples: ['Cambio di residenza'] }),
})
const receiptSchema = z.object({
  id: z.string().meta({ title: 'Identificativo', description: 'Come la piattaforma la chiama.' }),
  ricevutoIl: z.iso.datetime().meta({ title: 'Ricevuta il', description: 'L’istante di ricezione.' }),
}) satisfies z.ZodType<${port}Receipt>
const output = z.object({
  ricevuta: receiptSchema.meta({ title: 'Ricevuta', description: 'La risposta della piattaforma.' }),
})

export const ${factory} = ({
  ${key},
  ledger,
}: Pick<Connectors, '${key}' | 'ledger'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: '${job}',
  title: '${title}: invia',
  purpose: 'Manda una richiesta alla piattaforma.',
  effect: ${key}Effects.send,
  input,
  output,
  errors: { [REFUSED]: 'La piattaforma ha risposto di no' },
  async handle({ pratica, oggetto }, job) {
    const riferimento = effectKey(pratica, job)
    try {
      const ricevuta = await perform(ledger, {
        key: riferimento,
        operation: '${job}',
        outcome: receiptSchema,
        class: ${key}Effects.send,
        call: () => ${key}.send({ riferimento, oggetto }),
      })
      return { ricevuta }
    } catch (error) {
      throw error instanceof Refused ? new BpmnError(REFUSED, 'La piattaforma ha rifiutato la richiesta') : error
    }
  },
})
`

const contract = ({
  title,
  folder,
  key,
}: ConnectorNames) => `/** ${title}: client and sandbox against the platform's own specification, and the class of effect, proven. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { openPlatforms } from './platforms.ts'

const opened = await openPlatforms({ now: () => Date.parse('2027-03-01T09:00:00Z') })
const { journal, plan } = opened
const { ${key} } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

const request = (riferimento: string) => ({ riferimento, oggetto: 'Cambio di residenza' })

test('sending is keyed: a lost answer is resolved by the repeat', async () => {
  await plan('${key}', 'invia', 'drop-after')
  await assert.rejects(${key}.send(request('a')), UnknownOutcome)
  await ${key}.send(request('a'))
  assert.equal((await journal('${key}')).length, 1)
})

test('failures say what may have been done', async () => {
  await plan('${key}', 'invia', 'error-before')
  await assert.rejects(${key}.send(request('b')), Unavailable)
  await plan('${key}', 'invia', 'error-after')
  await assert.rejects(${key}.send(request('b')), UnknownOutcome)
  await assert.rejects(${key}.send({ riferimento: 'c', oggetto: '' }), Refused)
})

test('client and sandbox speak as the platform’s specification says', () => {
  assert.fail(
    [
      'Expected the contract of ${folder}, but it is not written yet. Write it here, then what it asks for:',
      '1. the platform’s words in connectors/${folder}/types.ts, with the class of each operation;',
      '2. its requests and answers in client.ts, its states, limits and refusals in sandbox.ts;',
      '3. in this test, what was sent and answered against its schema (test/connectors/specs.test.ts is an example).',
    ].join('\\n'),
  )
})
`
