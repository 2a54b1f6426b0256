/** The connectors a town's workers use, built from the platforms' addresses. */
import { populationRegister } from './anpr/client.ts'
import type { PopulationRegister } from './anpr/types.ts'
import { archive } from './conservazione/client.ts'
import type { Archive } from './conservazione/types.ts'
import type { Depositor } from './conservazione/unit-xml.ts'
import type { Ledger } from './ledger/ledger.ts'
import { mailSender } from './mail/client.ts'
import type { MailSender } from './mail/types.ts'
import { protocolRegister } from './protocollo/client.ts'
import type { ProtocolRegister } from './protocollo/types.ts'

export interface PlatformAddresses {
  readonly protocollo: { readonly url: string }
  readonly conservazione: { readonly url: string }
  readonly anpr: { readonly url: string }
  readonly mail: { readonly url: string; readonly smtp: { readonly host: string; readonly port: number } }
}

export interface Connectors {
  readonly protocol: ProtocolRegister
  readonly archive: Archive
  readonly population: PopulationRegister
  readonly mail: MailSender
  readonly ledger: Ledger
}

export interface ConnectorOptions {
  readonly addresses: PlatformAddresses
  readonly ledger: Ledger
  /** Sender of all mail. */
  readonly from: string
  readonly depositor: Depositor
  readonly archivePassword: string
}

/** Opens nothing yet; `mail.close()` ends kept connections. */
export function connectors({ addresses, ledger, from, depositor, archivePassword }: ConnectorOptions): Connectors {
  const { protocollo, conservazione, anpr, mail } = addresses
  return {
    protocol: protocolRegister(protocollo),
    archive: archive({ ...conservazione, depositor, password: archivePassword }),
    population: populationRegister(anpr),
    mail: mailSender({ ...mail.smtp, from }),
    ledger,
  }
}
