/** What more is read of a practice: its number, by which other bodies are told of it, or its procedure, which gives it a class. */
import { z } from 'zod'
import { practiceSchema } from './worker.ts'

export const practiceWithReference = practiceSchema
  .extend({
    tipo: z
      .string()
      .nullish()
      .meta({ title: 'Tipo', description: 'Il procedimento.', examples: ['comune.anagrafe.residenza'] }),
    protocollo: z
      .object({
        numero: z.string().meta({ title: 'Numero', description: 'Numero di protocollo.', examples: ['0000001'] }),
        anno: z.int().meta({ title: 'Anno', description: 'Anno di protocollo.', examples: [2027] }),
      })
      .nullish()
      .meta({ title: 'Protocollo', description: 'Il numero preso all’arrivo, se c’è.' }),
  })
  .meta({ title: 'Pratica', description: 'La pratica in corso.' })

/** The number of protocol when it has one, else the id. */
export const referenceOf = ({ id, protocollo }: z.infer<typeof practiceWithReference>): string =>
  protocollo ? `${protocollo.numero}/${protocollo.anno}` : id

/** One whose procedure is known: the town's titolario gives it a class. */
export const classifiedPractice = practiceSchema
  .extend({
    tipo: z.string().meta({
      title: 'Tipo',
      description: 'Il procedimento, che dà la classifica.',
      examples: ['comune.anagrafe.residenza'],
    }),
  })
  .meta({ title: 'Pratica', description: 'La pratica in corso.' })
