import { z } from 'zod'
import { withoutNulls } from './fields.ts'
import {
  found,
  gets,
  inquiry,
  json,
  keyIn,
  noContent,
  type Operation,
  operation,
  type RestRequest,
  searches,
  xml,
} from './operation.ts'
import { filterOf } from './search.ts'

const PATH = '/process-definitions/{processDefinitionKey}'

async function existing(request: RestRequest): Promise<string> {
  const key = keyIn(request, 'processDefinitionKey')
  found(await request.gateway.query.get('process-definitions', key), 'a process definition', key)
  return key
}

export const processDefinitions: readonly Operation[] = [
  searches('searchProcessDefinitions', 'POST /process-definitions/search', 'process-definitions'),
  gets('getProcessDefinition', `GET ${PATH}`, 'process-definitions', 'a process definition'),
  operation('getProcessDefinitionXML', `GET ${PATH}/xml`, async (request) => {
    const text = await request.gateway.query.resourceText('process-definition', await existing(request))
    return text === null ? noContent : xml(text)
  }),
  operation('getStartProcessForm', `GET ${PATH}/form`, async (request) => {
    const form = await request.gateway.query.form('process-definition', await existing(request))
    return form === null ? noContent : json(withoutNulls(form))
  }),
  inquiry(
    'getProcessDefinitionStatistics',
    `POST ${PATH}/statistics/element-instances`,
    z.object({ filter: z.unknown().optional() }),
    async ({ filter }, request) => {
      const key = keyIn(request, 'processDefinitionKey')
      const chosen = filterOf('process-instances', filter)
      return { items: await request.gateway.query.elementStatistics('process-definition', key, chosen) }
    },
  ),
]
