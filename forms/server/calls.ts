/**
 * Procedures that a practice has called, for what they tell of it: notices to pay now, and acts that were made.
 * Owns: which of them tell what. Does not own: who may know it.
 */
import type { Context } from '../../engine/feel/index.ts'
import type { Row } from '../../engine/protocol/query.ts'
import { ACT_VARIABLES, type Act, actIn, makesActs } from './acts.ts'
import { type OpenNotice, openNoticeIn, PAYMENT_CALL, PAYMENT_VARIABLES } from './payment.ts'

export interface Call {
  readonly processId: string
  readonly isRunning: boolean
  readonly variables: Context
}

export const CALL_VARIABLES: readonly string[] = [...new Set([...PAYMENT_VARIABLES, ...ACT_VARIABLES])]

export const tells = ({ processDefinitionId }: Row): boolean =>
  processDefinitionId === PAYMENT_CALL || makesActs(String(processDefinitionId))

export const callOf = ({ processDefinitionId, state }: Row, variables: Context): Call => ({
  ...{ processId: String(processDefinitionId), isRunning: state === 'ACTIVE', variables },
})

/** What is to be paid now, each apart: one that was paid or has expired is none. */
export const noticesIn = (calls: readonly Call[]): readonly OpenNotice[] =>
  calls
    .filter(({ processId, isRunning }) => isRunning && processId === PAYMENT_CALL)
    .flatMap(({ variables }) => openNoticeIn(variables) ?? [])

export const actsIn = (calls: readonly Call[]): readonly Act[] =>
  calls.flatMap(({ processId, variables }) => actIn(processId, variables) ?? [])
