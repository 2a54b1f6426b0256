/** Matching by backtracking on a stack of our own, each step paid for: what would take exponential time ends with the budget. */
import type { Run } from '../run.ts'
import { type Flags, isWord, type Pattern } from './parse.ts'
import { type Instruction, type Program, programOf } from './program.ts'

/** Start and end of each group; group 0 is the whole. */
export type Found = readonly (readonly [start: number, end: number] | undefined)[]

/** What to do when a way is blocked: put a register back, or go another way. */
type Undo = { readonly register: number; readonly value: number } | { readonly to: number; readonly at: number }

const UNSET = -1

export class Matcher {
  readonly #run: Run
  readonly #program: Program
  readonly #flags: Flags
  readonly #text: string
  readonly #undo: Undo[] = []
  #registers: number[] = []

  constructor(run: Run, pattern: Pattern, text: string) {
    this.#run = run
    this.#program = programOf(pattern)
    this.#flags = pattern.flags
    this.#text = text
    run.spend(this.#program.instructions.length)
  }

  /** The first match at or after a position; null when there is none. */
  find(from: number): Found | null {
    for (let start = from; start <= this.#text.length; start += this.#widthAt(start)) {
      this.#registers = new Array<number>(this.#program.registers).fill(UNSET)
      this.#undo.length = 0
      const end = this.#go(0, start)
      if (end !== null) return this.#found(start, end)
    }
    return null
  }

  #found(start: number, end: number): Found {
    return Array.from({ length: this.#program.groups + 1 }, (_none, group) => {
      if (group === 0) return [start, end] as const
      const [from, to] = [this.#registers[2 * group]!, this.#registers[2 * group + 1]!]
      return to === UNSET ? undefined : ([from, to] as const)
    })
  }

  /** Runs until `end`; null when every way from here is blocked. */
  #go(from: number, start: number): number | null {
    const base = this.#undo.length
    let pc = from
    let at: number | null = start
    for (;;) {
      this.#run.spend(1)
      const instruction: Instruction = this.#program.instructions[pc]!
      if (instruction.op === 'end') return at
      const next = this.#step(instruction, pc, at)
      if (next !== null) {
        ;[pc, at] = next
        continue
      }
      const other = this.#back(base)
      if (other === null) return null
      ;[pc, at] = other
    }
  }

  /** The next instruction and position; null when the way is blocked. */
  #step(instruction: Instruction, pc: number, at: number): [pc: number, at: number] | null {
    switch (instruction.op) {
      case 'one': {
        const point = this.#text.codePointAt(at)
        return point !== undefined && instruction.test(point) ? [pc + 1, at + this.#widthAt(at)] : null
      }
      case 'jump':
        return [instruction.to, at]
      case 'split':
        this.#undo.push({ to: instruction.to, at })
        return [pc + 1, at]
      case 'save':
        this.#set(instruction.register, at)
        return [pc + 1, at]
      case 'reset':
        this.#set(instruction.register, 0)
        return [pc + 1, at]
      case 'count':
        this.#set(instruction.register, this.#registers[instruction.register]! + 1)
        return [pc + 1, at]
      case 'loop':
        return this.#loop(instruction, pc, at)
      case 'progress':
        return this.#registers[instruction.since] === at && this.#registers[instruction.count]! > instruction.min
          ? null
          : [pc + 1, at]
      case 'reference':
        return this.#reference(instruction.group, pc, at)
      case 'alone':
        return this.#alone(instruction, pc, at)
      case 'start':
      case 'end of text':
      case 'boundary':
      case 'inside':
      case 'end':
        return this.#holds(instruction.op, at) ? [pc + 1, at] : null
    }
  }

  /** The next instruction counts the iteration; the other way leaves the loop. */
  #loop(loop: Extract<Instruction, { op: 'loop' }>, pc: number, at: number): [number, number] {
    const count = this.#registers[loop.count]!
    if (count < loop.min) return [pc + 1, at]
    if (count >= loop.max) return [loop.exit, at]
    const [first, other] = loop.mode === 'lazy' ? [loop.exit, pc + 1] : [pc + 1, loop.exit]
    this.#undo.push({ to: other, at })
    return [first, at]
  }

  #alone(alone: Extract<Instruction, { op: 'alone' }>, pc: number, at: number): [number, number] | null {
    const base = this.#undo.length
    const end = this.#go(pc + 1, at)
    this.#forgetChoices(base)
    if (alone.outcome === 'consumed') return end === null ? null : [alone.to, end]
    return (end !== null) === (alone.outcome === 'seen') ? [alone.to, at] : null
  }
  #forgetChoices(base: number): void {
    const kept = this.#undo.splice(base).filter((undo) => 'register' in undo)
    for (const undo of kept) this.#undo.push(undo)
  }

  #back(base: number): [number, number] | null {
    while (this.#undo.length > base) {
      const undo = this.#undo.pop()!
      if ('to' in undo) return [undo.to, undo.at]
      this.#registers[undo.register] = undo.value
    }
    return null
  }

  #set(register: number, value: number): void {
    this.#undo.push({ register, value: this.#registers[register]! })
    this.#registers[register] = value
  }

  #reference(group: number, pc: number, at: number): [number, number] | null {
    const [from, to] = [this.#registers[2 * group]!, this.#registers[2 * group + 1]!]
    const wanted = to === UNSET ? '' : this.#text.slice(from, to)
    const found = this.#text.slice(at, at + wanted.length)
    this.#run.spend(wanted.length >> 4)
    const same = this.#flags.ignoreCase ? found.toLowerCase() === wanted.toLowerCase() : found === wanted
    return same ? [pc + 1, at + wanted.length] : null
  }

  #holds(op: 'start' | 'end of text' | 'boundary' | 'inside' | 'end', at: number): boolean {
    switch (op) {
      case 'start':
        return at === 0 || (this.#flags.multiline && this.#text[at - 1] === '\n')
      case 'end of text':
        return at === this.#text.length || (this.#flags.multiline && this.#text[at] === '\n')
      case 'boundary':
        return this.#isBoundary(at)
      case 'inside':
        return !this.#isBoundary(at)
      case 'end':
        return true
    }
  }
  #isBoundary(at: number): boolean {
    const isWordAt = (place: number): boolean => isWord(this.#text.codePointAt(place) ?? 0)
    return (at > 0 && isWordAt(at - 1)) !== (at < this.#text.length && isWordAt(at))
  }

  /** A pair of surrogates is one character. */
  #widthAt(at: number): number {
    return (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  }
}
