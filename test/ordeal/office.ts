/** The administrator of the ordeal: where nothing but a person can tell what became of an effect, asks the recipient and says so on the page. */
import { Browser } from '../pages/browser.ts'
import { journalsIn } from './journals.ts'

const ADMINISTRATOR = 'Anna Moro'
/** The program may be killed while the page is open. */
const TRIES_MAX = 30

/** Resolves whether or not the decision arrived: while it has not, the incident is open and is decided again. */
export function deciderAt(pages: string, journals: string) {
  let tries = 0
  return async (incidentKey: string, practice: string): Promise<void> => {
    const isDone = journalsIn(journals).uffici.some(
      (line) => line.operazione === 'registra' && line.servizio === 'utenze' && line.pratica === practice,
    )
    const browser = new Browser(pages)
    try {
      await browser.signIn(ADMINISTRATOR)
      await browser.open(`/scrivania/problemi/${incidentKey}/decidi`)
      await browser.press('Registra la decisione e prosegui', {
        ...{ esito: isDone ? 'fatto' : 'non-fatto', verifica: 'Chiesto al destinatario', dati: '{}' },
      })
      tries = 0
    } catch (error) {
      if (++tries > TRIES_MAX)
        throw new Error(`Expected to decide, but found ${browser.status} ${browser.text}`, { cause: error })
    }
  }
}
