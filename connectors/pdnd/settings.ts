/**
 * The settings of the exchange, checked before anything is signed: a pattern written wrongly would leave a call unsigned, an address
 * without TLS would give a voucher away.
 */
import { z } from 'zod'
import type { PdndSettings } from './types.ts'

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

const isGuarded = (text: string): boolean => {
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
}
const address = z.url().refine(isGuarded, 'expected https (http on this machine only)')
const text = z.string().min(1)

export const eserviceSchema = z.strictObject({
  url: address,
  audience: text,
  purposeId: z.uuid(),
  patterns: z.array(z.enum(['INTEGRITY_REST_02', 'AUDIT_REST_01', 'AUDIT_REST_02', 'DPOP'])),
  answerKeysFile: text.optional(),
})
export const settingsSchema = z.strictObject({
  url: address,
  audience: text,
  clientId: z.uuid(),
  kid: text.optional(),
  keyFile: text,
  evidence: z.strictObject({ userLocation: text, LoA: text }),
  eservices: z.record(z.string(), eserviceSchema),
})

/** Throws an `Error` that names each wrong field. */
export function checkSettings(settings: PdndSettings): void {
  const checked = settingsSchema.safeParse(settings)
  if (!checked.success)
    throw new Error(
      `Expected the settings of the PDND to say how it is reached, but:\n${z.prettifyError(checked.error)}\nCorrect them.`,
    )
}
