/** Who acted on which practice, by the engine's clock; and what is answered to a key that names nothing for this person. */
import { html } from '../html.ts'
import { type Answer, type PersonVisit, page, type TownHall } from '../page.ts'
import type { AccessAction } from '../store/practices.ts'
import { DESK } from './addresses.ts'

/** An instance that no practice of the town started has none to record. */
export async function recordAccess(
  { practices, now }: TownHall,
  { person }: PersonVisit,
  action: AccessAction,
  practice: string | null,
  detail?: string,
): Promise<void> {
  if (practice === null) return
  const at = new Date(now())
  await practices.recordAccess({ at, person: person.id, action, practice, ...(detail !== undefined && { detail }) })
}

type Missing = 'task' | 'instance' | 'procedure' | 'document' | 'address' | 'form'

export function refusal({ say }: PersonVisit, status: 403 | 404, of: Missing): Answer {
  const title = status === 403 ? say('forbidden') : say('notFound')
  const texts: Readonly<Record<Missing, string>> =
    status === 403
      ? {
          task: say('deskTaskOfOthers'),
          instance: say('deskPracticeOfOthers'),
          procedure: say('deskCounterOfOthers'),
          document: say('deskPracticeOfOthers'),
          address: say('deskNotForYou'),
          form: say('deskNotForYou'),
        }
      : {
          task: say('deskNoTask'),
          instance: say('deskNoPractice'),
          procedure: say('deskNoProcedure'),
          document: say('deskNoDocument'),
          address: say('deskNoAddress'),
          form: say('deskNoForm'),
        }
  return page(
    title,
    html`<h1>${title}</h1><p>${texts[of]}</p><p><a href="${DESK}">${say('backToDesk')}</a></p>`,
    status,
  )
}
