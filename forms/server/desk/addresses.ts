/** The desk's addresses. */
import type { KeyText } from '../../../engine/protocol/gateway.ts'

export const DESK = '/scrivania'
export const COUNTER = `${DESK}/sportello`
export const PRACTICES_LIST = `${DESK}/pratiche`
/** Where acts are signed together. */
export const SIGNING = `${DESK}/firme`
export const INCIDENTS_LIST = `${DESK}/problemi`

/** `queue`: the filters of the queue the person came from, as they stand in its address. */
export const taskAddress = (key: KeyText, queue = ''): string =>
  `${DESK}/compiti/${key}${queue === '' ? '' : `?${new URLSearchParams({ coda: queue })}`}`
export const instanceAddress = (key: KeyText): string => `${PRACTICES_LIST}/${key}`
export const batchAddress = (key: KeyText): string => `${SIGNING}/${key}`
export const documentAddress = (id: string): string => `${DESK}/documenti/${id}`
export const queueAddress = (queue: string): string => (queue === '' ? DESK : `${DESK}?${queue}`)

/** With something to be told when the page has been reached. */
export const withMark = (address: string, mark: string, value = ''): string =>
  `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams({ [mark]: value })}`
