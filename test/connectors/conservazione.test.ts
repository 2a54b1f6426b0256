/**
 * The preservation service, client ⇄ sandbox: what it promises, its class of effect proven, its errors; and both against SacER's own
 * schemas, which may not be copied here.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, describe, test } from 'node:test'
import { archive as archiveAt } from '../../connectors/conservazione/client.ts'
import { unitXml } from '../../connectors/conservazione/unit-xml.ts'
import { Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { findAll, parseXml, textAt } from '../../connectors/xml.ts'
import { unit, unitDocument } from './archive-unit.ts'
import { withoutSpecs as skip } from './official-api.ts'
import { schemaOf } from './official-schema.ts'
import { openPlatforms } from './platforms.ts'

const now = () => Date.parse('2027-03-01T09:00:00Z')
const opened = await openPlatforms({ now })
const { platforms, plan, journal, takeDown } = opened
const { archive } = opened.connectors
const { url, userId, password } = platforms.conservazione
const depositor = { ambiente: 'PROVA', ente: 'Comune', struttura: 'AOO', userId }
after(() => opened[Symbol.asyncDispose]())

describe('depositing', () => {
  test('is keyed: the repeat is recognised by its hashes, other content under the key is refused', async () => {
    const first = await archive.deposit(unit('0000001'))
    assert.deepEqual([first.esito, first.giaVersata, first.concorda], ['POSITIVO', false, true])
    assert.deepEqual(await archive.deposit(unit('0000001')), { ...first, giaVersata: true })
    const others = [
      { principale: unitDocument('pratica', 'altro') },
      { allegati: [] },
      { allegati: [unitDocument('a-3', 'x')] },
    ]
    for (const other of others)
      await assert.rejects(archive.deposit(unit('0000001', other)), { name: 'Refused', code: 'UD-002-001' })
    assert.equal((await journal('conservazione')).length, 1)
  })
  test('a lost answer is resolved by the repeat', async () => {
    for (const [numero, kind] of [
      ['0000002', 'drop-after'],
      ['0000003', 'error-after'],
    ] as const) {
      await plan('conservazione', 'versa', kind)
      await assert.rejects(archive.deposit(unit(numero)), UnknownOutcome)
      assert.equal((await archive.deposit(unit(numero))).giaVersata, true)
    }
    await plan('conservazione', 'versa', 'error-before')
    await assert.rejects(archive.deposit(unit('0000004')), Unavailable)
    assert.equal((await archive.deposit(unit('0000004'))).giaVersata, false)
  })
  test('every document is held under its name and digest, and the receipt says so', async () => {
    const { rapporto } = await archive.deposit(unit('0000005'))
    const held = findAll(parseXml(rapporto ?? ''), 'Componente')
    assert.deepEqual(
      held.map((component) => [textAt(component, 'IDComponenteVersato'), textAt(component, 'NomeComponente')]),
      [
        ['pratica', 'pratica.json'],
        ['a-1', 'a-1.pdf'],
        ['a-2', 'a-2.pdf'],
      ],
    )
    const alone = await archive.deposit(unit('0000006', { allegati: [] }))
    assert.equal(alone.concorda, true)
  })
  test('the index says file, class and how long it is kept', () => {
    const index = parseXml(unitXml(unit('1', { conservazioneAnni: 10 }), depositor))
    const file = ['ProfiloArchivistico', 'FascicoloPrincipale']
    assert.equal(textAt(index, ...file, 'Classifica'), 'XI.2')
    assert.equal(textAt(index, ...file, 'Fascicolo', 'Identificativo'), '2027-XI.2-1')
    const kept = ['ProfiloNormativo', 'DocumentoAmministrativoInformatico', 'TempoDiConservazione']
    assert.equal(textAt(index, ...kept), '10')
    assert.equal(textAt(parseXml(unitXml(unit('1'), depositor)), ...kept), '9999')
  })
})

describe('refusals come with HTTP 200 and the code in the body', () => {
  const twice = [unitDocument('a-1', 'x'), unitDocument('a-1', 'y')]
  const refusals: readonly (readonly [code: string, how: () => Promise<unknown>])[] = [
    ['UD-003-002', () => archive.deposit(unit('1', { chiave: { numero: '1', anno: 2027, registro: 'ALBO' } }))],
    ['UD-007-001', () => archive.deposit(unit(''))],
    ['UD-014-001', () => archive.deposit(unit('7', { oggetto: '' }))],
    ['XSD-002-001', () => archive.deposit(unit('7', { allegati: twice }))],
    ['UD-001-012', () => archiveAt({ url, depositor, password: 'sbagliata' }).deposit(unit('7'))],
    ['UD-001-012', () => archiveAt({ url, depositor: { ...depositor, userId: 'altri' }, password }).deposit(unit('7'))],
  ]
  for (const [code, how] of refusals)
    test(code, async () => {
      const before = (await journal('conservazione')).length
      await assert.rejects(how(), { name: 'Refused', code })
      assert.equal((await journal('conservazione')).length, before)
    })
  test('a call that is not as agreed', async () => {
    const said = async (parts: Readonly<Record<string, string>>) => {
      const body = new FormData()
      for (const [name, value] of Object.entries(parts)) body.set(name, value)
      const answer = await fetch(`${url}/VersamentoSync`, { method: 'POST', body })
      assert.equal(answer.status, 200)
      return textAt(parseXml(await answer.text()), 'EsitoGenerale', 'CodiceErrore')
    }
    const call = { VERSIONE: '1.5', LOGINNAME: userId, PASSWORD: password, XMLSIP: unitXml(unit('8'), depositor) }
    assert.equal(await said({}), 'WS-CHECK')
    assert.equal(await said({ XMLSIP: call.XMLSIP, VERSIONE: '1.5' }), 'WS-CHECK')
    assert.equal(await said({ ...call, VERSIONE: '1.4' }), 'UD-001-011')
    assert.equal(await said({ ...call, XMLSIP: '<UnitaDocumentaria>' }), 'XSD-001-001')
    assert.equal(
      await said({ ...call, XMLSIP: call.XMLSIP.replace('>2</NumeroAllegati>', '>3</NumeroAllegati>') }),
      'XSD-003-001',
    )
    assert.equal(await said(call), 'SANDBOX-FILE')
    assert.equal(
      await said({ ...call, pratica: 'altro', 'a-1': 'titolo "registrato"', 'a-2': 'ricevuta' }),
      'SANDBOX-HASH',
    )
  })
})

test('a receipt that holds something else is told from one that agrees', async () => {
  const tampered = await answersOf(
    (text) => text.replaceAll(/Hash&gt;[0-9a-f]{64}/g, `Hash&gt;${'0'.repeat(64)}`),
    (at) => archiveAt({ url: at, depositor, password }).deposit(unit('0000010')),
  )
  assert.deepEqual([tampered.result.esito, tampered.result.concorda], ['POSITIVO', false])
  const later = await answersOf(
    (text) => text.replace(/<RapportoVersamento>.*<\/RapportoVersamento>/s, ''),
    (at) => archiveAt({ url: at, depositor, password }).deposit(unit('0000011')),
  )
  assert.deepEqual([later.result.rapporto, later.result.concorda], [null, null])
})

test('what the service says of itself says nothing of the deposit', async () => {
  for (const garbled of [
    '',
    'pronto',
    '<EsitoVersamento/>',
    '<EsitoVersamento><EsitoGenerale><CodiceEsito>NEGATIVO</CodiceEsito><CodiceErrore>666P</CodiceErrore></EsitoGenerale></EsitoVersamento>',
  ])
    await assert.rejects(
      answersOf(
        () => garbled,
        (at) => archiveAt({ url: at, depositor, password }).deposit(unit('0000012')),
      ),
      UnknownOutcome,
    )
  await takeDown('conservazione', now() + 1)
  await assert.rejects(archive.deposit(unit('0000013')), Unavailable)
  await takeDown('conservazione', 0)
})

test('the index of a deposit is as WSRequestVersamento.xsd asks', { skip }, () => {
  const request = schemaOf('conservazione/parer-sacer/WSRequestVersamento.xsd')
  for (const asked of [unit('1'), unit('1', { allegati: [], conservazioneAnni: 5 })])
    assert.deepEqual(request.faults(parseXml(unitXml(asked, depositor))), [])
  assert.deepEqual(request.faults(parseXml(unitXml(unit(''), depositor))), [
    'UnitaDocumentaria/Intestazione/Chiave/Numero: too short',
  ])
})

test('answers and receipts are as WSResponseVersamento.xsd says: taken, repeated, refused', { skip }, async () => {
  const response = schemaOf('conservazione/parer-sacer/WSResponseVersamento.xsd')
  const { answers } = await answersOf(
    (text) => text,
    async (at) => {
      const client = archiveAt({ url: at, depositor, password })
      await client.deposit(unit('0000020'))
      await client.deposit(unit('0000020'))
      await client.deposit(unit('')).catch(() => {})
    },
  )
  assert.equal(answers.length, 3)
  for (const answer of answers) assert.deepEqual(response.faults(parseXml(answer)), [])
  const receipts = answers.map((answer) => textAt(parseXml(answer), 'RapportoVersamento')).filter((text) => text !== '')
  assert.equal(receipts.length, 2)
  for (const receipt of receipts) assert.deepEqual(response.faults(parseXml(receipt)), [])
})

/** What the service answers to what a client asks through a proxy, which may change it on the way. */
async function answersOf<T>(changed: (text: string) => string, ask: (at: string) => Promise<T>) {
  const answers: string[] = []
  const proxy = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    const answer = await fetch(new URL(request.url ?? '/', url), { method: 'POST', headers, body })
    assert.equal(answer.status, 200, 'the service always answers 200')
    answers.push(await answer.text())
    response.end(changed(answers.at(-1) ?? ''))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  assert.ok(address !== null && typeof address === 'object')
  try {
    return { result: await ask(`http://127.0.0.1:${address.port}`), answers }
  } finally {
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
  }
}
