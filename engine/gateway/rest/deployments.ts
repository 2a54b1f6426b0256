import type { Deployed } from '../../protocol/gateway.ts'
import { invalid } from '../rejection.ts'
import { parseMultipart } from './multipart.ts'
import { found, inquiry, json, keyIn, type Operation, operation } from './operation.ts'
import { nothing } from './shapes.ts'

/** Each entry has exactly one member, named by what was deployed. */
function deployedResource(deployed: Deployed): object {
  switch (deployed.kind) {
    case 'process': {
      const { kind: _, bpmnProcessId, version, ...process } = deployed
      const ids = { processDefinitionId: bpmnProcessId, processDefinitionVersion: version }
      return { processDefinition: { ...ids, ...process } }
    }
    case 'decision': {
      const { kind: _, decisionId, decisionName, decisionKey, ...decision } = deployed
      const ids = { decisionDefinitionId: decisionId, name: decisionName, decisionDefinitionKey: decisionKey }
      return { decisionDefinition: { ...ids, ...decision } }
    }
    case 'decisionRequirements': {
      const { kind: _, ...decisionRequirements } = deployed
      return { decisionRequirements }
    }
    case 'form': {
      const { kind: _, ...form } = deployed
      return { form }
    }
  }
}

/** The API serves only resources that are nothing but files (robot scripts); here every resource is a process, decision or form. */
const noSuchFile: Operation['handle'] = async (request) =>
  json(found(null, 'a plain resource', keyIn(request, 'resourceKey')))

export const deployments: readonly Operation[] = [
  operation('createDeployment', 'POST /deployments', async ({ gateway, bytes, contentType }) => {
    const parts = parseMultipart(contentType, bytes)
    const resources = parts
      .filter((part) => part.name === 'resources')
      .map(({ filename, content }) => ({ name: filename ?? '', content }))
    if (resources.length === 0) throw invalid('Expected at least one part named resources, but found none')
    const tenantId = parts.find((part) => part.name === 'tenantId')?.content.toString('utf8')
    const { deployments, ...deployment } = await gateway.deployResources({ resources, tenantId })
    return json({ ...deployment, deployments: deployments.map(deployedResource) })
  }),
  inquiry('deleteResource', 'POST /resources/{resourceKey}/deletion', nothing, async (_body, request) => {
    const resourceKey = keyIn(request, 'resourceKey')
    await request.gateway.deleteResource(resourceKey)
    return { resourceKey }
  }),
  operation('getResource', 'GET /resources/{resourceKey}', noSuchFile),
  operation('getResourceContent', 'GET /resources/{resourceKey}/content', noSuchFile),
]
