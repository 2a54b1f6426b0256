/** The citizen's addresses. */
import type { Route } from '../page.ts'
import { declare } from './declare.ts'
import { askObservations, observe } from './observe.ts'
import { downloadReceipt, listPractices, PRACTICES, showPractice, showReceipt } from './practices.ts'
import { notice, showService, showServices } from './service-sheet.ts'
import { askWithdrawal, withdraw } from './withdraw.ts'

export const citizenRoutes: readonly Route[] = [
  { method: 'get', path: '/', access: 'anyone', answer: showServices },
  { method: 'get', path: '/servizi/:key', access: 'anyone', answer: showService },
  { method: 'get', path: '/privacy', access: 'anyone', answer: notice('privacy', 'privacyText') },
  { method: 'get', path: '/accessibilita', access: 'anyone', answer: notice('accessibility', 'accessibilityText') },
  { method: 'get', path: '/servizi/:key/richiesta', access: 'citizen', answer: declare },
  { method: 'post', path: '/servizi/:key/richiesta', access: 'citizen', answer: declare },
  { method: 'get', path: PRACTICES, access: 'citizen', answer: listPractices },
  { method: 'get', path: `${PRACTICES}/:key`, access: 'citizen', answer: showPractice },
  { method: 'get', path: `${PRACTICES}/:key/ricevuta`, access: 'citizen', answer: showReceipt },
  { method: 'get', path: `${PRACTICES}/:key/ricevuta.txt`, access: 'citizen', answer: downloadReceipt },
  { method: 'get', path: `${PRACTICES}/:key/osservazioni`, access: 'citizen', answer: askObservations },
  { method: 'post', path: `${PRACTICES}/:key/osservazioni`, access: 'citizen', answer: observe },
  { method: 'get', path: `${PRACTICES}/:key/rinuncia`, access: 'citizen', answer: askWithdrawal },
  { method: 'post', path: `${PRACTICES}/:key/rinuncia`, access: 'citizen', answer: withdraw },
]
