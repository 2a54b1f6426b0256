import { VALUE_LENGTH_SHOWN } from '../../protocol/query.ts'
import type { Json } from '../../protocol/records.ts'
import { withoutNulls } from './fields.ts'
import { bodyOf, found, json, keyIn, type Operation, operation, pageOf } from './operation.ts'
import { searchOf } from './search.ts'

/** Cuts long values, unless `truncateValues=false` asks for all. */
export function cutValues(page: ReturnType<typeof pageOf>, query: URLSearchParams): ReturnType<typeof pageOf> {
  const isCut = (value: Json) => query.get('truncateValues') !== 'false' && value.length > VALUE_LENGTH_SHOWN
  const items = page.items.map((row) => {
    const value = String(row.value)
    return isCut(value)
      ? { ...row, value: value.slice(0, VALUE_LENGTH_SHOWN), isTruncated: true }
      : { ...row, isTruncated: false }
  })
  return { ...page, items }
}

export const variables: readonly Operation[] = [
  operation('searchVariables', 'POST /variables/search', async (request) => {
    const page = await request.gateway.query.search('variables', searchOf('variables', bodyOf(request)))
    return json(cutValues(pageOf(page), request.query))
  }),
  operation('getVariable', 'GET /variables/{variableKey}', async (request) => {
    const key = keyIn(request, 'variableKey')
    const { isTruncated: _, ...variable } = found(await request.gateway.query.get('variables', key), 'a variable', key)
    return json(withoutNulls(variable))
  }),
]
