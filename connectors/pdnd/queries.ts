/** E-services by the names the town knows them by. */
import type { Eservice, EserviceQueries, Pdnd } from './types.ts'

export function eserviceQueries(exchange: Pdnd, eservices: Readonly<Record<string, Eservice>>): EserviceQueries {
  return {
    async ask({ eservice: name, ...call }) {
      const eservice = Object.hasOwn(eservices, name) ? eservices[name] : undefined
      if (eservice === undefined)
        throw new Error(
          `Expected the e-service ${name} to be among those of the PDND, but it is not. Describe it in the platforms' settings.`,
        )
      return exchange.call(eservice, call)
    },
  }
}
