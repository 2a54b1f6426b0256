/** Who needs an answer that is asked of another body: known in this house by an id, which is all that leaves it. */
import type { ActivatedJob } from '../engine/protocol/gateway.ts'
import type { Town } from '../processes/town.ts'

/** The id of the person responsible for the proceeding (L. 241/1990 art. 5); the process id when the town names none. */
export const requesterOf = (
  { procedimenti }: Pick<Town, 'procedimenti'>,
  pratica: { readonly tipo?: string | null | undefined },
  { bpmnProcessId }: Pick<ActivatedJob, 'bpmnProcessId'>,
): string => {
  const process = pratica.tipo ?? bpmnProcessId
  return procedimenti.find(({ id }) => id === process)?.responsabile ?? process
}
