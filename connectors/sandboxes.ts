/**
 * All sandboxes together, in this process or as a program of their own that outlives the engine:
 * `node connectors/sandboxes.ts --directory DIR` prints how they are reached as one line of JSON and serves until it is stopped.
 */
import { parseArgs } from 'node:util'
import * as albo from './albo/sandbox.ts'
import * as anagrafe from './anagrafe/sandbox.ts'
import * as anpr from './anpr/sandbox.ts'
import * as conservazione from './conservazione/sandbox.ts'
import type { Moment } from './faults.ts'
import * as firma from './firma/sandbox.ts'
import * as gis from './gis/sandbox.ts'
import * as inad from './inad/sandbox.ts'
import * as io from './io/sandbox.ts'
import * as mail from './mail/sandbox.ts'
import * as pagopa from './pagopa/sandbox.ts'
import * as pdnd from './pdnd/sandbox.ts'
import * as pec from './pec/sandbox.ts'
import type { Platforms } from './platforms.ts'
import * as protocollo from './protocollo/sandbox.ts'
import type { PlatformAnswer, PlatformCall, Sandbox } from './sandbox.ts'
import * as send from './send/sandbox.ts'
import * as sms from './sms/sandbox.ts'
import * as uffici from './uffici/sandbox.ts'

type PlatformName = keyof Platforms

export interface SandboxesOptions {
  /** Where journals lie; what a sandbox has done is read back from there. */
  readonly directory: string
  readonly host?: string
  /** A platform without a port takes a free one. */
  readonly ports?: Partial<Record<PlatformName | 'smtp' | 'pecSmtp' | 'pecImap', number>>
  /** Epoch milliseconds. */
  readonly now?: () => number
  /** Real time, by which tokens are judged whatever day the town plays; epoch milliseconds. */
  readonly tokenNow?: () => number
  /** Awaited at each moment of each call: the place for a trigger. */
  readonly observe?: (platform: PlatformName, moment: Moment, operation: string) => void | Promise<void>
  /** Told of each call and its answer before that leaves. */
  readonly hear?: (platform: PlatformName, call: PlatformCall, answer: PlatformAnswer) => void
}
export interface RunningSandboxes {
  /** `mail.url` is the page that shows what was sent. */
  readonly platforms: Platforms
  close(): Promise<void>
}

export async function startSandboxes({
  directory,
  host = '127.0.0.1',
  ports = {},
  now = Date.now,
  tokenNow = Date.now,
  observe,
  hear,
}: SandboxesOptions): Promise<RunningSandboxes> {
  const running: Sandbox[] = []
  const started = async <S extends Sandbox>(starting: Promise<S>): Promise<S> => {
    const sandbox = await starting
    running.push(sandbox)
    return sandbox
  }
  const of = (platform: PlatformName) => ({
    ...{ directory, host, port: ports[platform] ?? 0, now },
    ...(observe && { observe: (moment: Moment, operation: string) => observe(platform, moment, operation) }),
    ...(hear && { hear: (call: PlatformCall, answer: PlatformAnswer) => hear(platform, call, answer) }),
  })
  const close = async () => void (await Promise.all(running.map((sandbox) => sandbox.close())))
  try {
    const { url: protocolUrl, sigillo } = await started(protocollo.start(of('protocollo')))
    const { url: archiveUrl } = await started(conservazione.start(of('conservazione')))
    const { url: boardUrl } = await started(albo.start(of('albo')))
    const { url: populationUrl } = await started(anagrafe.start(of('anagrafe')))
    const purposes = [anpr.ANPR_ESERVICE, inad.INAD_ESERVICE, send.SEND_PURPOSE]
    const exchange = await started(pdnd.start({ ...of('pdnd'), purposes, tokenNow }))
    const { trust } = exchange
    const { url: anprUrl } = await started(anpr.start({ ...of('anpr'), trust }))
    const { url: inadUrl } = await started(inad.start({ ...of('inad'), trust }))
    const { url: mailUrl, smtp } = await started(mail.start({ ...of('mail'), smtpPort: ports.smtp ?? 0 }))
    const pecPorts = { smtpPort: ports.pecSmtp ?? 0, imapPort: ports.pecImap ?? 0 }
    const { url: pecUrl, servers } = await started(pec.start({ ...of('pec'), ...pecPorts }))
    const { url: ioUrl } = await started(io.start({ ...of('io'), tokenNow }))
    const { url: mapUrl } = await started(gis.start(of('gis')))
    const { url: pagopaUrl } = await started(pagopa.start({ ...of('pagopa'), tokenNow }))
    const { url: sendUrl } = await started(send.start({ ...of('send'), trust, tokenNow }))
    const { url: smsUrl } = await started(sms.start(of('sms')))
    const { url: officesUrl } = await started(uffici.start(of('uffici')))
    const signing = await started(firma.start(of('firma')))
    const platforms = {
      protocollo: { url: protocolUrl, sigillo },
      conservazione: { url: archiveUrl, ambiente: 'SANDBOX', userId: 'iter', password: 'sandbox' },
      albo: { url: boardUrl },
      anagrafe: { url: populationUrl },
      firma: signing.settings,
      pdnd: exchange.settings,
      anpr: { ...anpr.ANPR_ESERVICE, url: anprUrl, answerKeysFile: trust.keys.answerKeysFile },
      inad: { ...inad.INAD_ESERVICE, url: inadUrl },
      mail: { url: mailUrl, smtp },
      pec: { url: pecUrl, ...servers },
      io: { url: ioUrl, chiave: io.SANDBOX_KEY },
      pagopa: { url: pagopaUrl, ...pagopa.SANDBOX_ACCOUNT },
      gis: { url: mapUrl, gettone: gis.SANDBOX_TOKEN },
      send: { url: sendUrl, ...send.SANDBOX_ACCOUNT },
      sms: { url: smsUrl, ...sms.SANDBOX_ACCOUNT },
      uffici: { url: officesUrl, servizi: uffici.servicesAt(officesUrl) },
    }
    return { platforms, close }
  } catch (error) {
    await close()
    throw error
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { directory: { type: 'string' }, host: { type: 'string' } } })
  if (values.directory === undefined)
    throw new Error('Expected --directory, but it is missing. Name a folder for the journals.')
  const { platforms, close } = await startSandboxes({ directory: values.directory, host: values.host })
  console.log(JSON.stringify(platforms))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close())
}
