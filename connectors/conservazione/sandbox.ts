/**
 * ParER's SacER as seen by who deposits: always HTTP 200, the outcome in the body; a key is accepted once, and its repeat is
 * answered NEGATIVO with code UD-002-001 and the first receipt. Owns what it keeps. Does not own what it checks (package-checks.ts)
 * nor how it answers (answer-xml.ts).
 */
import type { Journal } from '../journal.ts'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  type PlatformCall,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { findAll, parseXml, textAt, type XmlElement } from '../xml.ts'
import { accepted, refused } from './answer-xml.ts'
import type { Deposited } from './deposited.ts'
import { keyIn, PARTS, type Package, type Refusal, refusalOf } from './package-checks.ts'
import type { UnitKey } from './types.ts'
import { hashOf } from './unit-xml.ts'

export function start(options: SandboxOptions): Promise<Sandbox> {
  const journal = journalOf<Deposited>(options, 'conservazione')
  return startPlatform(options, service(journal, options.now))
}

function service(journal: Journal<Deposited>, now: () => number): Platform {
  return {
    name: 'conservazione',
    entries: journal.entries,
    operationOf: ({ method, url }) =>
      method === 'POST' && url.pathname === '/VersamentoSync' ? 'versa' : 'sconosciuta',
    async answer(operation, call) {
      if (operation !== 'versa') return json(404, { errore: 'operazione sconosciuta' })
      const received = await packageIn(call)
      return 'code' in received ? refused(received) : take(journal, received, new Date(now()).toISOString())
    },
  }
}

/** Reads the parts; refuses what is not the agreed multipart with a readable index. */
async function packageIn({ headers, body }: PlatformCall): Promise<Package | Refusal> {
  const contentType = headers['content-type'] ?? ''
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => new FormData())
  const parts = [...form]
  if (PARTS.some((name, index) => parts[index]?.[0] !== name))
    return { code: 'WS-CHECK', message: `Le parti attese sono, in ordine, ${PARTS.join(', ')} e i file` }
  const files = new Map<string, Uint8Array>()
  for (const [name, part] of parts.slice(PARTS.length))
    files.set(name, typeof part === 'string' ? Buffer.from(part) : new Uint8Array(await part.arrayBuffer()))
  const [version, login, password, index] = parts.map(([, part]) => String(part))
  const sip = readable(index ?? '')
  if (!sip) return { code: 'XSD-001-001', message: 'XML malformato nel blocco di dati generali' }
  return { version: version ?? '', login: login ?? '', password: password ?? '', sip, files }
}

function readable(text: string): XmlElement | undefined {
  try {
    return parseXml(text)
  } catch {
    return undefined
  }
}

function take(journal: Journal<Deposited>, received: Package, dataVersamento: string): PlatformAnswer {
  const chiave = keyIn(received.sip)
  const refusal = refusalOf(received)
  if (refusal) return refused(refusal)
  const earlier = journal.entries.find((entry) => urnOf(entry.chiave) === urnOf(chiave))
  if (earlier)
    return refused({ code: 'UD-002-001', message: `Unità documentaria ${urnOf(chiave)}: già presente` }, earlier)
  const deposited: Deposited = {
    ...{ chiave, urn: urnOf(chiave), dataVersamento },
    tipologia: textAt(received.sip, 'Intestazione', 'TipologiaUnitaDocumentaria'),
    componenti: [...findAll(received.sip, 'DocumentoPrincipale'), ...findAll(received.sip, 'Allegato')].flatMap(
      (document) => componentsOf(document, received.files),
    ),
  }
  journal.append(deposited)
  return accepted(deposited)
}

const componentsOf = (document: XmlElement, files: Package['files']): Deposited['componenti'] =>
  findAll(document, 'Componente').map((component) => {
    const id = textAt(component, 'ID')
    const content = files.get(id) ?? new Uint8Array()
    const nome = textAt(component, 'NomeComponente')
    return { id, tipo: textAt(document, 'TipoDocumento'), nome, hash: hashOf(content), bytes: content.byteLength }
  })

const urnOf = ({ registro, anno, numero }: UnitKey): string => `urn:sandbox:${registro}-${anno}-${numero}`
