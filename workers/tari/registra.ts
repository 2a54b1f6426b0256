/** `tari.registra` and `tari.annulla`: the occupation of the dwelling for the waste tax (L. 147/2013 art. 1 c. 684), and taking it back. */
import { takesBack, tellsOffice } from '../rest/office.ts'
import type { RestTools } from '../rest/perform-call.ts'

export const registerOccupation = (tools: RestTools) =>
  tellsOffice(tools, {
    type: 'tari.registra',
    title: 'Registra la TARI',
    purpose: 'Comunica al servizio tributi l’occupazione dell’alloggio per la tassa sui rifiuti.',
    variable: 'tari',
  })

export const annulOccupation = (tools: RestTools) =>
  takesBack(tools, {
    type: 'tari.annulla',
    title: 'Annulla la TARI',
    purpose: 'Annulla l’occupazione comunicata al servizio tributi.',
  })
