import { z } from 'zod'
import { GatewayError } from '../../protocol/gateway.ts'
import { DEFAULT_TENANT } from '../../protocol/records.ts'
import type { EngineClock } from '../../runtime/engine.ts'
import { command, json, noContent, type Operation, operation } from './operation.ts'
import { int64 } from './shapes.ts'

export const cluster: readonly Operation[] = [
  operation('getTopology', 'GET /topology', async ({ gateway }) => {
    const { brokers, ...topology } = await gateway.topology()
    return json({
      ...topology,
      lastCompletedChangeId: '-1',
      brokers: brokers.map((broker) => ({
        ...broker,
        partitions: broker.partitions.map(({ partitionId, role, health }) => ({
          partitionId,
          role: role.toLowerCase(),
          health: health.toLowerCase(),
        })),
      })),
    })
  }),
  operation('getStatus', 'GET /status', async ({ gateway }) => {
    const { brokers } = await gateway.topology()
    if (brokers.some(({ partitions }) => partitions.some(({ health }) => health === 'HEALTHY'))) return noContent
    throw new GatewayError('UNAVAILABLE', 'Expected a healthy partition, but there is none')
  }),
  operation('getLicense', 'GET /license', async () =>
    json({ validLicense: true, licenseType: 'EUPL-1.2', isCommercial: false }),
  ),
  operation('getAuthentication', 'GET /authentication/me', async ({ user }) => {
    if (user === null) throw new GatewayError('UNAUTHENTICATED', 'Expected a user, but authentication is off')
    return json({
      username: user,
      displayName: user,
      email: null,
      authorizedComponents: ['*'],
      tenants: [{ tenantId: DEFAULT_TENANT, name: 'Default' }],
      groups: [],
      roles: [],
      salesPlanType: '',
      c8Links: {},
      canLogout: false,
    })
  }),
]

/** Leaves room for what falls due later: dates end at 8.64e15. */
const PIN_MAX = 4e15

/** Only where the clock may be set. */
export const clockOperations = (clock: EngineClock): readonly Operation[] => [
  command(
    'pinClock',
    'PUT /clock',
    z.object({ timestamp: int64.refine((at) => at >= 0 && at <= PIN_MAX, `expected 0 to ${PIN_MAX}`) }),
    async (body) => clock.pin(body.timestamp),
  ),
  operation('resetClock', 'POST /clock/reset', async () => {
    clock.reset()
    return noContent
  }),
]
