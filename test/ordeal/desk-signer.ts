/** The manager of the ordeal: signs what waits, many acts with one code, on the pages of the desk. */
import { Browser } from '../pages/browser.ts'
import { TOGETHER } from './acts.ts'
import { type Codes, mistyped } from './codes.ts'

const ACTS = '/scrivania/firme'
const CHOOSE = 'Firma gli atti scelti'
const WRITE = 'Scrivi il codice'
const ANOTHER = 'Mandami un altro codice'
const SIGN = /Firma \d+ atti/
const IS_OVER = /Firmati \d+ atti su \d+/
/** So many acts make a batch; fewer are signed when no more have come by so many looks. A batch that takes longer is not waited for. */
const BATCH_MIN = 3
const LOOKS = 8
/** The program may be killed while a page is open, again and again. */
const TRYING_MS_MAX = 10 * 60_000

/** Looks once, and does what there is to do; resolves with whether anything was done. */
export function managerAt(pages: string, codes: Codes): () => Promise<boolean> {
  const browser = new Browser(pages)
  let looks = 0
  let batch: string | null = null
  let hasMistyped = false
  let failingSince: number | null = null

  async function openAtDesk(address: string): Promise<void> {
    await browser.open(address)
    if (browser.path === address) return
    await browser.signIn(TOGETHER.name)
    await browser.open(address)
    if (browser.status >= 400) throw new Error('refused')
  }
  async function look(): Promise<boolean> {
    if (codes.isLocked(TOGETHER.id)) return false
    if (batch !== null) return follow(batch)
    await openAtDesk(ACTS)
    if (browser.markup.includes(WRITE)) return begun(browser.linkTo(WRITE))
    return browser.has(CHOOSE) && choose()
  }
  function begun(address: string): true {
    batch = address
    looks = 0
    return true
  }
  async function choose(): Promise<boolean> {
    const acts = [...browser.markup.matchAll(/name="atto"/g)].length
    if (acts === 0 || (acts < BATCH_MIN && ++looks < LOOKS)) return false
    await browser.press(CHOOSE, { atto: true })
    return begun(browser.path)
  }
  async function follow(address: string): Promise<boolean> {
    await openAtDesk(address)
    if (browser.has(ANOTHER)) return write()
    if (!IS_OVER.test(browser.text) && ++looks < LOOKS) return false
    batch = null
    looks = 0
    return true
  }
  async function write(): Promise<boolean> {
    const sign = SIGN.exec(browser.markup)?.[0]
    const code = codes.fresh(TOGETHER.id)
    if (sign === undefined || code === null) return browser.press(ANOTHER).then(() => true)
    const isWrong = !hasMistyped && codes.mayMistype(TOGETHER.id)
    hasMistyped = true
    looks = 0
    codes.note(TOGETHER.id, code)
    await browser.press(sign, { otp: isWrong ? mistyped(code) : code })
    return true
  }
  return async () => {
    try {
      const done = await look()
      failingSince = null
      return done
    } catch (error) {
      failingSince ??= performance.now()
      if (performance.now() - failingSince < TRYING_MS_MAX) return false
      const page = `${browser.status} at ${browser.address}: ${browser.text.slice(0, 300)}`
      throw new Error(`Expected to sign the acts that wait, but found ${page}`, { cause: error })
    }
  }
}
