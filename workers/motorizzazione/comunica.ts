/** `motorizzazione.comunica` and `motorizzazione.annulla`: the new address for licences and vehicles, and taking it back. */
import { takesBack, tellsOffice } from '../rest/office.ts'
import type { RestTools } from '../rest/perform-call.ts'

export const tellVehicleRegister = (tools: RestTools) =>
  tellsOffice(tools, {
    type: 'motorizzazione.comunica',
    title: 'Avvisa la Motorizzazione',
    purpose: 'Comunica alla Motorizzazione il nuovo indirizzo per patenti e veicoli.',
    variable: 'motorizzazione',
  })

export const annulVehicleRegister = (tools: RestTools) =>
  takesBack(tools, {
    type: 'motorizzazione.annulla',
    title: 'Annulla l’avviso alla Motorizzazione',
    purpose: 'Annulla la variazione comunicata alla Motorizzazione.',
  })
