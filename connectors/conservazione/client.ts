/** Client of ParER's SacER: multipart out, always HTTP 200 back; what happened is in the body. */
import { Refused, UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import { find, findAll, parseXml, textAt, type XmlElement } from '../xml.ts'
import type { Archive, DepositReceipt, Unit } from './types.ts'
import { type Depositor, hashOf, SIP_VERSION, unitXml } from './unit-xml.ts'

/** "La chiave indicata corrisponde ad una unità documentaria già presente"; the first receipt comes with it. */
const ALREADY_THERE = 'UD-002-001'
/** The service's own trouble, after which nothing is certain. */
const INTERNAL = /^666/

export interface ArchiveAddress {
  readonly url: string
  readonly depositor: Depositor
  readonly password: string
  readonly timeoutMs?: number
}

export function archive({ url, depositor, password, timeoutMs = 30_000 }: ArchiveAddress): Archive {
  return {
    async deposit(unit) {
      const body = new FormData()
      // The service reads the parts in this order.
      body.set('VERSIONE', SIP_VERSION)
      body.set('LOGINNAME', depositor.userId)
      body.set('PASSWORD', password)
      body.set('XMLSIP', unitXml(unit, depositor))
      for (const { id, nomeFile, contenuto } of documentsOf(unit)) body.set(id, new Blob([contenuto]), nomeFile)
      const { text } = await exchange({ method: 'POST', url: new URL('/VersamentoSync', url), body, timeoutMs })
      return receiptIn(understood(text), unit)
    },
  }
}

const documentsOf = ({ principale, allegati }: Unit) => [principale, ...allegati]

function receiptIn(answer: XmlElement, unit: Unit): DepositReceipt {
  const esito = textAt(answer, 'EsitoGenerale', 'CodiceEsito')
  const rapporto = textAt(answer, 'RapportoVersamento') || null
  const concorda = rapporto === null ? null : holdsSame([understood(rapporto)], unit)
  const receipt = { urn: textAt(answer, 'URNSIP'), rapporto, concorda }
  if (esito === 'POSITIVO' || esito === 'WARNING') return { esito, ...receipt, giaVersata: false }
  const code = textAt(answer, 'EsitoGenerale', 'CodiceErrore')
  if (esito !== 'NEGATIVO' || INTERNAL.test(code)) throw new UnknownOutcome(`The archive answered ${code || 'nothing'}`)
  if (code === ALREADY_THERE && heldBefore(answer, rapporto, unit))
    return { esito: 'POSITIVO', ...receipt, giaVersata: true }
  throw new Refused(code, textAt(answer, 'EsitoGenerale', 'MessaggioErrore'))
}

/** The hashes of what was there stand beside the unit or in the first receipt. */
function heldBefore(answer: XmlElement, rapporto: string | null, unit: Unit): boolean {
  const beside = find(answer, 'UnitaDocumentaria')
  return holdsSame([...(beside ? [beside] : []), ...(rapporto === null ? [] : [understood(rapporto)])], unit)
}

/** The components in one of these places have our hashes, all of them and no other. */
function holdsSame(places: readonly XmlElement[], unit: Unit): boolean {
  const ours = documentsOf(unit)
    .map(({ contenuto }) => hashOf(contenuto))
    .sort()
  return places.some((place) => {
    const theirs = findAll(place, 'Componente').map((component) => textAt(component, 'Hash').toLowerCase())
    return theirs.sort().join() === ours.join()
  })
}

/** An answer we cannot read says nothing about what was done. */
function understood(text: string): XmlElement {
  try {
    return parseXml(text)
  } catch {
    throw new UnknownOutcome('The archive answered with something that is not XML')
  }
}
