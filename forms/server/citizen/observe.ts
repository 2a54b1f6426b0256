/** Observations on a pre-denial notice (L. 241/1990 art. 10-bis): a page, then message `osservazioni.ricevute`. */
import { type AwaitedLetter, askFor, send } from './awaited-letter.ts'
import { typedText } from './letter-page.ts'

const observations: AwaitedLetter = {
  path: 'osservazioni',
  title: 'observe',
  explanation: 'observeText',
  field: { name: 'testo', label: 'observations', rows: 8, max: 8_000, isRequired: true },
  send: 'observeSend',
  look: 'primary',
  message: 'osservazioni.ricevute',
  action: 'observe',
  without: { query: 'vuote', fault: 'observeEmpty' },
  variables(visit, ricevuteIl) {
    const testo = typedText(visit, observations)
    return testo === '' ? null : { osservazioni: { testo, ricevuteIl } }
  },
}

export const askObservations = askFor(observations)
export const observe = send(observations)
