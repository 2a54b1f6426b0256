/** Connectors before sandboxes of their own, for tests: journals can be read, trouble planned. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectorOptions, type Connectors, connectors } from '../../connectors/index.ts'
import type { Platforms } from '../../connectors/platforms.ts'
import { type SandboxesOptions, startSandboxes } from '../../connectors/sandboxes.ts'
import { loadTown } from '../../processes/town.ts'
import { memoryAccounts } from './memory-accounts.ts'
import { memoryDocuments } from './memory-documents.ts'
import { memoryEmergencyRegister } from './memory-emergency.ts'
import { memoryLedger } from './memory-ledger.ts'
import { memoryMailroom } from './memory-mailroom.ts'
import { memoryNotices } from './memory-notices.ts'
import { memoryPayments } from './memory-payments.ts'
import { memoryReconciliation } from './memory-reconciliation.ts'
import { withoutSpecs } from './official-api.ts'
import { contractFaults } from './official-contract.ts'

export type PlatformName = keyof Platforms
export type JournalEntry = Readonly<Record<string, unknown>>

export interface Said {
  readonly method: string
  readonly pathname: string
  readonly status: number
}
export interface SandboxedPlatforms extends AsyncDisposable {
  readonly platforms: Platforms
  readonly connectors: Connectors
  /** What a platform has done, oldest first. */
  journal(platform: PlatformName): Promise<readonly JournalEntry[]>
  /** The calls it received. */
  calls(platform: PlatformName): Promise<readonly JournalEntry[]>
  /** What was said to it, as far as the platform's own answered, in order. */
  said(platform: PlatformName): readonly Said[]
  /** Why what was said may differ from the platforms' files, as far as it did (official-contract.ts). */
  leftOut(): ReadonlySet<string>
  /** Trouble for the next calls of an operation. */
  plan(platform: PlatformName, operation: string, kind: string, times?: number): Promise<void>
  /** Passes the real time that platforms count by, at once. */
  pause(ms: number): Promise<void>
  /** Nothing of the platform answers until this instant of its clock, epoch milliseconds. */
  takeDown(platform: PlatformName, until: number): Promise<void>
}

/** Connectors to platforms that are already there; what they keep is in memory unless given. */
export const connectorsTo = async (
  platforms: Platforms,
  given: Partial<Omit<ConnectorOptions, 'platforms'>> = {},
): Promise<Connectors> => {
  const memory = {
    ...{ ledger: memoryLedger(), documents: memoryDocuments(given.now ?? Date.now) },
    ...{
      emergency: memoryEmergencyRegister(),
      mailroom: memoryMailroom(),
      noticeInbox: memoryNotices(given.now ?? Date.now),
      accounts: memoryAccounts(),
    },
    awaited: memoryPayments(),
    reconciliation: memoryReconciliation(),
  }
  return connectors({ platforms, body: await loadTown(), ...memory, ...given })
}

type Options = Pick<SandboxesOptions, 'now' | 'tokenNow' | 'observe'> &
  Partial<Pick<ConnectorOptions, 'ledger' | 'documents' | 'emergency'>>

/**
 * Ledger, documents and emergency register are in memory unless given. Whatever is said to a sandbox is compared with its platform's own
 * file, where that is there: closing fails by what differs.
 */
export async function openPlatforms({
  now = Date.now,
  tokenNow = Date.now,
  observe,
  ...kept
}: Options = {}): Promise<SandboxedPlatforms> {
  const directory = await mkdtemp(join(tmpdir(), 'iter-sandboxes-'))
  const [strange, leftOut] = [new Set<string>(), new Set<string>()]
  let passedMs = 0
  const counting = () => tokenNow() + passedMs
  const pause = async (ms: number): Promise<void> => {
    passedMs += ms
  }
  const said = new Map<PlatformName, Said[]>()
  const { platforms, close } = await startSandboxes({
    ...{ directory, now, tokenNow: counting, observe },
    hear(platform, call, answer) {
      const before = said.get(platform) ?? []
      said.set(platform, before)
      before.push({ method: call.method, pathname: call.url.pathname, status: answer.status })
      if (withoutSpecs !== false) return
      const { faults, leftOut: excused } = contractFaults(platform, call, answer)
      for (const fault of faults) strange.add(fault)
      for (const why of excused) leftOut.add(why)
    },
  })
  const tools = await connectorsTo(platforms, { ...kept, now, tokenNow: counting, pause })
  const entries = async (platform: PlatformName, what: string) =>
    (await (await fetch(`${platforms[platform].url}/_sandbox/${what}`)).json()) as readonly JournalEntry[]
  return {
    platforms,
    connectors: tools,
    journal: (platform) => entries(platform, 'journal'),
    calls: (platform) => entries(platform, 'calls'),
    said: (platform) => said.get(platform) ?? [],
    leftOut: () => leftOut,
    pause,
    async plan(platform, operation, kind, times = 1) {
      const body = JSON.stringify({ operation, kind, times })
      const { status } = await fetch(`${platforms[platform].url}/_sandbox/faults`, { method: 'POST', body })
      assert.equal(status, 200)
    },
    async takeDown(platform, until) {
      const body = JSON.stringify({ until: new Date(until).toISOString() })
      const { status } = await fetch(`${platforms[platform].url}/_sandbox/down`, { method: 'POST', body })
      assert.equal(status, 200)
    },
    async [Symbol.asyncDispose]() {
      tools.close()
      await close()
      await rm(directory, { recursive: true })
      assert.deepEqual([...strange], [], 'Expected what was said to be as the platforms describe it')
    },
  }
}
