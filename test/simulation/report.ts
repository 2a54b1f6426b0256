/** What went wrong, for whoever has to find out why: how to see it again, what was played, what was done, what happened last. */
import type { LogRecord } from '../../engine/protocol/records.ts'
import { draw } from './draw.ts'
import type { Plan, PlannedElement, Plans } from './plan.ts'
import type { Told } from './story.ts'

const LAST_EVENTS = 20

export interface Played {
  readonly plans: Plans
  readonly log: readonly LogRecord[]
}

export function report(told: Told, error: unknown, { plans, log }: Played): string {
  return [
    `Again: npm run simulate -- --story '${JSON.stringify(told)}'`,
    `The process:\n${treeOf(plans)}`,
    `Its BPMN:\n${draw(plans)}`,
    `What clients did:\n${log.flatMap((record) => (record.recordType === 'COMMAND' ? [line(record, log)] : [])).join('\n')}`,
    `What happened last:\n${log
      .filter(({ recordType }) => recordType === 'EVENT')
      .slice(-LAST_EVENTS)
      .map((record) => line(record, log))
      .join('\n')}`,
    `What is wrong: ${error instanceof Error ? error.message : error}`,
  ].join('\n\n')
}

const textOf = (value: object, name: string): string => String((value as Record<string, unknown>)[name] ?? '')
/** A record in a line, with the element it is about. */
function line({ valueType, intent, key, value }: LogRecord, log: readonly LogRecord[]): string {
  const about = [value, ...log.filter((other) => other.key === key && key > 0).map((other) => other.value)]
  const names = ['elementId', 'targetElementId', 'messageName', 'signalName', 'name', 'bpmnProcessId']
  const name = about.flatMap((of) => names.map((field) => textOf(of, field))).find((text) => text !== '')
  return `  ${valueType} ${intent} ${name ?? ''} ${textOf(value, 'variables')}`.trimEnd()
}

/** The elements of each scope, with what is special about them, and where they lead. */
export const treeOf = (plans: Plans): string =>
  Object.entries(plans)
    .map(([id, plan]) => `  ${id}\n${scope(plan, '    ')}`)
    .join('\n')

function scope({ elements, flows, undoing }: Plan, indent: string): string {
  return elements
    .map((element) => {
      const targets = flows.filter(({ from }) => from === element.id)
      const to = targets.map(({ to: id, when }) => (when === undefined ? id : `${id} if ${JSON.stringify(when)}`))
      const undoes = undoing.filter(({ event }) => event === element.id).map(({ handler }) => handler)
      const ways = [...to, ...undoes.map((id) => `(undone by) ${id}`)]
      const inner = element.inner === undefined ? '' : `\n${scope(element.inner, `${indent}  `)}`
      return `${indent}${element.id} ${described(element)}${ways.length > 0 ? ` → ${ways.join(', ')}` : ''}${inner}`
    })
    .join('\n')
}
function described({ id: _, type, inner: __, ...special }: PlannedElement): string {
  const rest = Object.keys(special).length > 0 ? ` ${JSON.stringify(special)}` : ''
  return `${type}${rest}`
}
