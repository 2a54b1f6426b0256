/** What a page makes a browser fetch that has nothing yet, as it comes over the wire. */
import type { Page } from 'playwright-core'

/** Bytes that any page may weigh, everything on it included (C.SE 4.1). */
export const WEIGHT_MAX = 300 * 1024

export interface Fetched {
  /** With headers. */
  readonly bytes: number
  readonly hosts: ReadonlySet<string>
}

/** Opens the address with nothing kept from before. */
export async function fetched(page: Page, address: string): Promise<Fetched> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.clearBrowserCache')
  const hosts = new Set<string>()
  let bytes = 0
  session.on('Network.requestWillBeSent', ({ request }) => void hosts.add(new URL(request.url).host))
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  await session.detach()
  hosts.delete('')
  return { bytes, hosts }
}
