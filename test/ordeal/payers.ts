/** Who meets payment notices, as soon as pagoPA has them, and pays on the page where payers pay: whatever the town knows by then. */

import { paymentsIn } from './journals.ts'
import type { Kind, Reaction } from './kind.ts'
import type { Known } from './traces.ts'

const IGNORES: Reaction = { kind: 'ignores' }

export class Payers {
  readonly #page: string
  readonly #journals: string
  readonly #met = new Set<string>()

  constructor(page: string, journals: string) {
    this.#page = page
    this.#journals = journals
  }

  /** Notices that nobody has met, each with what its practice does about it. From now on they are met. */
  unmet<Practice extends Known & { readonly kind: Kind }>(practices: readonly Practice[]) {
    const found: { readonly practice: Practice; readonly reaction: Reaction; readonly nav: string }[] = []
    const notices = new Map<string, number>()
    for (const line of paymentsIn(this.#journals)) {
      if (line.operazione !== 'posizione') continue
      const [option] = line.posizione.paymentOption
      const { iuv, nav = `3${iuv}` } = option!.installments[0]!
      const practice = practices.find(({ cf }) => cf === option?.debtor?.fiscalCode)
      if (!practice) continue
      const index = notices.get(practice.id) ?? 0
      notices.set(practice.id, index + 1)
      if (this.#met.size === this.#met.add(nav).size) continue
      found.push({ practice, reaction: practice.kind.onNotice?.[index] ?? IGNORES, nav })
    }
    return found
  }

  /** Whoever finds that it can be paid no more leaves it at that. */
  async pay(nav: string, { times, form }: Pick<Extract<Reaction, { kind: 'pays' }>, 'times' | 'form'>): Promise<void> {
    for (let time = 0; time < times; time++) {
      const body = new URLSearchParams(form)
      const response = await fetch(`${this.#page}/avvisi/${nav}`, { method: 'POST', body, redirect: 'manual' })
      await response.body?.cancel()
    }
  }
}
