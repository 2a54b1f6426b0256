/** Matching by backtracking on a stack of our own, each step paid for: what would take exponential time ends with the budget. */
import type { Run } from '../run.ts'
import { isWord } from './parse.ts'
import type { Instruction, Program } from './program.ts'

/** Start and end of each group; group 0 is the whole. */
export type Found = readonly (readonly [start: number, end: number] | undefined)[]

const UNSET = -1
const BLOCKED = -1

export class Matcher {
  readonly #run: Run
  readonly #program: Program
  readonly #text: string
  readonly #registers: number[]
  /**
   * What to do when a way is blocked, in pairs: an instruction and a position where another way begins, or a register's complement
   * and the value to put back into it. Plain numbers, because an object for each choice takes twice as long.
   */
  readonly #undo: number[] = []
  #top = 0

  constructor(run: Run, program: Program, text: string) {
    this.#run = run
    this.#program = program
    this.#text = text
    this.#registers = new Array<number>(program.registers)
    run.spend(program.instructions.length)
  }

  /** The first match at or after a position; null when there is none. */
  find(from: number): Found | null {
    const first = this.#program.instructions[0]!
    for (let start = from; start <= this.#text.length; start++) {
      const point = this.#text.codePointAt(start)
      if (first.op === 'one' && (point === undefined || !first.test(point))) this.#run.spend(1)
      else {
        this.#registers.fill(UNSET)
        this.#top = 0
        const end = this.#go(0, start)
        if (end !== null) return this.#found(start, end)
      }
      if (point !== undefined && point > 0xffff) start++
    }
    return null
  }

  #found(start: number, end: number): Found {
    const found: (readonly [number, number] | undefined)[] = [[start, end]]
    for (let group = 1; group <= this.#program.groups; group++) {
      const [from, to] = [this.#registers[2 * group]!, this.#registers[2 * group + 1]!]
      found.push(to === UNSET ? undefined : [from, to])
    }
    return found
  }

  /** Runs until `end`; null when every way from here is blocked. */
  #go(from: number, start: number): number | null {
    const { instructions } = this.#program
    const base = this.#top
    let pc = from
    let at = start
    for (;;) {
      this.#run.spend(1)
      const instruction: Instruction = instructions[pc]!
      if (instruction.op === 'end') return at
      if (instruction.op === 'one') {
        const point = this.#text.codePointAt(at)
        if (point !== undefined && instruction.test(point)) {
          at += point > 0xffff ? 2 : 1
          pc++
          continue
        }
      } else if (instruction.op === 'characters') {
        const end = this.#characters(instruction, pc, at)
        if (end !== BLOCKED) {
          at = end
          pc++
          continue
        }
      } else {
        const to = this.#step(instruction, pc, at)
        if (to !== BLOCKED) {
          if (instruction.op === 'reference' || instruction.op === 'alone') at = this.#moved
          pc = to
          continue
        }
      }
      if (!this.#back(base)) return null
      at = this.#undo[--this.#top]!
      pc = this.#undo[--this.#top]!
    }
  }
  /** Where they end; each end beyond the least number is another way. */
  #characters({ test, min, max }: Extract<Instruction, { op: 'characters' }>, pc: number, from: number): number {
    let at = from
    for (let count = 0; count < max; count++) {
      const point = this.#text.codePointAt(at)
      if (point === undefined || !test(point)) return count < min ? BLOCKED : at
      this.#run.spend(1)
      if (count >= min) this.#push(pc + 1, at)
      at += point > 0xffff ? 2 : 1
    }
    return at
  }

  /** Where a reference or what runs alone has ended. */
  #moved = 0

  /** The next instruction, or BLOCKED. */
  #step(instruction: Exclude<Instruction, { op: 'one' | 'characters' }>, pc: number, at: number): number {
    switch (instruction.op) {
      case 'jump':
        return instruction.to
      case 'split':
        this.#push(instruction.to, at)
        return pc + 1
      case 'save':
        this.#set(instruction.register, at)
        return pc + 1
      case 'reset':
        this.#set(instruction.register, 0)
        return pc + 1
      case 'count':
        this.#set(instruction.register, this.#registers[instruction.register]! + 1)
        return pc + 1
      case 'loop':
        return this.#loop(instruction, pc, at)
      case 'progress':
        return this.#registers[instruction.since] === at && this.#registers[instruction.count]! > instruction.min
          ? BLOCKED
          : pc + 1
      case 'reference':
        return this.#reference(instruction.group, pc, at)
      case 'alone':
        return this.#alone(instruction, pc, at)
      case 'start':
      case 'end of text':
      case 'boundary':
      case 'inside':
      case 'end':
        return this.#holds(instruction.op, at) ? pc + 1 : BLOCKED
    }
  }

  /** The next instruction counts the iteration; the other way leaves the loop. */
  #loop(loop: Extract<Instruction, { op: 'loop' }>, pc: number, at: number): number {
    const count = this.#registers[loop.count]!
    if (count < loop.min) return pc + 1
    if (count >= loop.max) return loop.exit
    const isLazy = loop.mode === 'lazy'
    this.#push(isLazy ? pc + 1 : loop.exit, at)
    return isLazy ? loop.exit : pc + 1
  }

  #alone(alone: Extract<Instruction, { op: 'alone' }>, pc: number, at: number): number {
    const base = this.#top
    const end = this.#go(pc + 1, at)
    this.#forgetChoices(base)
    this.#moved = alone.outcome === 'consumed' && end !== null ? end : at
    return (end !== null) === (alone.outcome !== 'unseen') ? alone.to : BLOCKED
  }
  #forgetChoices(base: number): void {
    const end = this.#top
    this.#top = base
    for (let index = base; index < end; index += 2)
      if (this.#undo[index]! < 0) this.#push(this.#undo[index]!, this.#undo[index + 1]!)
  }

  /** Puts registers back until another way is on top of the stack; false when there is none. */
  #back(base: number): boolean {
    for (; this.#top > base; this.#top -= 2) {
      const first = this.#undo[this.#top - 2]!
      if (first >= 0) return true
      this.#registers[~first] = this.#undo[this.#top - 1]!
    }
    return false
  }

  #push(first: number, second: number): void {
    this.#undo[this.#top++] = first
    this.#undo[this.#top++] = second
  }

  #set(register: number, value: number): void {
    this.#push(~register, this.#registers[register]!)
    this.#registers[register] = value
  }

  #reference(group: number, pc: number, at: number): number {
    const [from, to] = [this.#registers[2 * group]!, this.#registers[2 * group + 1]!]
    const wanted = to === UNSET ? '' : this.#text.slice(from, to)
    const found = this.#text.slice(at, at + wanted.length)
    this.#run.spend(wanted.length >> 4)
    this.#moved = at + wanted.length
    const same = this.#program.flags.ignoreCase ? found.toLowerCase() === wanted.toLowerCase() : found === wanted
    return same ? pc + 1 : BLOCKED
  }

  #holds(op: 'start' | 'end of text' | 'boundary' | 'inside' | 'end', at: number): boolean {
    switch (op) {
      case 'start':
        return at === 0 || (this.#program.flags.multiline && this.#text[at - 1] === '\n')
      case 'end of text':
        return at === this.#text.length || this.#isBreak(at)
      case 'boundary':
        return this.#isBoundary(at)
      case 'inside':
        return !this.#isBoundary(at)
      case 'end':
        return true
    }
  }
  /** Where `$` holds although there is more. */
  #isBreak(at: number): boolean {
    const { multiline, java } = this.#program.flags
    return (
      (multiline && this.#text[at] === '\n') ||
      (java && /^(?:\r\n|[\n\r\u0085\u2028\u2029])$/.test(this.#text.slice(at, at + 3)))
    )
  }
  #isBoundary(at: number): boolean {
    const isWordAt = (place: number): boolean => isWord(this.#text.codePointAt(place) ?? 0)
    return (at > 0 && isWordAt(at - 1)) !== (at < this.#text.length && isWordAt(at))
  }
}
