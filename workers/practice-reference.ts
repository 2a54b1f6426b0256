/** A practice as other bodies are told of it: its number of protocol when it has one, else its id. */
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

export const referenceOf = ({ id, protocollo }: z.infer<typeof practiceWithReference>): string =>
  protocollo ? `${protocollo.numero}/${protocollo.anno}` : id
