/**
 * ParER's SacER as seen by who deposits: always HTTP 200, the outcome in the body; a key is accepted once, and its repeat is
 * answered NEGATIVO with code UD-002-001 and the first receipt. Registers other than PROTOCOLLO are unknown to this structure.
 * Codes UD-002-001, UD-003-002 and 666 are SacER's; the others are ours.
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
import { escapeXml, find, parseXml, textAt, type XmlElement } from '../xml.ts'
import type { UnitKey } from './types.ts'
import { hashOf } from './unit-xml.ts'

const REGISTERS: readonly string[] = ['PROTOCOLLO']
const PARTS = ['VERSIONE', 'LOGINNAME', 'PASSWORD', 'XMLSIP']

/** One line of the journal: a deposit taken in. */
export interface Deposited {
  readonly chiave: UnitKey
  readonly urn: string
  readonly dataVersamento: string
  readonly componenti: readonly { readonly id: string; readonly hash: string; readonly bytes: number }[]
}

interface Refusal {
  readonly code: string
  readonly message: string
}
interface Package {
  readonly sip: XmlElement
  readonly files: ReadonlyMap<string, Uint8Array>
}

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
      if ('code' in received) return negative(received)
      return take(journal, received, new Date(now()).toISOString())
    },
  }
}

/** Reads the parts; refuses what is not the agreed multipart with a readable index. */
async function packageIn({ headers, body }: PlatformCall): Promise<Package | Refusal> {
  try {
    const contentType = headers['content-type'] ?? ''
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
    const parts = [...form]
    if (parts.slice(0, PARTS.length).some(([name], index) => name !== PARTS[index]))
      return { code: 'SANDBOX-ORDINE', message: `Le parti attese sono, in ordine, ${PARTS.join(', ')} e i file` }
    const files = new Map<string, Uint8Array>()
    for (const [name, part] of parts.slice(PARTS.length))
      files.set(name, typeof part === 'string' ? Buffer.from(part) : new Uint8Array(await part.arrayBuffer()))
    return { sip: parseXml(String(form.get('XMLSIP'))), files }
  } catch {
    return { code: 'SANDBOX-XML', message: 'Il pacchetto di versamento non è leggibile' }
  }
}

function take(journal: Journal<Deposited>, { sip, files }: Package, at: string): PlatformAnswer {
  const chiave = keyIn(sip)
  const earlier = journal.entries.find((entry) => sameKey(entry.chiave, chiave))
  if (earlier)
    return negative({ code: 'UD-002-001', message: `Unità documentaria ${urnOf(chiave)} già presente` }, earlier)
  const refusal = check(sip, files)
  if (refusal) return negative(refusal)
  const componenti = [...files].map(([id, content]) => ({ id, hash: hashOf(content), bytes: content.byteLength }))
  const deposited: Deposited = { chiave, urn: urnOf(chiave), dataVersamento: at, componenti }
  journal.append(deposited)
  return answer('POSITIVO', undefined, deposited)
}

function check(sip: XmlElement, files: ReadonlyMap<string, Uint8Array>): Refusal | undefined {
  const { numero, registro } = keyIn(sip)
  if (numero === '') return { code: 'SANDBOX-CHIAVE', message: 'Manca il numero della chiave' }
  if (!REGISTERS.includes(registro))
    return { code: 'UD-003-002', message: `Il tipo registro ${registro} non è presente entro la struttura versante` }
  const component = find(sip, 'DocumentoPrincipale', 'StrutturaOriginale', 'Componenti', 'Componente')
  const content = files.get(textAt(component, 'ID'))
  if (!content) return { code: 'SANDBOX-FILE', message: 'Manca il file di un componente dichiarato' }
  return hashOf(content) === textAt(component, 'HashVersato').toLowerCase()
    ? undefined
    : { code: 'SANDBOX-HASH', message: "L'impronta versata non è quella del file" }
}

function keyIn(sip: XmlElement): UnitKey {
  const at = (name: string) => textAt(sip, 'Intestazione', 'Chiave', name)
  return { numero: at('Numero'), anno: Number(at('Anno')), registro: at('TipoRegistro') }
}

const sameKey = (one: UnitKey, other: UnitKey): boolean => urnOf(one) === urnOf(other)
const urnOf = ({ registro, anno, numero }: UnitKey): string => `urn:sandbox:${registro}-${anno}-${numero}`

const negative = (refusal: Refusal, earlier?: Deposited): PlatformAnswer => answer('NEGATIVO', refusal, earlier)

/** Element order is that of EsitoVersamento. */
function answer(esito: 'POSITIVO' | 'NEGATIVO', refusal?: Refusal, unit?: Deposited): PlatformAnswer {
  const error = refusal
    ? `<CodiceErrore>${refusal.code}</CodiceErrore><MessaggioErrore>${escapeXml(refusal.message)}</MessaggioErrore>`
    : ''
  const deposit = unit
    ? `<URNSIP>${escapeXml(unit.urn)}</URNSIP><DataVersamento>${unit.dataVersamento}</DataVersamento>`
    : ''
  const receipt = unit ? `<RapportoVersamento>${escapeXml(receiptXml(unit))}</RapportoVersamento>` : ''
  const called =
    '<EsitoChiamataWS><VersioneWSCorretta>POSITIVO</VersioneWSCorretta><CredenzialiOperatore>POSITIVO</CredenzialiOperatore><FileAttesiRicevuti>POSITIVO</FileAttesiRicevuti></EsitoChiamataWS><EsitoXSD><CodiceEsito>POSITIVO</CodiceEsito></EsitoXSD>'
  const general = `<EsitoGenerale><CodiceEsito>${esito}</CodiceEsito>${error}</EsitoGenerale>`
  const body = `<?xml version="1.0" encoding="UTF-8"?><EsitoVersamento><Versione>1.5</Versione>${deposit}${general}${called}${receipt}</EsitoVersamento>`
  return { status: 200, type: 'application/xml', body }
}

function receiptXml({ urn, dataVersamento, componenti }: Deposited): string {
  const parts = componenti.map(
    ({ id, hash }) => `<Componente><ID>${escapeXml(id)}</ID><Hash>${hash}</Hash></Componente>`,
  )
  return `<RapportoVersamento><Urn>${escapeXml(urn)}</Urn><DataVersamento>${dataVersamento}</DataVersamento>${parts.join('')}</RapportoVersamento>`
}
