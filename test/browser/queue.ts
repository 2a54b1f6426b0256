/** What every clerk does at the desk, whatever the procedure: arrives, finds the task in the queue, claims it, completes it. */
import { type Hand, sees, seesInTime } from './hand.ts'

export interface Stage {
  /** Of the pages. */
  readonly url: string
  /** A window that nobody has used yet, and a hand in it. */
  newHand(): Promise<Hand>
}

export async function arrive({ url, newHand }: Stage, name: string, path: string): Promise<Hand> {
  const hand = await newHand()
  await hand.page.goto(url + path)
  if (/\/accedi|\/persone/.test(hand.page.url())) await hand.go(`Entra come ${name}`)
  return hand
}

/** The task of that practice; ends on its page. */
export async function open(stage: Stage, who: string, task: string, protocol: string): Promise<Hand> {
  const clerk = await arrive(stage, who, '/scrivania')
  await clerk.write('Cerca', protocol)
  await clerk.go('Filtra')
  await seesInTime(clerk.page, task)
  await clerk.go(task)
  await clerk.page.getByRole('heading', { level: 1, name: task }).waitFor()
  return clerk
}

export async function claim(clerk: Hand, task: string): Promise<void> {
  await clerk.go('Prendi in carico')
  await sees(clerk.page, `Hai preso in carico «${task}».`)
}

/** The same, claimed. */
export async function take(stage: Stage, who: string, task: string, protocol: string): Promise<Hand> {
  const clerk = await open(stage, who, task, protocol)
  await claim(clerk, task)
  return clerk
}

export async function complete(clerk: Hand): Promise<void> {
  await clerk.go('Completa')
  await sees(clerk.page, 'Compito completato.')
}
