/** The administrator of the ordeal: where nothing but a person can tell what became of an effect, asks the recipient and says so on the page. */
import { Browser } from '../pages/browser.ts'
import { journalsIn } from './journals.ts'

const ADMINISTRATOR = 'Anna Moro'
const DESK = '/scrivania'
const DECIDE = 'Registra la decisione e prosegui'
const RETRY = 'Riprova'
/** No call that a town configures waits longer (processes/rest-calls.ts). Before, what was sent may be on its way to the recipient. */
const CALL_MS_MAX = 20_000
/** The program may be killed while a page is open, again and again. */
const TRYING_MS_MAX = 10 * 60_000

/** Resolves whether or not the decision arrived: while it has not, the incident is open and is decided again. */
export function deciderAt(pages: string, journals: string) {
  const browser = new Browser(pages)
  /** When each incident was seen first. */
  const seen = new Map<string, number>()
  let failingSince: number | null = null

  const isDone = (practice: string): boolean =>
    journalsIn(journals).uffici.some(
      (line) => line.operazione === 'registra' && line.servizio === 'utenze' && line.pratica === practice,
    )
  /** Signed in only where that is asked for: sign-ins are few for each address and minute. */
  async function openAtDesk(address: string): Promise<void> {
    await browser.open(address)
    if (browser.path.startsWith(DESK)) return
    await browser.signIn(ADMINISTRATOR)
    await browser.open(address)
  }
  async function decide(incidentKey: string, practice: string): Promise<void> {
    await openAtDesk(`${DESK}/problemi/${incidentKey}/decidi`)
    if (browser.has(DECIDE))
      await browser.press(DECIDE, {
        ...{ esito: isDone(practice) ? 'fatto' : 'non-fatto', verifica: 'Chiesto al destinatario', dati: '{}' },
      })
    // The decision was kept, and the program killed before it went on.
    else if (browser.has(RETRY)) await browser.press(RETRY)
    if (browser.status >= 400) throw new Error('refused')
  }
  return async (incidentKey: string, practice: string): Promise<void> => {
    const first = seen.get(incidentKey) ?? performance.now()
    seen.set(incidentKey, first)
    if (performance.now() - first < CALL_MS_MAX) return
    try {
      await decide(incidentKey, practice)
      failingSince = null
    } catch (error) {
      failingSince ??= performance.now()
      if (performance.now() - failingSince < TRYING_MS_MAX) return
      const page = `${browser.status} at ${browser.address}: ${browser.text.slice(0, 300)}`
      throw new Error(`Expected to decide incident ${incidentKey} of ${practice}, but found ${page}`, { cause: error })
    }
  }
}
