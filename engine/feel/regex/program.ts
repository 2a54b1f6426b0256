/** A pattern's tree → instructions for the machine of match.ts, which needs no recursion however long the text is. */
import type { CharacterTest, Flags, Mode, Node, Pattern } from './parse.ts'

/** Registers hold positions and counts: first two for each group (start and end), then those of the loops. */
export type Instruction =
  | { readonly op: 'one'; readonly test: CharacterTest }
  /** As many characters as there are, in one step each: `[a-z]+` takes a sixth of the time of a general loop. */
  | { readonly op: 'characters'; readonly test: CharacterTest; readonly min: number; readonly max: number }
  | { readonly op: 'jump'; readonly to: number }
  /** Goes on with the next instruction; when that fails, at `to`. */
  | { readonly op: 'split'; readonly to: number }
  | { readonly op: 'save'; readonly register: number }
  | { readonly op: 'reset' | 'count'; readonly register: number }
  | {
      readonly op: 'loop'
      readonly count: number
      readonly min: number
      readonly max: number
      readonly mode: Mode
      readonly exit: number
    }
  /** Fails where an iteration beyond the needed ones has consumed nothing: it would go on for ever. */
  | { readonly op: 'progress'; readonly since: number; readonly count: number; readonly min: number }
  | { readonly op: 'reference'; readonly group: number }
  /** Runs what follows up to `end` by itself, and never again. */
  | { readonly op: 'alone'; readonly to: number; readonly outcome: 'consumed' | 'seen' | 'unseen' }
  | { readonly op: 'start' | 'end of text' | 'boundary' | 'inside' | 'end' }

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly groups: number
  readonly registers: number
  readonly flags: Flags
}

export function compilePattern({ node, groups, flags }: Pattern): Program {
  const writer = new Writer(2 * (groups + 1))
  writer.write(node)
  writer.add({ op: 'end' })
  return { instructions: writer.instructions, groups, registers: writer.registers, flags }
}

class Writer {
  readonly instructions: Instruction[] = []
  registers: number
  constructor(registers: number) {
    this.registers = registers
  }

  add(instruction: Instruction): number {
    return this.instructions.push(instruction) - 1
  }
  get #next(): number {
    return this.instructions.length
  }

  write(node: Node): void {
    switch (node.kind) {
      case 'character':
        this.add({ op: 'one', test: node.test })
        return
      case 'sequence':
        for (const part of node.nodes) this.write(part)
        return
      case 'choice':
        this.#choice(node.options)
        return
      case 'repeat':
        this.#repeat(node)
        return
      case 'group':
        this.add({ op: 'save', register: 2 * node.index })
        this.write(node.node)
        this.add({ op: 'save', register: 2 * node.index + 1 })
        return
      case 'reference':
        this.add({ op: 'reference', group: node.index })
        return
      case 'look':
        this.#alone(node.node, node.negated ? 'unseen' : 'seen')
        return
      case 'end':
        this.add({ op: 'end of text' })
        return
      case 'start':
      case 'boundary':
      case 'inside':
        this.add({ op: node.kind })
        return
    }
  }

  #choice(options: readonly Node[]): void {
    const jumps: number[] = []
    for (const option of options.slice(0, -1)) {
      const split = this.add({ op: 'split', to: 0 })
      this.write(option)
      jumps.push(this.add({ op: 'jump', to: 0 }))
      this.instructions[split] = { op: 'split', to: this.#next }
    }
    this.write(options.at(-1)!)
    for (const jump of jumps) this.instructions[jump] = { op: 'jump', to: this.#next }
  }

  #repeat(node: Extract<Node, { kind: 'repeat' }>): void {
    if (node.mode === 'possessive') {
      this.#alone({ ...node, mode: 'greedy' }, 'consumed')
      return
    }
    const { min, max, mode } = node
    if (mode === 'greedy' && node.node.kind === 'character') {
      this.add({ op: 'characters', test: node.node.test, min, max })
      return
    }
    const [count, since] = [this.registers++, this.registers++]
    this.add({ op: 'reset', register: count })
    const loop = this.add({ op: 'jump', to: 0 })
    this.add({ op: 'count', register: count })
    this.add({ op: 'save', register: since })
    this.write(node.node)
    this.add({ op: 'progress', since, count, min })
    this.add({ op: 'jump', to: loop })
    this.instructions[loop] = { op: 'loop', count, min, max, mode, exit: this.#next }
  }

  #alone(node: Node, outcome: 'consumed' | 'seen' | 'unseen'): void {
    const alone = this.add({ op: 'jump', to: 0 })
    this.write(node)
    this.add({ op: 'end' })
    this.instructions[alone] = { op: 'alone', to: this.#next, outcome }
  }
}
