/**
 * Images looked at before anybody opens them. Owns: that a JPEG, PNG or HEIC is whole, how large it becomes, where it ends.
 * What follows the end of a JPEG or PNG is cut off: cameras put previews there, attackers archives; nobody who looks needs either.
 */
import { crc32, createInflate } from 'node:zlib'
import type { Reason } from '../refusals.ts'
import { inflatedBytes } from './inflate.ts'

const PIXELS_MAX = 100_000_000
const SIDE_MAX = 30_000

/** Where the image ends, or what is wrong with it. */
export type Looked = { readonly end: number } | { readonly reason: Reason }
const wrong = (reason: Reason): Looked => ({ reason })

const sizeFault = (width: number, height: number): Reason | null => {
  if (width < 1 || height < 1) return 'damaged'
  return width > SIDE_MAX || height > SIDE_MAX || width * height > PIXELS_MAX ? 'pixels' : null
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
const [SCAN, END] = [0xda, 0xd9]

/** Segment by segment to the marker of the end. */
export function lookAtJpeg(content: Buffer): Looked {
  let at = 2
  let fault: Reason | null = 'damaged'
  while (at + 4 <= content.length) {
    if (content[at] !== 0xff) return wrong('damaged')
    const marker = content[at + 1]!
    if (marker === 0xff) at += 1
    else if (marker === END) return fault === null ? { end: at + 2 } : wrong(fault)
    else if (standsAlone(marker)) at += 2
    else {
      const length = content.readUInt16BE(at + 2)
      if (length < 2 || at + 2 + length > content.length) return wrong('damaged')
      if (isFrame(marker)) {
        if (length < 8) return wrong('damaged')
        fault = sizeFault(content.readUInt16BE(at + 7), content.readUInt16BE(at + 5))
      }
      at += 2 + length
      if (marker === SCAN) at = afterScan(content, at)
    }
  }
  const hasEnd = at + 2 <= content.length && content[at] === 0xff && content[at + 1] === END
  return hasEnd && fault === null ? { end: at + 2 } : wrong(fault ?? 'damaged')
}

/** Coded data end at a marker that is neither a stuffed byte nor a restart. */
function afterScan(content: Buffer, from: number): number {
  for (let at = content.indexOf(0xff, from); at !== -1; at = content.indexOf(0xff, at + 1)) {
    const next = content[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return content.length
}

const PNG_HEAD = 8
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
/** Of a profile or a text packed beside the image. */
const SIDE_DATA_MAX = 4 * 1024 * 1024

/** Chunk by chunk with their checksums; the packed rows must become what the head says and no more. */
export async function lookAtPng(content: Buffer): Promise<Looked> {
  const rows: Buffer[] = []
  let expected = 0
  for (let at = PNG_HEAD; at + 12 <= content.length; ) {
    const length = content.readUInt32BE(at)
    const next = at + 12 + length
    if (next > content.length) break
    const body = content.subarray(at + 8, next - 4)
    if (crc32(content.subarray(at + 4, next - 4)) !== content.readUInt32BE(next - 4)) break
    const name = content.toString('latin1', at + 4, at + 8)
    if (name === 'IHDR') {
      if (at !== PNG_HEAD || length !== 13) break
      const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)]
      const fault = sizeFault(width, height)
      if (fault !== null) return wrong(fault)
      // An interlaced image has up to seven times as many rows, each with its own byte.
      expected = height * (Math.ceil((width * (CHANNELS[body[9]!] ?? 4) * body[8]!) / 8) + 8) + 64
    } else if (expected === 0) break
    else if (name === 'IDAT') rows.push(body)
    else if (name === 'IEND') return (await isAsSaid(rows, expected)) ? { end: next } : wrong('unpacks')
    else if (/^(?:iCCP|zTXt|iTXt)$/.test(name) && (await unpacksTooMuch(body))) return wrong('unpacks')
    at = next
  }
  return wrong('damaged')
}

const isAsSaid = async (rows: readonly Buffer[], expected: number): Promise<boolean> =>
  rows.length > 0 && (await inflatedBytes(rows, createInflate(), expected)) !== null

/** After the name and the byte of the method; what is not packed fails to unpack, and is as long as it is. */
async function unpacksTooMuch(body: Buffer): Promise<boolean> {
  const start = body.indexOf(0x78, body.indexOf(0) + 1)
  return start !== -1 && (await inflatedBytes([body.subarray(start)], createInflate(), SIDE_DATA_MAX)) === null
}

const BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'])

export const isHeic = (content: Buffer): boolean =>
  content.toString('latin1', 4, 8) === 'ftyp' && BRANDS.has(content.toString('latin1', 8, 12))

/** Its boxes fill the file exactly, and the ones an image has are there. */
export function lookAtHeic(content: Buffer): Looked {
  const names = new Set<string>()
  let at = 0
  while (at + 8 <= content.length) {
    const short = content.readUInt32BE(at)
    const length = short === 1 && at + 16 <= content.length ? Number(content.readBigUInt64BE(at + 8)) : short
    names.add(content.toString('latin1', at + 4, at + 8))
    const size = length === 0 ? content.length - at : length
    if (size < 8) return wrong('damaged')
    at += size
  }
  if (at !== content.length) return wrong('damaged')
  return names.has('meta') && names.has('mdat') ? { end: at } : wrong('damaged')
}
