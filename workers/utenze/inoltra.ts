/** `utenze.inoltra`: the change, forwarded to utilities on request of who declares it. */
import { tellsOffice } from '../rest/office.ts'
import type { RestTools } from '../rest/perform-call.ts'

export const forwardToUtilities = (tools: RestTools) =>
  tellsOffice(tools, {
    type: 'utenze.inoltra',
    title: 'Inoltra ai gestori delle utenze',
    purpose: 'Inoltra ai gestori di acqua, luce e gas il nuovo indirizzo, su richiesta di chi dichiara.',
    variable: 'utenze',
  })
