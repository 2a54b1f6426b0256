/** Bugs that a copy of the engine gets, to see whether the simulation finds them: each is a change of its text. */
export interface PlantedBug {
  readonly name: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  /** Within so many processes it is found. */
  readonly runs: number
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a parallel join begins with its first token',
    file: 'engine/core/behaviors/flow.ts',
    from: 'return target.incoming.every(waits)',
    to: 'return target.incoming.some(waits)',
    runs: 60,
  },
  {
    name: 'an inclusive join does not look at what can still arrive',
    file: 'engine/core/behaviors/flow.ts',
    from: 'target.incoming.some(waits) && !canStillBeReached(p, target, scope)',
    to: 'target.incoming.some(waits) && canStillBeReached !== undefined',
    runs: 100,
  },
  {
    name: 'an activity that completes leaves its boundary events open',
    file: 'engine/core/elements/activity.ts',
    from: 'if (failure === null) unsubscribe(p, instance)',
    to: 'if (failure !== null) unsubscribe(p, instance)',
    runs: 60,
  },
  {
    name: 'an interrupting boundary event lets its activity live',
    file: 'engine/core/behaviors/events.ts',
    from: 'if (target.interrupting) requestTermination(p, instance.key)',
    to: 'if (target.interrupting && instance.childCount > 0) requestTermination(p, instance.key)',
    runs: 60,
  },
  {
    name: 'a record does not say which flows an activation uses up, so replay finds other tokens',
    file: 'engine/core/processing.ts',
    from: 'this.emitted.push({ event, processInstanceKey,',
    to: 'this.emitted.push({ event: { ...event, value: { ...value, incoming: undefined } } as Event, processInstanceKey,',
    runs: 20,
  },
  {
    name: 'a user task forgets the variables it is completed with while its listeners work',
    file: 'engine/core/appliers/user-task.ts',
    from: "const ofTransition = ['variables', ",
    to: 'const ofTransition = [',
    runs: 100,
  },
  {
    name: 'undo after a miss leaves the indexes as they were',
    file: 'engine/core/state/state.ts',
    from: 'this.#set(table, key, before as never)',
    to: 'if (before === undefined) this.#rows[table].delete(key)\n      else this.#set(table, key, before as never)',
    runs: 60,
  },
  {
    name: 'undo after a miss forgets the first change',
    file: 'engine/core/state/state.ts',
    from: 'i >= mark.length; i--',
    to: 'i > mark.length; i--',
    runs: 60,
  },
  {
    name: 'a parallel loop forgets its last item',
    file: 'engine/core/commands/process-instance-batch.ts',
    from: 'lengthOf(p.state, key) - body.loopCounter',
    to: 'lengthOf(p.state, key) - body.loopCounter - (body.loopCounter > 0 ? 1 : 0)',
    runs: 100,
  },
  {
    name: 'the store drops the rows of a batch',
    file: 'engine/store/memory.ts',
    from: 'this.#apply(changes)',
    to: 'if (batch % 4 !== 3) this.#apply(changes)',
    runs: 20,
  },
  {
    name: 'the store keeps a record of a batch twice and loses another',
    file: 'engine/store/memory.ts',
    from: 'this.#entries.push(...entries)',
    to: 'this.#entries.push(...(batch % 5 === 4 ? entries.with(0, entries.at(-1)!) : entries))',
    runs: 20,
  },
]
