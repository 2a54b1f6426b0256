import { command, gets, keyIn, type Operation, searches } from './operation.ts'
import { nothing } from './shapes.ts'

export const incidents: readonly Operation[] = [
  searches('searchIncidents', 'POST /incidents/search', 'incidents'),
  gets('getIncident', 'GET /incidents/{incidentKey}', 'incidents', 'an incident'),
  command('resolveIncident', 'POST /incidents/{incidentKey}/resolution', nothing, (_body, request) =>
    request.gateway.resolveIncident(keyIn(request, 'incidentKey')),
  ),
]
