/** pagoPA's notices on paper, client ⇄ sandbox: a PDF whose codes say what they should to who scans them. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PDFDocument } from '@cantoo/pdf-lib'
import { DataMatrixReader, QRCodeReader } from '@zxing/library'
import { UnknownOutcome } from '../../connectors/effect.ts'
import { dataMatrixTextOf, qrTextOf } from '../../connectors/pagopa/notice.ts'
import { NOTICES_PATH, notices } from '../../connectors/pagopa/notices.ts'
import type { NoticeToPrint } from '../../connectors/pagopa/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'
import { codesIn, scanned } from './scanned-code.ts'

const opened = await openPlatforms()
const { notices: client } = opened.connectors
const { pagopa } = opened.platforms
after(() => opened[Symbol.asyncDispose]())

const notice = {
  ...{ numeroAvviso: '301000000000000144', importo: 7800, oggetto: 'Occupazione di suolo pubblico' },
  scadenza: '2027-05-21',
  debitore: {
    ...{ nome: 'Lucia Bianchi', codiceFiscale: 'BNCLCU90E45G999C' },
    indirizzo: { via: 'Via Roma', civico: '1', cap: '00000', comune: 'Esempio', provincia: 'EE' },
  },
} satisfies NoticeToPrint
const printed = {
  ...{ numeroAvviso: notice.numeroAvviso, importo: notice.importo },
  codiceFiscaleEnte: pagopa.ente.codiceFiscale,
}

test('the QR code says number, body and cents, 25 mm wide', async () => {
  const [qr, ...others] = codesIn(await PDFDocument.load(await client.print(notice)))
  assert.deepEqual([qr?.side, Math.round(qr?.millimetres ?? 0), others.length], [33, 25, 0])
  assert.equal(scanned(qr!, new QRCodeReader()), qrTextOf(printed))
})

test('for the post office there is a Data Matrix beside it', async () => {
  const codes = codesIn(await PDFDocument.load(await client.print({ ...notice, bollettino: true })))
  assert.equal(codes.length, 2)
  const { debitore, oggetto } = notice
  assert.equal(
    scanned(codes[1]!, new DataMatrixReader()),
    dataMatrixTextOf({ ...printed, contoPostale: '14431501', debitore, oggetto }),
  )
})

test('what does not fit on a notice is refused, and what is no PDF is none', async () => {
  await assert.rejects(client.print({ ...notice, oggetto: 'x'.repeat(91) }), { name: 'Refused', code: '400' })
  await assert.rejects(notices({ ...pagopa, chiave: 'altra' }).print(notice), { name: 'Refused', code: '401' })
  const answer = <Told extends object>(told: Told) => ({ ...told, body: '<html>' })
  await exchangesWith(pagopa.url, (url) => assert.rejects(notices({ ...pagopa, url }).print(notice), UnknownOutcome), {
    answer,
  })
})

test('printing changes nothing, whatever becomes of it', async () => {
  const before = await opened.journal('pagopa')
  for (const [kind, failure] of [
    ['error-before', 'Unavailable'],
    ['too-many', 'Unavailable'],
    ['drop-after', 'UnknownOutcome'],
  ] as const) {
    await opened.plan('pagopa', 'stampa', kind)
    await assert.rejects(client.print(notice), { name: failure })
  }
  assert.deepEqual(await opened.journal('pagopa'), before)
})

test('what is said is what pagoPA describes', { skip: withoutSpecs }, async () => {
  const said = await exchangesWith(pagopa.url, async (url) => {
    const printer = notices({ ...pagopa, url })
    await printer.print(notice)
    await printer.print({ ...notice, bollettino: true })
    await assert.rejects(printer.print({ ...notice, importo: 0 }))
  })
  const described = said.map((one) => ({ ...one, path: one.path.replace(NOTICES_PATH, '') }))
  assert.deepEqual(described.flatMap(officialApi('pagopa/print_payment_notice.json').faults), [])
  assert.deepEqual(
    said.map(({ answer }) => answer.status),
    [201, 201, 400],
  )
})
