/**
 * Withdrawing a practice, or giving up what it has granted: a page that says what follows, then message `rinuncia.ricevuta`, which the
 * procedure waits for, or the one that goes on after it.
 */
import { type Answer, type CitizenVisit, refusedPage, type TownHall } from '../page.ts'
import { type Letter, letterPage, typedText } from './letter-page.ts'
import { ownPractice, PRACTICES } from './own-practice.ts'
import { awaitedFrom, type PracticeMessage, tellPractice } from './practice-messages.ts'
import { isEnded, mayWithdraw, type Story, storyOf } from './practice-story.ts'

const withdrawal: Letter = {
  path: 'rinuncia',
  title: 'withdraw',
  explanation: 'withdrawText',
  field: { name: 'motivo', label: 'withdrawReason', rows: 3, max: 2_000, isRequired: false },
  send: 'withdrawConfirm',
  look: 'danger',
}
const renunciation: Letter = { ...withdrawal, explanation: 'withdrawAfterText' }

/** Also of a practice that has ended, while what it granted lasts. */
export const canWithdraw = (story: Story, awaited: ReadonlySet<PracticeMessage>): boolean =>
  mayWithdraw(story) || (isEnded(story) && awaited.has('rinuncia.ricevuta'))

export async function askWithdrawal(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const [story, awaited] = await Promise.all([storyOf(hall, practice), awaitedFrom(hall, practice)])
  if (!canWithdraw(story, awaited)) return { kind: 'redirect', to: `${PRACTICES}/${id}` }
  return letterPage(hall, visit, practice, isEnded(story) ? renunciation : withdrawal)
}

export async function withdraw(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'withdraw')
  if (practice === null) return refusedPage(visit, 404)
  const motivo = typedText(visit, withdrawal)
  const rinuncia = { ricevutaIl: new Date(hall.now()).toISOString(), ...(motivo !== '' && { motivo }) }
  const [story, awaited] = await Promise.all([storyOf(hall, practice), awaitedFrom(hall, practice)])
  if (canWithdraw(story, awaited)) await tellPractice(hall, practice, 'rinuncia.ricevuta', { rinuncia })
  return { kind: 'redirect', to: `${PRACTICES}/${id}` }
}
