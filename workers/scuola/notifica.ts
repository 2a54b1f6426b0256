/** `scuola.notifica` and `scuola.annulla`: the new address of pupils, for the school services, and taking it back. */
import { takesBack, tellsOffice } from '../rest/office.ts'
import type { RestTools } from '../rest/perform-call.ts'

export const tellSchools = (tools: RestTools) =>
  tellsOffice(tools, {
    type: 'scuola.notifica',
    title: 'Avvisa i servizi scolastici',
    purpose: 'Comunica ai servizi scolastici il nuovo indirizzo dei figli in età scolare.',
    variable: 'scuola',
  })

export const annulSchools = (tools: RestTools) =>
  takesBack(tools, {
    type: 'scuola.annulla',
    title: 'Annulla l’avviso ai servizi scolastici',
    purpose: 'Annulla la variazione comunicata ai servizi scolastici.',
  })
