/**
 * The memory of a sandbox: an append-only file of JSON lines, read back at the next start. What a platform has done is what
 * its journal says, so it survives the death of the sandbox as the real platform survives ours.
 */
import { appendFileSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Journal<Entry> {
  readonly entries: readonly Entry[]
  append(entry: Entry): void
}

/** Opens or creates the file. A last line cut off by a kill was never answered for, and is dropped. */
export function openJournal<Entry>(file: string): Journal<Entry> {
  mkdirSync(dirname(file), { recursive: true })
  const entries = readEntries<Entry>(file)
  return {
    entries,
    append(entry) {
      appendFileSync(file, `${JSON.stringify(entry)}\n`)
      entries.push(entry)
    },
  }
}

function readEntries<Entry>(file: string): Entry[] {
  appendFileSync(file, '')
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole))
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry)
}
