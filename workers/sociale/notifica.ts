/** `sociale.notifica` and `sociale.annulla`: who arrived, for the social services, and taking it back. */
import { takesBack, tellsOffice } from '../rest/office.ts'
import type { RestTools } from '../rest/perform-call.ts'

export const tellSocialServices = (tools: RestTools) =>
  tellsOffice(tools, {
    type: 'sociale.notifica',
    title: 'Avvisa i servizi sociali',
    purpose: 'Comunica ai servizi sociali chi si è trasferito e dove.',
    variable: 'sociale',
  })

export const annulSocialServices = (tools: RestTools) =>
  takesBack(tools, {
    type: 'sociale.annulla',
    title: 'Annulla l’avviso ai servizi sociali',
    purpose: 'Annulla la variazione comunicata ai servizi sociali.',
  })
