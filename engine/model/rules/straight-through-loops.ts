/**
 * Loops that never wait: an instance would run in them for ever, within one command.
 * Looks at the compiled processes of one file, because a call activity may close the loop.
 */
import type { BpmnElementType } from '../../protocol/records.ts'
import type { ExecutableElement, ExecutableProcess } from '../executable.ts'

/** A loop counts when it is reached from one of these; loops of gateways alone are let pass. */
const steps: readonly BpmnElementType[] = [
  'MANUAL_TASK',
  'TASK',
  'CALL_ACTIVITY',
  'INTERMEDIATE_THROW_EVENT',
  'SCRIPT_TASK',
  'BUSINESS_RULE_TASK',
]
const between: readonly BpmnElementType[] = [
  'EXCLUSIVE_GATEWAY',
  'INCLUSIVE_GATEWAY',
  'PARALLEL_GATEWAY',
  'START_EVENT',
  'END_EVENT',
  'SUB_PROCESS',
]

/** Ids of a loop that the text names. */
const SHOWN_MAX = 200

/** An element in its process. */
interface Place {
  readonly process: ExecutableProcess
  readonly element: ExecutableElement
}

/** One part of the text for each process with such a loop; the first loop found is named. Cost: linear in elements and flows. */
export function straightThroughLoops(resourceName: string, processes: readonly ExecutableProcess[]): string | null {
  const search = new LoopSearch(processes)
  const parts = processes.flatMap((process) => {
    const loop = search.loopFrom(process)
    if (loop === null) return []
    const shown = loop.length > SHOWN_MAX ? [...loop.slice(0, SHOWN_MAX), '…'] : loop
    const text = `Processes are not allowed to contain a straight-through processing loop: ${shown.join(' > ')}`
    return [`\`${resourceName}\`: - Process: ${process.id}\n    - ERROR: ${text}\n`]
  })
  return parts.length === 0 ? null : parts.join('')
}

class LoopSearch {
  readonly #processes: ReadonlyMap<string, ExecutableProcess>
  /** Elements from which no loop can be reached. */
  readonly #clear = new Set<ExecutableElement>()

  constructor(processes: readonly ExecutableProcess[]) {
    this.#processes = new Map(processes.map((process) => [process.id, process]))
  }

  /** Ids of the loop, the first repeated at the end. */
  loopFrom(process: ExecutableProcess): readonly string[] | null {
    const starts = [...process.elements.values()].filter(
      (element) => steps.includes(element.bpmnElementType) && !waits(element),
    )
    for (const element of starts.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const loop = this.#search({ process, element })
      if (loop !== null) return loop
    }
    return null
  }

  /** Depth first, with its own stack: a chain may be longer than the call stack. */
  #search(start: Place): readonly string[] | null {
    const path: { readonly place: Place; readonly next: Place[] }[] = []
    const onPath = new Set<ExecutableElement>()
    const enter = (place: Place): void => {
      if (this.#clear.has(place.element) || waits(place.element)) return
      path.push({ place, next: this.#next(place).toReversed() })
      onPath.add(place.element)
    }
    enter(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const place = top.next.pop()
      if (place === undefined) {
        path.pop()
        onPath.delete(top.place.element)
        this.#clear.add(top.place.element)
      } else if (onPath.has(place.element)) {
        const loop = path.slice(path.findIndex((step) => step.place.element === place.element))
        return [...loop.map((step) => step.place.element.id), place.element.id]
      } else enter(place)
    }
    return null
  }

  #next(place: Place): Place[] {
    const { process, element } = place
    if (element.kind === 'sub-process') return within(process, element.startEvent)
    if (element.kind === 'call-activity') {
      const { processId } = element
      const called = processId.kind === 'static' ? this.#processes.get(processId.text) : undefined
      return called === undefined ? [] : within(called, called.process.startEvent)
    }
    return element.outgoing.length > 0 ? targets(place) : afterScope(place)
  }
}

const within = (process: ExecutableProcess, element: ExecutableElement | null): Place[] =>
  element === null ? [] : [{ process, element }]

function targets({ process, element }: Place): Place[] {
  return element.outgoing.flatMap((flow) => within(process, process.elements.get(flow.target) ?? null))
}

/** After the last element of a sub-process its own flows are taken. */
function afterScope({ process, element }: Place): Place[] {
  const scope = element.flowScope === null ? undefined : process.elements.get(element.flowScope)
  return scope === undefined ? [] : targets({ process, element: scope })
}

/** Whatever is done by a worker or a person, or comes from outside; a message throw event counts as passing, as in Zeebe. */
function waits(element: ExecutableElement): boolean {
  if (element.kind === 'job-worker-task') return true
  return !steps.includes(element.bpmnElementType) && !between.includes(element.bpmnElementType)
}
