/** Client of INAD's extraction service, operation `extract`. */
import { z } from 'zod'
import { Refused, UnknownOutcome } from '../effect.ts'
import type { Eservice, EserviceAnswer, Pdnd } from '../pdnd/types.ts'
import type { DigitalDomiciles } from './types.ts'

const elementSchema = z.object({
  digitalAddress: z.email(),
  practicedProfession: z.string().nullish(),
  usageInfo: z.object({ dateEndValidity: z.string().nullish() }).nullish(),
})
const extractSchema = z.object({ digitalAddress: z.array(elementSchema) })

/** A tax code in which a digit was replaced by a letter because two people would have had the same (omocodia). */
const HOMOCODE = /^[A-Z]{6}(?=.*[L-NP-V])[0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]$/
const PLAIN = /^[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]$/

export interface DigitalDomicilesOptions {
  readonly exchange: Pdnd
  readonly eservice: Eservice
  /** Epoch milliseconds, by which an address is valid. */
  readonly now: () => number
}

export function digitalDomiciles({ exchange, eservice, now }: DigitalDomicilesOptions): DigitalDomiciles {
  return {
    async find({ codiceFiscale, riferimento, userId }) {
      const code = codiceFiscale.toUpperCase()
      const path = `/extract/${encodeURIComponent(code)}`
      const query = { practicalReference: riferimento }
      const answer = await exchange.call(eservice, { method: 'GET', path, query, userId, answers: [400, 404] })
      // Its description admits no such code, and the service may keep to it: nobody could then have been found.
      if (answer.status === 404 || (answer.status === 400 && isHomocode(code))) return null
      if (answer.status === 400) throw new Refused('400', 'Expected INAD to look a tax code up, but it refused it.')
      return addressIn(answer, now())
    },
  }
}

const isHomocode = (code: string): boolean => HOMOCODE.test(code) && !PLAIN.test(code)

function addressIn({ text }: EserviceAnswer, now: number): string | null {
  const valid = understood(text).filter(({ usageInfo }) => {
    const end = usageInfo?.dateEndValidity
    return !end || Date.parse(end) > now
  })
  const chosen = valid.find(({ practicedProfession }) => !practicedProfession) ?? valid[0]
  return chosen?.digitalAddress ?? null
}

function understood(text: string): z.infer<typeof extractSchema>['digitalAddress'] {
  try {
    return extractSchema.parse(JSON.parse(text)).digitalAddress
  } catch {
    throw new UnknownOutcome('INAD answered with something that is no list of addresses')
  }
}
