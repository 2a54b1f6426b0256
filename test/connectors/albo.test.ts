/** The notice board, client ⇄ sandbox: its promises, its class of effect proven, and the pages that everybody reads. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, beforeEach, describe, test } from 'node:test'
import type { Posting } from '../../connectors/albo/types.ts'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { findAll, parseXml } from '../../connectors/xml.ts'
import { openPlatforms } from './platforms.ts'

const MORNING = Date.parse('2027-03-01T09:00:00Z')
let time = MORNING
const opened = await openPlatforms({ now: () => time })
const { platforms, plan, takeDown, journal } = opened
const { board } = opened.connectors
after(() => opened[Symbol.asyncDispose]())
beforeEach(() => {
  time = MORNING
})

const content = new TextEncoder().encode('Ordinanza <12>')
const impronta = createHash('sha256').update(content).digest('base64')
const posting = (riferimento: string, more: Partial<Posting> = {}): Posting => ({
  riferimento,
  oggetto: 'Ordinanza n. 12 & "altro" <b>',
  ufficio: 'Ufficio <anagrafe>',
  dal: '2027-03-01',
  al: '2027-03-15',
  documenti: [{ nome: 'ordinanza "12".pdf', tipo: 'application/pdf', byte: content.byteLength, impronta }],
  ...more,
})
const contents = new Map([[impronta, content]])
const post = (riferimento: string, more?: Partial<Posting>) => board.post(posting(riferimento, more), contents)
async function read(path: string) {
  const answer = await fetch(new URL(path, platforms.albo.url))
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

describe('postings', () => {
  test('numbers have no gap and start again each year in Rome', async () => {
    const numbers = [await post('a'), await post('b')]
    assert.deepEqual(
      numbers.map(({ numero, anno, stato }) => [numero, anno, stato]),
      [
        ['0000001', 2027, 'AFFISSA'],
        ['0000002', 2027, 'AFFISSA'],
      ],
    )
    time = Date.parse('2027-12-31T23:00:00Z')
    const { numero, anno } = await post('c', { dal: '2028-01-01', al: '2028-01-15' })
    assert.deepEqual([numero, anno], ['0000001', 2028])
  })
  test('posting is findable: a repeat is posted twice, but a lost answer is found', async () => {
    for (const [riferimento, kind] of [
      ['d', 'drop-after'],
      ['e', 'error-after'],
    ] as const) {
      await plan('albo', 'pubblica', kind)
      await assert.rejects(post(riferimento), UnknownOutcome)
      assert.equal((await board.find(riferimento)).length, 1)
      await post(riferimento)
      assert.equal((await board.find(riferimento)).length, 2)
    }
    await plan('albo', 'pubblica', 'error-before')
    await assert.rejects(post('f'), Unavailable)
    await takeDown('albo', time + 3_600_000)
    await assert.rejects(post('f'), Unavailable)
    time += 3_600_000
    assert.deepEqual(await board.find('f'), [])
    await takeDown('albo', 0)
  })
  test('what is not as it should be is refused, and nothing of it is kept', async () => {
    const before = (await journal('albo')).length
    const period = { name: 'Refused', code: 'PERIODO_ERRATO' }
    await assert.rejects(post('g', { dal: '2027-03-15', al: '2027-03-14' }), period)
    await assert.rejects(post('g', { dal: '2027-02-01', al: '2027-02-28' }), period)
    await assert.rejects(board.post(posting('g'), new Map([[impronta, new TextEncoder().encode('altro')]])), {
      code: 'IMPRONTA_DIVERSA',
    })
    await assert.rejects(board.post(posting('g'), new Map()), { code: 'IMPRONTA_DIVERSA' })
    await assert.rejects(post('g', { oggetto: '' }), Refused)
    await assert.rejects(board.certificate(2027, '0009999'), { code: 'PUBBLICAZIONE_SCONOSCIUTA' })
    assert.equal((await journal('albo')).length, before)
  })
})

describe('the public page', () => {
  test('shows from the first minute of the first day to the end of the last, in Rome, and then to nobody', async () => {
    const { numero } = await post('public', { oggetto: 'Dal due', dal: '2027-03-02', al: '2027-03-03' })
    const path = `/atti/2027/${numero}`
    const seen = async (instant: string) => {
      time = Date.parse(instant)
      const [list, one, file] = [await read('/'), await read(path), await read(`${path}/1`)]
      return [list.text.includes('Dal due'), one.status, file.status]
    }
    assert.deepEqual(await seen('2027-03-01T22:59:59Z'), [false, 404, 404])
    assert.deepEqual(await seen('2027-03-01T23:00:00Z'), [true, 200, 200])
    assert.deepEqual(await seen('2027-03-03T22:59:59Z'), [true, 200, 200])
    assert.deepEqual(await seen('2027-03-03T23:00:00Z'), [false, 404, 404])
    assert.equal(board.addressOf({ anno: 2027, numero }), `${platforms.albo.url}${path}`)
  })
  test('says number, office, dates, documents; all of it escaped and well-formed', async () => {
    const { numero } = await post('escaped')
    const [list, one] = [await read('/'), await read(`/atti/2027/${numero}`)]
    for (const { text, headers } of [list, one]) {
      assert.match(headers.get('content-type') ?? '', /^text\/html/)
      assert.match(text, /^<!doctype html><html lang="it">/)
      assert.match(text, /Ordinanza n\. 12 &amp; &quot;altro&quot; &lt;b&gt;/)
      assert.match(text, /Ufficio &lt;anagrafe&gt;/)
      assert.match(text, new RegExp(`${numero}/2027`))
      assert.match(text, /<time datetime="2027-03-15">15 marzo 2027<\/time>/)
      assert.equal(text.match(/<h1>/g)?.length, 1)
    }
    const table = parseXml(/<table>.*<\/table>/s.exec(list.text)?.[0] ?? '')
    assert.deepEqual(
      findAll(table, 'th').map(({ attributes }) => attributes.get('scope')),
      [
        ...Array(5).fill('col'),
        ...findAll(table, 'tr')
          .slice(1)
          .map(() => 'row'),
      ],
    )
    const file = await read(`/atti/2027/${numero}/1`)
    assert.equal(file.text, 'Ordinanza <12>')
    assert.equal(file.headers.get('content-disposition'), "attachment; filename*=UTF-8''ordinanza%20%2212%22.pdf")
  })
  test('an address that leads nowhere says so', async () => {
    for (const path of ['/atti/2027/0009999', '/atti/2027/../../etc', '/altro', '/atti/2027/0000001/999']) {
      const { status, text } = await read(path)
      assert.deepEqual([status, text.includes('Atto non in pubblicazione')], [404, true])
    }
  })
})

test('the certificate comes when the act has been taken down, and names days and digests', async () => {
  const { numero, anno } = await post('certified')
  await assert.rejects(board.certificate(anno, numero), { name: 'Refused', code: 'PUBBLICAZIONE_IN_CORSO' })
  time = Date.parse('2027-03-15T23:00:00Z')
  const { nome, tipo, contenuto } = await board.certificate(anno, numero)
  assert.deepEqual([nome, tipo], [`relata-di-pubblicazione-${numero}-2027.html`, 'text/html'])
  const text = new TextDecoder().decode(contenuto)
  assert.match(text, /dal <time datetime="2027-03-01">.*al <time datetime="2027-03-15">.*per 15 giorni consecutivi/)
  assert.ok(text.includes(impronta), 'the digest')
  assert.equal((await board.find('certified'))[0]?.stato, 'DEFISSA')
})
