/** What the sample provider remembers of sign-ins under way: in memory, for as long as it says, at most so many. */
import type { Adapter } from 'oidc-provider/lib/provider.js'

/** When full, the oldest go: a sign-in takes seconds, and whoever lost theirs begins anew. */
const ENTRIES_MAX = 2_000

interface Entry {
  readonly payload: object
  readonly expiresAt: number
}

export function shortMemory(): new (model: string) => Adapter {
  const entries = new Map<string, Entry>()
  const alive = (key: string) => {
    const entry = entries.get(key)
    return entry !== undefined && entry.expiresAt > Date.now() ? entry.payload : undefined
  }
  const first = (prefix: string, has: (payload: object) => boolean) =>
    [...entries.keys()].find((key) => key.startsWith(prefix) && has(alive(key) ?? {}))

  return class Memory implements Adapter {
    readonly #model: string
    constructor(model: string) {
      this.#model = model
    }
    #key(id: string): string {
      return `${this.#model}:${id}`
    }
    async upsert(id: string, payload: object, expiresIn = 0): Promise<void> {
      entries.delete(this.#key(id))
      entries.set(this.#key(id), { payload, expiresAt: Date.now() + expiresIn * 1_000 })
      if (entries.size > ENTRIES_MAX) entries.delete(entries.keys().next().value!)
    }
    async find(id: string): Promise<object | undefined> {
      return alive(this.#key(id))
    }
    async findByUid(uid: string): Promise<object | undefined> {
      const key = first(`${this.#model}:`, (payload) => 'uid' in payload && payload.uid === uid)
      return key === undefined ? undefined : alive(key)
    }
    /** Devices without a browser do not sign in here. */
    async findByUserCode(): Promise<undefined> {}
    async consume(id: string): Promise<void> {
      const payload = alive(this.#key(id))
      if (payload !== undefined) Object.assign(payload, { consumed: Math.floor(Date.now() / 1_000) })
    }
    async destroy(id: string): Promise<void> {
      entries.delete(this.#key(id))
    }
    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { payload }] of entries) {
        if ('grantId' in payload && payload.grantId === grantId) entries.delete(key)
      }
    }
  }
}
