/** The connectors a town's workers use, built from how its platforms are reached. */
import { populationRegister } from './anpr/client.ts'
import type { PopulationRegister } from './anpr/types.ts'
import { archive } from './conservazione/client.ts'
import type { Archive } from './conservazione/types.ts'
import type { DocumentStore } from './documents/store.ts'
import type { Ledger } from './ledger/ledger.ts'
import { mailSender } from './mail/client.ts'
import type { MailSender } from './mail/types.ts'
import { protocolRegister } from './protocollo/client.ts'
import type { ProtocolRegister } from './protocollo/types.ts'

/** How each platform is reached, and what it knows us by: passwords and keys are in it. */
export interface Platforms {
  readonly protocollo: { readonly url: string }
  readonly conservazione: {
    readonly url: string
    readonly ambiente: string
    readonly userId: string
    readonly password: string
  }
  readonly anpr: { readonly url: string }
  readonly mail: { readonly url: string; readonly smtp: { readonly host: string; readonly port: number } }
}

/** The public body that calls, as its configuration describes it. */
export interface PublicBody {
  readonly nome: string
  readonly codiceIpa: string
  readonly codiceAoo: string
  /** Sender of all mail. */
  readonly email: string
}

export interface Connectors {
  readonly protocol: ProtocolRegister
  readonly archive: Archive
  readonly population: PopulationRegister
  readonly mail: MailSender
  readonly ledger: Ledger
  readonly documents: DocumentStore
  /** Ends kept connections. */
  close(): void
}

export interface ConnectorOptions extends Pick<Connectors, 'ledger' | 'documents'> {
  readonly platforms: Platforms
  readonly body: PublicBody
}

/** Opens nothing yet. */
export function connectors({ platforms, body, ledger, documents }: ConnectorOptions): Connectors {
  const { protocollo, conservazione, anpr } = platforms
  const mail = mailSender({ ...platforms.mail.smtp, from: body.email })
  const { url, password, ambiente, userId } = conservazione
  const depositor = { ambiente, userId, ente: body.codiceIpa, struttura: body.codiceAoo }
  return {
    protocol: protocolRegister(protocollo),
    archive: archive({ url, password, depositor }),
    population: populationRegister(anpr),
    mail,
    ledger,
    documents,
    close: () => mail.close(),
  }
}
