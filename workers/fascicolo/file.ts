/**
 * `fascicolo.crea|aggiungi|chiudi`: the file of a practice (DPR 445/2000 art. 64), under the class that the town's configuration
 * gives its procedure. One practice has one file: asked for again, it is the same.
 */
import { z } from 'zod'
import { type EffectClass, Unsettled } from '../../connectors/effect.ts'
import { EMERGENCY_REGISTER } from '../../connectors/emergenza/register.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { type ProtocolFile, protocolEffects, SETTLE_MS } from '../../connectors/protocollo/types.ts'
import type { Town } from '../../processes/town.ts'
import { classifiedPractice } from '../practice-reference.ts'
import { PROTOCOL_DOWN, protocolDownWhen, unlessDown } from '../protocollo/number.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'

/** As often as the protocol is tried while it is down. */
const AGAIN_IN_MS = 15 * 60_000

type Tools = Pick<Connectors, 'protocol' | 'ledger'>

const code = z.string().meta({ title: 'Codice', description: 'Codice del fascicolo.', examples: ['2027-XI.2-1'] })
const fileSchema = z.object({
  codice: code,
  classifica: z.string().meta({ title: 'Classifica', description: 'Voce del titolario.' }),
  oggetto: z.string().meta({ title: 'Oggetto', description: 'Di che tratta.' }),
  anno: z.int().meta({ title: 'Anno', description: 'Anno di apertura.' }),
  chiuso: z.string().nullable().meta({ title: 'Chiuso', description: 'Quando è stato chiuso, ISO 8601.' }),
})
const output = z.object({
  fascicolo: fileSchema.meta({ title: 'Fascicolo', description: 'Il fascicolo della pratica.' }),
})
type FileOutput = z.infer<typeof output>

const fileReference = z
  .object({ codice: code })
  .meta({ title: 'Fascicolo', description: 'Il fascicolo della pratica.', feel: 'pratica.fascicolo' })
const openingSchema = z.object({
  pratica: classifiedPractice,
  oggetto: z
    .string()
    .min(1)
    .nullish()
    .meta({
      title: 'Oggetto',
      description: 'Di che tratta il fascicolo; se manca, il nome del procedimento.',
      examples: ['Cambio di residenza'],
    }),
})
const additionSchema = z.object({
  pratica: practiceSchema,
  fascicolo: fileReference,
  protocollo: z
    .object({
      numero: z.string().meta({ title: 'Numero', description: 'Numero di protocollo.', examples: ['0000001'] }),
      anno: z.int().meta({ title: 'Anno', description: 'Anno di protocollo.', examples: [2027] }),
      registro: z.string().meta({ title: 'Registro', description: 'Registro.', examples: ['PROTOCOLLO'] }),
    })
    .meta({ title: 'Protocollo', description: 'La registrazione che entra.', feel: 'pratica.protocollo' }),
})
const closingSchema = z.object({ pratica: practiceSchema, fascicolo: fileReference })

const outcome = (file: ProtocolFile): z.infer<typeof fileSchema> => fileSchema.parse(file)

export const openPracticeFile = (
  { protocol, ledger }: Tools,
  town: Town,
  settleMs = SETTLE_MS,
): Worker<z.infer<typeof openingSchema>, FileOutput> => ({
  type: 'fascicolo.crea',
  title: 'Apri il fascicolo',
  purpose: 'Apre il fascicolo della pratica, con la classifica del procedimento.',
  effect: protocolEffects.openFile,
  input: openingSchema,
  output,
  errors: { [PROTOCOL_DOWN]: protocolDownWhen },
  async handle({ pratica, oggetto }, job) {
    const { classifica, nome } = procedureOf(town, pratica.tipo)
    const opening = { riferimento: `${pratica.id}/fascicolo`, classifica, oggetto: oggetto ?? nome }
    const find = async () => {
      const found = await protocol.findFile(opening.riferimento)
      return found && outcome(found)
    }
    const fascicolo = await unlessDown(job, {}, () =>
      perform(ledger, {
        ...{ key: opening.riferimento, operation: 'fascicolo.crea', outcome: fileSchema, settleMs, find },
        class: protocolEffects.openFile,
        call: async () => outcome(await protocol.openFile(opening)),
      }),
    )
    return { fascicolo }
  },
})

function procedureOf({ procedimenti }: Town, tipo: string): Town['procedimenti'][number] {
  const procedure = procedimenti.find(({ id }) => id === tipo)
  if (procedure) return procedure
  throw new Error(
    `Expected a class for the files of ${tipo}, but the town has none. Add the procedure to its configuration.`,
  )
}

interface Change {
  readonly type: string
  readonly title: string
  readonly purpose: string
  readonly effect: EffectClass & 'keyed'
}

/** Both changes of a file are recognised when repeated. */
const changed = <In extends { readonly pratica: z.infer<typeof practiceSchema> }>(
  { protocol, ledger }: Tools,
  change: Change,
  input: z.ZodType<In>,
  act: (protocol: Tools['protocol'], variables: In) => Promise<ProtocolFile>,
): Worker<In, FileOutput> => ({
  ...{ ...change, input, output },
  errors: { [PROTOCOL_DOWN]: protocolDownWhen },
  handle: (variables, job) =>
    unlessDown(job, {}, async () => ({
      fascicolo: await perform(ledger, {
        ...{
          key: effectKey(variables.pratica, job),
          operation: change.type,
          outcome: fileSchema,
          class: change.effect,
        },
        call: async () => outcome(await act(protocol, variables)),
      }),
    })),
})

export const addToPracticeFile = ({ emergency, ...tools }: Tools & Pick<Connectors, 'emergency'>) =>
  changed(
    tools,
    {
      type: 'fascicolo.aggiungi',
      title: 'Inserisci nel fascicolo',
      purpose: 'Inserisce una registrazione di protocollo nel fascicolo della pratica.',
      effect: protocolEffects.addToFile,
    },
    additionSchema,
    async (protocol, { fascicolo, protocollo: { numero, anno, registro } }) => {
      if (registro !== EMERGENCY_REGISTER) return protocol.addToFile(fascicolo.codice, { numero, anno })
      const entry = await emergency.find(anno, numero)
      if (entry?.definitivo) return protocol.addToFile(fascicolo.codice, entry.definitivo)
      throw new Unsettled('the re-registration of an emergency entry', AGAIN_IN_MS)
    },
  )

export const closePracticeFile = (tools: Tools) =>
  changed(
    tools,
    {
      type: 'fascicolo.chiudi',
      title: 'Chiudi il fascicolo',
      purpose: 'Chiude il fascicolo della pratica: da qui in poi non vi entra più nulla.',
      effect: protocolEffects.closeFile,
    },
    closingSchema,
    (protocol, { fascicolo }) => protocol.closeFile(fascicolo.codice),
  )
