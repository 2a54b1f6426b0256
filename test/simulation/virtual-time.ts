/**
 * Time that passes only while everybody waits, and then at once to what comes next. One after the other, in the order of their moments
 * and at one moment in the order in which they were asked for: the same program does the same things in the same order, always.
 */
import { setImmediate as callbacksRun } from 'node:timers/promises'
import type { Pace } from '../../engine/runtime/pace.ts'
import { PriorityQueue } from '../../engine/runtime/priority-queue.ts'

/** A story in which so much happens is not going to end. */
const EVENTS_MAX = 200_000

interface Moment {
  readonly at: number
  readonly order: number
  /** Null once nobody wants it any more. */
  call: (() => void) | null
}
const isSooner = (one: Moment, other: Moment) => one.at < other.at || (one.at === other.at && one.order < other.order)

export class VirtualTime {
  readonly #moments = new PriorityQueue<Moment>(isSooner)
  #now = 0
  #order = 0

  /** Lets time pass until that promise has settled. Nothing in it may wait for anything but this time. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const settled = () => {
      isSettled = true
    }
    promise.then(settled, settled)
    for (let events = 0; events < EVENTS_MAX; events++) {
      await callbacksRun()
      if (isSettled) return promise
      this.#next()
    }
    throw new Error(`Expected an end, but after ${EVENTS_MAX} events and ${this.#now} ms there is none`)
  }
  #next(): void {
    const moment = this.#moments.take()
    if (moment === undefined) throw new Error('Expected something to come, but everybody waits for nothing')
    this.#now = moment.at
    moment.call?.()
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#after(ms, resolve))
  }
  /** A pace for somebody who dies at `end`: from then on nothing comes to those who waited by it. */
  lifetime(): Lifetime {
    const waiting = new Set<Moment>()
    const after = (ms: number, call: () => void) => {
      const moment = this.#after(ms, () => {
        waiting.delete(moment)
        call()
      })
      waiting.add(moment)
      return moment
    }
    const stop = (moment: Moment) => {
      moment.call = null
      waiting.delete(moment)
    }
    const pace: Pace = {
      elapsed: () => this.#now,
      after(ms, call) {
        const moment = after(ms, call)
        return () => stop(moment)
      },
      every(ms, call) {
        let next = after(ms, tick)
        function tick() {
          next = after(ms, tick)
          call()
        }
        return () => stop(next)
      },
      turn: () => new Promise((resolve) => void after(0, resolve)),
    }
    const end = () => {
      for (const moment of waiting) moment.call = null
      waiting.clear()
    }
    return { pace, end }
  }
  #after(ms: number, call: () => void): Moment {
    const moment = { at: this.#now + ms, order: this.#order++, call }
    this.#moments.add(moment)
    return moment
  }
}

export interface Lifetime {
  readonly pace: Pace
  end(): void
}
