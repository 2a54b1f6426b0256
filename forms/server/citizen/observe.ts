/** Observations on a pre-denial notice (L. 241/1990 art. 10-bis): a page, then message `osservazioni.ricevute`. */
import { type Answer, type CitizenVisit, refusedPage, type TownHall } from '../page.ts'
import { type Letter, letterPage, typedText } from './letter-page.ts'
import { ownPractice, PRACTICES } from './own-practice.ts'
import { isAwaited, tellPractice } from './practice-messages.ts'

const observations: Letter = {
  path: 'osservazioni',
  title: 'observe',
  explanation: 'observeText',
  field: { name: 'testo', label: 'observations', rows: 8, max: 8_000, isRequired: true },
  send: 'observeSend',
  look: 'primary',
}

export async function askObservations(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  if (!(await isAwaited(hall, practice, 'osservazioni.ricevute'))) return { kind: 'redirect', to: `${PRACTICES}/${id}` }
  return letterPage(hall, visit, practice, observations, visit.query.has('vuote') ? visit.say('observeEmpty') : '')
}

export async function observe(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'observe')
  if (practice === null) return refusedPage(visit, 404)
  const testo = typedText(visit, observations)
  const address = `${PRACTICES}/${id}`
  if (testo === '') return { kind: 'redirect', to: `${address}/osservazioni?vuote` }
  const osservazioni = { testo, ricevuteIl: new Date(hall.now()).toISOString() }
  if (await isAwaited(hall, practice, 'osservazioni.ricevute'))
    await tellPractice(hall, practice, 'osservazioni.ricevute', { osservazioni })
  return { kind: 'redirect', to: address }
}
