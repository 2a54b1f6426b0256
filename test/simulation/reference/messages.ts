/** Messages: to whom they go at once, and which lie in wait for somebody who asks later. */
import { hears, trigger } from './catching.ts'
import type { Instance, Wait } from './instance.ts'
import type { Interpreter } from './interpreter.ts'
import type { LogRecord, LogValue } from './log.ts'
import { violated } from './violation.ts'

interface Message {
  readonly name: string
  readonly key: string
  /** Processes that have had it. */
  readonly had: Set<string>
  /** Somebody waited when it came: it must go there. */
  isOwed: boolean
  isBuffered: boolean
}
interface Asking {
  readonly instance: Instance
  readonly wait: Wait
}

export class Messages {
  readonly #interpreter: Interpreter
  readonly #all = new Map<number, Message>()

  constructor(interpreter: Interpreter) {
    this.#interpreter = interpreter
  }

  observe({ valueType, intent, key, value }: LogRecord): void {
    if (valueType === 'MESSAGE' && intent === 'PUBLISHED') {
      const message = {
        name: value.name,
        key: value.correlationKey,
        had: new Set<string>(),
        isBuffered: value.timeToLive > 0,
      }
      this.#all.set(key, { ...message, isOwed: this.#asking(message).length > 0 })
    } else if (valueType === 'MESSAGE') {
      const message = this.#all.get(key)
      if (message !== undefined) message.isBuffered = false
    } else if (intent === 'CORRELATED') this.#correlated(value)
  }
  /** Who waits for it and hears it. */
  #asking({ name, key }: Pick<Message, 'name' | 'key'>): readonly Asking[] {
    return [...this.#interpreter.instances.values()].flatMap((instance) =>
      [...instance.waits.values()].flatMap((wait) => {
        const { what, target } = wait
        const isAsked = 'message' in what && what.message === name && String(what.key) === key
        return isAsked && hears(instance, target) ? [{ instance, wait }] : []
      }),
    )
  }

  #correlated({ messageKey, elementInstanceKey, elementId, variables }: LogValue): void {
    const message = this.#all.get(messageKey)
    const instance = this.#interpreter.instance(elementInstanceKey)
    const wait = instance.waits.get(elementId)
    if (message === undefined || wait === undefined || !('message' in wait.what) || wait.what.message !== message.name)
      violated(`${elementId} gets message ${messageKey}, which it did not wait for`)
    if (!message.isOwed && !message.isBuffered) violated(`${elementId} gets message ${message.name}, which has expired`)
    if (message.had.has(instance.node.processId)) violated(`${elementId} gets message ${message.name} a second time`)
    if (!hears(instance, wait.target)) violated(`${elementId} gets message ${message.name}, but nobody hears it`)
    message.isOwed = false
    message.had.add(instance.node.processId)
    if (wait.target.planned.isInterrupting !== false) instance.waits.delete(elementId)
    trigger(instance, wait.target, JSON.parse(variables ?? '{}'))
  }

  unrest(): string | null {
    for (const message of this.#all.values()) {
      if (message.isOwed) return `message ${message.name} was to go to who waited for it`
      const waiting = message.isBuffered ? this.#asking(message) : []
      const first = waiting.find(({ instance }) => !message.had.has(instance.node.processId))
      if (first !== undefined) return `${first.wait.target.id} was to get message ${message.name}`
    }
    return null
  }
}
