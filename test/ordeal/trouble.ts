/**
 * What goes wrong at the platforms besides kills: each effect loses its answer at least once, and by chance calls fail before or after
 * they had their effect, or take long. Owns which faults a platform can have. Does not own the kills (ordeal.ts).
 */
import type { Platforms } from '../../connectors/platforms.ts'
import type { Keeper } from './journals.ts'
import { TRACES } from './traces.ts'

const KINDS = ['drop-after', 'error-after', 'error-before', 'delay-after'] as const
type Kind = (typeof KINDS)[number]
/** A mail server that answers with a number has said no (RFC 5321, 4.2.1): one that has delivered all the same breaks its word. */
const TRUTHFUL: readonly Kind[] = ['drop-after', 'error-before', 'delay-after']
const kindsOf = (platform: Keeper): readonly Kind[] => (platform === 'mail' ? TRUTHFUL : KINDS)

/** Below the three seconds after which a job is given to another. */
const DELAY_MS_MAX = 2_000
/** A call of an effect may be followed by trouble for the next. */
const TROUBLE_CHANCE = 0.12

/** Calls that change nothing by themselves, and of which an effect is made all the same. */
const BESIDE: readonly (readonly [Keeper, string])[] = [
  ['firma', 'credentials/authorize'],
  ['firma', '/tsa'],
  ['pagopa', 'leggi'],
]
/** So many practices of each round of kinds have an effect by an operation that several job types share. */
const SHARED_TIMES = 3

export interface Trouble {
  /** The next call of each effect loses its answer; so many of one by which several types act that each of them is among them. */
  everywhereOnce(): Promise<void>
  /** By chance, after a call of this operation. */
  perhaps(platform: string, operation: string): void
  /** The protocol does not answer until this instant of the town's clock. */
  protocolDownUntil(instant: number): Promise<void>
  /** Nothing new goes wrong by chance until the next beginning. */
  end(): void
  begin(): void
}

export function troubleFor(platforms: Platforms, chance: () => number): Trouble {
  let isOver = true
  const effects = new Map(TRACES.map((trace) => [`${trace.platform}.${trace.operation}`, trace]))
  const troubled = new Map([
    ...[...effects].map(([call, { platform }]) => [call, platform] as const),
    ...BESIDE.map(([platform, operation]) => [`${platform}.${operation}`, platform] as const),
  ])
  const tell = async (platform: Keeper, what: 'faults' | 'down', body: object): Promise<void> => {
    const { ok, status } = await fetch(`${platforms[platform].url}/_sandbox/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    if (!ok) throw new Error(`Expected the sandbox of ${platform} to plan trouble, but it answered ${status}`)
  }
  return {
    async everywhereOnce() {
      for (const { platform, operation, types } of effects.values())
        await tell(platform, 'faults', { operation, kind: 'drop-after', times: types.length > 1 ? SHARED_TIMES : 1 })
    },
    perhaps(platform, operation) {
      const keeper = troubled.get(`${platform}.${operation}`)
      if (isOver || !keeper || chance() >= TROUBLE_CHANCE) return
      const kinds = kindsOf(keeper)
      const kind = kinds[Math.floor(chance() * kinds.length)]
      // It comes too late when all is over.
      void tell(keeper, 'faults', { operation, kind, delayMs: Math.round(chance() * DELAY_MS_MAX) }).catch(() => {})
    },
    protocolDownUntil: (instant) => tell('protocollo', 'down', { until: new Date(instant).toISOString() }),
    end() {
      isOver = true
    },
    begin() {
      isOver = false
    },
  }
}
