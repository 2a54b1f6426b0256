/** What both versions of the CSC's API say alike. */
import { z } from 'zod'
import { json, type PlatformAnswer } from '../../sandbox.ts'
import type { Holder } from './holders.ts'
import type { Result, Trouble, Vault } from './vault.ts'

/** By the method's name below the version. */
export type Operations = Readonly<
  Record<string, (vault: Vault, body: unknown) => PlatformAnswer | Promise<PlatformAnswer>>
>

/** What is said of trouble, with the error code where it is not `invalid_request`. */
const TROUBLES: Readonly<Record<Trouble, readonly [description: string, error?: string]>> = {
  disabled: ['The credential is disabled'],
  expired: ['Signing certificate is expired'],
  locked: ['Credential locked'],
  'wrong PIN': ['The PIN is invalid', 'invalid_pin'],
  'wrong code': ['The OTP is invalid', 'invalid_otp'],
  'too many': ['Numbers of signatures is too high'],
  'other number of hashes': ['Invalid parameter hash'],
  'no such activation': ['Invalid parameter SAD'],
  'activation expired': ['SAD expired'],
  'hash not authorised': ['Hash is not authorized by the SAD'],
  'no SHA-256': ['Invalid digest value length'],
}

export const invalid = (error_description: string, error = 'invalid_request'): PlatformAnswer =>
  json(400, { error, error_description })

/** `codes`: the errors that a version names otherwise. */
export function answered<Value>(
  result: Result<Value>,
  answer: (value: Value) => PlatformAnswer,
  codes: Partial<Record<Trouble, string>> = {},
): PlatformAnswer {
  if (result.kind === 'done') return answer(result.value)
  const [description, error] = TROUBLES[result.trouble]
  return invalid(description, codes[result.trouble] ?? error)
}

/** A call about one credential, of this shape. */
export const ofCredential =
  <Asked>(
    schema: z.ZodType<Asked>,
    act: (vault: Vault, holder: Holder, asked: Asked) => PlatformAnswer | Promise<PlatformAnswer>,
  ): Operations[string] =>
  (vault, body) => {
    const named = z.object({ credentialID: z.string() }).safeParse(body)
    const holder = vault.holderOf(named.data?.credentialID)
    if (!holder) return invalid('Invalid parameter credentialID')
    const asked = schema.safeParse(body)
    return asked.success ? act(vault, holder, asked.data) : invalid('Missing (or invalid type) parameter')
  }

export const EMPTY: PlatformAnswer = { status: 204, type: 'application/json', body: '' }
