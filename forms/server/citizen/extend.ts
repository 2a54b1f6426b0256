/** Asking for more days of what was granted: a page, then message `proroga.richiesta`, which the procedure that goes on waits for. */
import { type AwaitedLetter, askFor, send } from './awaited-letter.ts'
import { typedDay, typedText } from './letter-page.ts'

const extension: AwaitedLetter = {
  path: 'proroga',
  title: 'extend',
  explanation: 'extendText',
  day: { name: 'al', label: 'extendDay' },
  field: { name: 'motivo', label: 'extendReason', rows: 3, max: 2_000, isRequired: false },
  send: 'extendSend',
  look: 'primary',
  message: 'proroga.richiesta',
  action: 'extend',
  without: { query: 'senza-giorno', fault: 'extendNoDay' },
  variables(visit, ricevutaIl) {
    const [al, motivo] = [typedDay(visit, extension), typedText(visit, extension)]
    return al === '' ? null : { proroga: { al, ricevutaIl, ...(motivo !== '' && { motivo }) } }
  },
}

export const askExtension = askFor(extension)
export const extend = send(extension)
