/** What an element finds when it begins inside another: what it undoes, which item it is, the variables of the event that began it. */
import { consume } from './gateways.ts'
import type { Graph } from './graph.ts'
import { Instance, type Role, type Variables } from './instance.ts'
import { violated } from './violation.ts'

/** An element begins in a scope that is active: somebody in it wanted it, or a token led there. */
export function beginIn(graph: Graph, scope: Instance, key: number, id: string): Instance {
  if (scope.phase !== 'active') violated(`${id} begins in ${scope.node.id}, which is ${scope.phase}`)
  const at = scope.wanted.findIndex((one) => one.id === id)
  const [wanted] = at < 0 ? [] : scope.wanted.splice(at, 1)
  const [adHocId = id, isInner] = id.split('#')
  const node = graph.node(adHocId)
  if (wanted === undefined) consume(graph, scope, node)
  const isLoop = node.planned.loop !== undefined && scope.role !== 'body'
  const role: Role = isInner !== undefined ? 'inner' : isLoop ? 'body' : 'element'
  const instance = new Instance(key, node, role, { scope })
  instance.undoes = wanted?.undoes ?? null
  if (node.planned.isTriggeredByEvent) instance.setLocal(instance.undoes?.recalled ?? {})
  if (scope.role === 'body') {
    instance.place = ++scope.loop.begun
    instance.setLocal({ item: instance.place - 1, loopCounter: instance.place })
  }
  const variables = wanted?.variables
  if (variables === undefined) return instance
  if (role === 'inner') instance.wanted.push({ id: variables.element as string })
  // An event sub-process hands the event to its start; the others have its variables as their own until they complete.
  const isHandedOn = scope.node.planned.isTriggeredByEvent && node.planned.type === 'startEvent'
  if (node.planned.isTriggeredByEvent || isHandedOn) instance.result = variables
  else {
    instance.setLocal(role === 'inner' ? (variables.own as Variables) : variables)
    instance.chosen = node
  }
  return instance
}
