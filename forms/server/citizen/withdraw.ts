/** Withdrawing a practice: a page that says what follows, then message `rinuncia.ricevuta`, which the procedure waits for. */
import { type Answer, type CitizenVisit, refusedPage, type TownHall } from '../page.ts'
import { type Letter, letterPage, typedText } from './letter-page.ts'
import { ownPractice, PRACTICES } from './own-practice.ts'
import { tellPractice } from './practice-messages.ts'
import { mayWithdraw, storyOf } from './practice-story.ts'

const withdrawal: Letter = {
  path: 'rinuncia',
  title: 'withdraw',
  explanation: 'withdrawText',
  field: { name: 'motivo', label: 'withdrawReason', rows: 3, max: 2_000, isRequired: false },
  send: 'withdrawConfirm',
  look: 'danger',
}

export async function askWithdrawal(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  if (!mayWithdraw(await storyOf(hall, practice))) return { kind: 'redirect', to: `${PRACTICES}/${id}` }
  return letterPage(hall, visit, practice, withdrawal)
}

export async function withdraw(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'withdraw')
  if (practice === null) return refusedPage(visit, 404)
  const motivo = typedText(visit, withdrawal)
  const rinuncia = { ricevutaIl: new Date(hall.now()).toISOString(), ...(motivo !== '' && { motivo }) }
  if (mayWithdraw(await storyOf(hall, practice))) await tellPractice(hall, practice, 'rinuncia.ricevuta', { rinuncia })
  return { kind: 'redirect', to: `${PRACTICES}/${id}` }
}
