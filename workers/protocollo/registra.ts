/** `protocollo.registra`: a number for what came in or goes out (DPR 445/2000 art. 53), taken once however often the job runs. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { protocolEffects, type Registration, SETTLE_MS } from '../../connectors/protocollo/types.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'

/** Told before it is transformed: a schema's examples are of what is given to it. */
const optionalText = (told: z.GlobalMeta) =>
  z
    .string()
    .nullish()
    .meta(told)
    .transform((text) => text ?? undefined)
const DIRECTIONS = { IN: 'in arrivo', OUT: 'in partenza', INTERNO: 'interno' } as const

const input = z.object({
  pratica: practiceSchema,
  verso: z
    .enum(['IN', 'OUT', 'INTERNO'])
    .meta({ title: 'Verso', description: 'Se arriva, parte o resta.', choices: DIRECTIONS }),
  oggetto: z
    .string()
    .min(1)
    .meta({ title: 'Oggetto', description: 'Di che si tratta.', examples: ['Dichiarazione di residenza'] }),
  corrispondente: z
    .object({
      nome: z
        .string()
        .meta({ title: 'Nome', description: 'Nome e cognome, o denominazione.', examples: ['Mario Rossi'] }),
      codiceFiscale: optionalText({
        title: 'Codice fiscale',
        description: 'Codice fiscale.',
        examples: ['RSSMRA85C01G273I'],
      }),
      email: optionalText({
        title: 'E-mail',
        description: 'Indirizzo e-mail.',
        examples: ['mario.rossi@posta.example'],
      }),
    })
    .meta({
      title: 'Corrispondente',
      description: 'Chi manda o chi riceve.',
      feel: '{nome: richiedente.nome + " " + richiedente.cognome, codiceFiscale: richiedente.cf, email: richiedente.email}',
    }),
  /** What is registered: its digest goes into the register. */
  documento: z
    .unknown()
    .meta({ title: 'Documento', description: 'Che cosa si registra; nel registro ne va l’impronta.' }),
})
const protocolSchema = z.object({
  numero: z.string().meta({ title: 'Numero', description: 'Almeno sette cifre; ricomincia ogni anno.' }),
  anno: z.int().meta({ title: 'Anno', description: 'Anno di registrazione.' }),
  registro: z.string().meta({ title: 'Registro', description: 'Nome del registro.' }),
  data: z.string().meta({ title: 'Data', description: 'L’istante della registrazione, ISO 8601.' }),
})
const output = z.object({
  protocollo: protocolSchema.meta({ title: 'Protocollo', description: 'Il numero preso.' }),
})

const numberOf = ({ numero, anno, registro, data }: Registration): z.infer<typeof protocolSchema> => ({
  numero,
  anno,
  registro,
  data,
})

export const registerInProtocol = (
  { protocol, ledger }: Pick<Connectors, 'protocol' | 'ledger'>,
  settleMs = SETTLE_MS,
): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'protocollo.registra',
  title: 'Registra al protocollo',
  purpose: 'Prende un numero di protocollo per ciò che è arrivato o parte.',
  effect: protocolEffects.register,
  input,
  output,
  errors: {},
  async handle({ pratica, documento, ...entry }, job) {
    const riferimento = effectKey(pratica, job)
    const impronta = createHash('sha256')
      .update(JSON.stringify(documento ?? null))
      .digest('base64')
    const protocollo = await perform(ledger, {
      key: riferimento,
      operation: 'protocollo.registra',
      outcome: protocolSchema,
      class: protocolEffects.register,
      settleMs,
      find: async () => {
        const [found] = await protocol.find(riferimento)
        return found ? numberOf(found) : null
      },
      call: async () => numberOf(await protocol.register({ ...entry, riferimento, impronta })),
    })
    return { protocollo }
  },
})
