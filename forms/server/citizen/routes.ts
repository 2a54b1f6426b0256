/** The citizen's addresses. */
import type { Route } from '../page.ts'
import { showArea, showDeadlines } from './area.ts'
import { AREA, DEADLINES } from './area-frame.ts'
import { askDeletion, DRAFTS, deleteDraft } from './drafts.ts'
import { askExtension, extend } from './extend.ts'
import { APPOINTMENT, notice, showAccessibility, showAppointment, showFault, showQuestions } from './help.ts'
import { answerIntegration, askIntegration } from './integration.ts'
import { listMessages, showMessage } from './message-pages.ts'
import { MESSAGES } from './messages.ts'
import { askObservations, observe } from './observe.ts'
import { PRACTICES } from './own-practice.ts'
import { PAY, payOnline } from './payment.ts'
import { downloadAccount, downloadPaid, listPractices, PAID, showPractice } from './practices.ts'
import { askRating, rate } from './rating.ts'
import { downloadReceipt, showReceipt } from './receipt.ts'
import { request } from './request.ts'
import { showService, showServices } from './service-sheet.ts'
import { askWithdrawal, withdraw } from './withdraw.ts'

export const citizenRoutes: readonly Route[] = [
  { method: 'get', path: '/', access: 'anyone', answer: showServices },
  { method: 'get', path: '/servizi/:key', access: 'anyone', answer: showService },
  { method: 'get', path: '/servizi/:key/valutazione', access: 'anyone', answer: askRating },
  { method: 'post', path: '/servizi/:key/valutazione', access: 'anyone', answer: rate },
  { method: 'get', path: '/privacy', access: 'anyone', answer: notice('privacy', 'privacyText') },
  { method: 'get', path: '/note-legali', access: 'anyone', answer: notice('legalNotes', 'legalNotesText') },
  { method: 'get', path: '/accessibilita', access: 'anyone', answer: showAccessibility },
  { method: 'get', path: '/domande-frequenti', access: 'anyone', answer: showQuestions },
  { method: 'get', path: APPOINTMENT, access: 'anyone', answer: showAppointment },
  { method: 'get', path: '/disservizio', access: 'anyone', answer: showFault },
  { method: 'get', path: '/servizi/:key/richiesta', access: 'citizen', answer: request },
  { method: 'post', path: '/servizi/:key/richiesta', access: 'citizen', answer: request },
  { method: 'get', path: AREA, access: 'citizen', answer: showArea },
  { method: 'get', path: DEADLINES, access: 'citizen', answer: showDeadlines },
  { method: 'get', path: MESSAGES, access: 'citizen', answer: listMessages },
  { method: 'get', path: `${MESSAGES}/:key`, access: 'citizen', answer: showMessage },
  { method: 'get', path: `${DRAFTS}/:key/elimina`, access: 'citizen', answer: askDeletion },
  { method: 'post', path: `${DRAFTS}/:key/elimina`, access: 'citizen', answer: deleteDraft },
  { method: 'get', path: PRACTICES, access: 'citizen', answer: listPractices },
  { method: 'get', path: `${PRACTICES}/:key`, access: 'citizen', answer: showPractice },
  { method: 'get', path: `${PRACTICES}/:key/conto.csv`, access: 'citizen', answer: downloadAccount },
  { method: 'get', path: `${PRACTICES}/:key/${PAID}`, access: 'citizen', answer: downloadPaid },
  { method: 'get', path: `${PRACTICES}/:key/ricevuta`, access: 'citizen', answer: showReceipt },
  { method: 'get', path: `${PRACTICES}/:key/ricevuta.txt`, access: 'citizen', answer: downloadReceipt },
  { method: 'get', path: `${PRACTICES}/:key/integrazione`, access: 'citizen', answer: askIntegration },
  { method: 'post', path: `${PRACTICES}/:key/integrazione`, access: 'citizen', answer: answerIntegration },
  { method: 'get', path: `${PRACTICES}/:key/osservazioni`, access: 'citizen', answer: askObservations },
  { method: 'post', path: `${PRACTICES}/:key/osservazioni`, access: 'citizen', answer: observe },
  { method: 'get', path: `${PRACTICES}/:key/${PAY}`, access: 'citizen', answer: payOnline },
  { method: 'get', path: `${PRACTICES}/:key/proroga`, access: 'citizen', answer: askExtension },
  { method: 'post', path: `${PRACTICES}/:key/proroga`, access: 'citizen', answer: extend },
  { method: 'get', path: `${PRACTICES}/:key/rinuncia`, access: 'citizen', answer: askWithdrawal },
  { method: 'post', path: `${PRACTICES}/:key/rinuncia`, access: 'citizen', answer: withdraw },
]
