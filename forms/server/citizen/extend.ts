/** Asking for more days of what was granted: a page, then message `proroga.richiesta`, which the procedure that goes on waits for. */
import { type Answer, type CitizenVisit, refusedPage, type TownHall } from '../page.ts'
import { type Letter, letterPage, typedDay, typedText } from './letter-page.ts'
import { ownPractice, PRACTICES } from './own-practice.ts'
import { isAwaited, tellPractice } from './practice-messages.ts'

const extension: Letter = {
  path: 'proroga',
  title: 'extend',
  explanation: 'extendText',
  day: { name: 'al', label: 'extendDay' },
  field: { name: 'motivo', label: 'extendReason', rows: 3, max: 2_000, isRequired: false },
  send: 'extendSend',
  look: 'primary',
}

export async function askExtension(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  if (!(await isAwaited(hall, practice, 'proroga.richiesta'))) return { kind: 'redirect', to: `${PRACTICES}/${id}` }
  return letterPage(hall, visit, practice, extension, visit.query.has('senza-giorno') ? visit.say('extendNoDay') : '')
}

export async function extend(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'extend')
  if (practice === null) return refusedPage(visit, 404)
  const [al, motivo] = [typedDay(visit, extension), typedText(visit, extension)]
  const address = `${PRACTICES}/${id}`
  if (al === '') return { kind: 'redirect', to: `${address}/proroga?senza-giorno` }
  const proroga = { al, ricevutaIl: new Date(hall.now()).toISOString(), ...(motivo !== '' && { motivo }) }
  if (await isAwaited(hall, practice, 'proroga.richiesta'))
    await tellPractice(hall, practice, 'proroga.richiesta', { proroga })
  return { kind: 'redirect', to: address }
}
