/**
 * The page on which a notice is paid, which is pagoPA's. Owns: the port and its patience. Does not own: pagoPA, which main.ts puts behind
 * it. That somebody comes back from there proves nothing.
 */

export interface NoticeToPay {
  readonly numeroAvviso: string
  readonly importo: number
  readonly oggetto: string
}
/** Where a payer comes back to. */
export interface WaysBack {
  readonly pagato: string
  readonly annullato: string
  readonly errore: string
}

/** Resolves with the address of a page on which it is paid. Nothing is owed or paid by asking. */
export type OpenCheckout = (notice: NoticeToPay, back: WaysBack) => Promise<string>

/** `page`: the path of ours to come back to. Null when pagoPA opens no page now. */
export type PayOnline = (notice: NoticeToPay, page: string) => Promise<string | null>

/** What a payer came back with, in the address of the page. */
export const CAME_BACK = 'pagamento'

/** A person waits for a page. */
const PATIENCE_MS = 10_000

/** Never rejects and never waits longer. `origin`: of the pages, once they are served. */
export function payOnlineBy(
  open: OpenCheckout | undefined,
  origin: Promise<URL>,
  log: (line: string) => void,
): PayOnline {
  if (open === undefined) return async () => null
  return async (notice, page) => {
    const tooLate = Promise.withResolvers<null>()
    const timer = setTimeout(() => tooLate.resolve(null), PATIENCE_MS)
    try {
      const back = waysBack(await origin, page)
      return await Promise.race([open(notice, back), tooLate.promise])
    } catch (error) {
      log(`pages: no page to pay on was opened: ${error instanceof Error ? error.name : typeof error}`)
      return null
    } finally {
      clearTimeout(timer)
    }
  }
}

function waysBack(origin: URL, page: string): WaysBack {
  const to = (result: string): string => new URL(`${page}?${CAME_BACK}=${result}`, origin).href
  return { pagato: to('fatto'), annullato: to('annullato'), errore: to('errore') }
}
