/** A scope while it is planned: its elements, the flows between them, and who undoes whom. Decides nothing. */
import type { Condition, Plan, PlannedElement, PlannedFlow } from './plan.ts'

/** A planned block: where tokens go in and come out. */
export interface Block {
  readonly from: string
  readonly to: string
}

/** A scope while it is planned. */
export class Growing implements Plan {
  readonly elements: PlannedElement[] = []
  readonly flows: PlannedFlow[] = []
  readonly undoing: { event: string; handler: string }[] = []
  /** No end event may stand there. */
  readonly isEndless: boolean

  constructor(isEndless = false) {
    this.isEndless = isEndless
  }
  /** A flow, named after its ends. */
  flow(from: string, to: string, when?: Condition): this {
    return this.named(`${from}.${to}.${this.flows.length + 1}`, from, to, when)
  }
  named(id: string, from: string, to: string, when?: Condition): this {
    this.flows.push({ id, from, to, ...(when && { when }) })
    return this
  }
  /** Flows through all of them in turn. */
  path(...ids: readonly string[]): this {
    for (const [i, id] of ids.slice(1).entries()) this.flow(ids[i]!, id)
    return this
  }
  reaches(id: string): boolean {
    return this.flows.some(({ to }) => to === id)
  }
}
