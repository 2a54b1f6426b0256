/** Taking a task and giving it back; and any change that somebody else may have been faster with. */
import { GatewayError } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import { textIn } from './practice-of.ts'

/** The refusal that says so; null when the change was made. Any other failure is no conflict. */
export async function conflictIn(change: () => Promise<unknown>): Promise<GatewayError | null> {
  try {
    await change()
    return null
  } catch (error) {
    if (error instanceof GatewayError && ['NOT_FOUND', 'FAILED_PRECONDITION'].includes(error.status)) return error
    throw error
  }
}

/** False when a colleague was faster. */
export const isClaimed = async ({ gateway }: TownHall, { person }: PersonVisit, row: Row): Promise<boolean> =>
  (await conflictIn(() =>
    gateway.assignUserTask(textIn(row, 'userTaskKey'), {
      assignee: person.id,
      allowOverride: false,
      action: 'claim',
    }),
  )) === null

/** False when it is not the person's. */
export const isReleased = async ({ gateway }: TownHall, { person }: PersonVisit, row: Row): Promise<boolean> =>
  textIn(row, 'assignee') === person.id &&
  (await conflictIn(() => gateway.unassignUserTask(textIn(row, 'userTaskKey')))) === null
