/**
 * What a broker's debug exporter writes: one record a line, among other lines, in the order of the log. Owns following the file.
 * Does not own the broker (test/bench/zeebe-broker.ts).
 */
import { closeSync, openSync, readSync } from 'node:fs'
import type { Entry } from '../../engine/store/store.ts'

const CHUNK_BYTES = 1024 * 1024

/** The records' fields are Zeebe's in both engines (F5). */
type ExportedRecord = Entry['record'] & Pick<Entry, 'position' | 'sourceRecordPosition' | 'timestamp'>

const isRecord = (value: unknown): value is ExportedRecord =>
  typeof value === 'object' && value !== null && 'recordType' in value && 'position' in value && 'valueType' in value

/** The records of one partition, as far as they have been written. */
export class BrokerLog {
  readonly #file: string
  readonly #entries: Entry[] = []
  #offset = 0
  #rest = ''

  constructor(file: string) {
    this.#file = file
  }

  after(position: number): readonly Entry[] {
    this.#read()
    return this.#entries.filter((entry) => entry.position > position)
  }

  #read(): void {
    const file = openSync(this.#file, 'r')
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (;;) {
      const bytes = readSync(file, chunk, 0, CHUNK_BYTES, this.#offset)
      if (bytes === 0) break
      this.#offset += bytes
      this.#rest += chunk.toString('latin1', 0, bytes)
    }
    closeSync(file)
    const lines = this.#rest.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#take(line)
  }

  /** Bytes were kept apart until a line was whole, so that no character is cut in two. */
  #take(line: string): void {
    const start = line.indexOf('{"partitionId"')
    if (start < 0) return
    const record: unknown = JSON.parse(Buffer.from(line.slice(start), 'latin1').toString('utf8'))
    if (!isRecord(record)) return
    const { position, sourceRecordPosition, timestamp } = record
    // The sections of a log are of our store alone.
    const sections = { processInstanceKey: -1, rootProcessInstanceKey: -1 }
    this.#entries.push({ position, sourceRecordPosition, timestamp, ...sections, record })
  }
}
