/** Multi-instance: the children of a body, all at once or one after the other. */
import { open } from './catching.ts'
import type { Instance } from './instance.ts'

export function loopBegins(body: Instance, now: number): void {
  open(body, body.boundaries, now)
  const { items, isSequential, collection } = body.node.planned.loop!
  if (collection !== '') body.locals.set(collection, new Array(items).fill(null))
  const count = isSequential ? Math.min(1, items) : items
  for (let i = 0; i < count; i++) body.wanted.push({ id: body.node.id })
  if (items === 0) body.mustComplete()
}
export function childCompleted(body: Instance, child: Instance): void {
  const { items, isSequential, collection, untilTwo } = body.node.planned.loop!
  const { loop } = body
  loop.completed++
  if (collection !== '') {
    const list = [...(body.locals.get(collection) as unknown[])]
    list[child.place - 1] = child.lookup('item')
    body.locals.set(collection, list)
  }
  if (untilTwo && loop.completed === 2) {
    body.wanted = []
    for (const other of body.children) other.mustTerminate()
    if (body.children.size === 0) body.mustComplete()
  } else if (isSequential && loop.begun < items) body.wanted.push({ id: body.node.id })
  else if (body.isQuiet) body.mustComplete()
}
