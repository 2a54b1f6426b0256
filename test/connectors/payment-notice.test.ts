/** Numbers and codes of a payment notice, by SACI 1.4.0. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataMatrixTextOf, isNoticeNumber, noticeNumberOf, qrTextOf } from '../../connectors/pagopa/notice.ts'

test('the notice number follows from the key: aux digit 3, segregation, thirteen digits, check digits', () => {
  assert.deepEqual(noticeNumberOf('1', '01'), { numeroAvviso: '301000000000000144', iuv: '01000000000000144' })
  const { numeroAvviso, iuv } = noticeNumberOf('2251799813685301', '47')
  assert.equal(numeroAvviso.slice(0, 16), '3471799813685301')
  assert.equal(numeroAvviso.slice(1), iuv)
  assert.ok(isNoticeNumber(numeroAvviso))
})

test('keys of up to five partitions have numbers of their own', () => {
  const firstKeys = [1n, 2n, 3n, 4n, 5n].map((partition) => String((partition << 51n) + 1n))
  assert.equal(new Set(firstKeys.map((key) => noticeNumberOf(key, '01').iuv)).size, 5)
})

test('a number that a person types is checked', () => {
  assert.ok(isNoticeNumber('001340000013900808'), 'aux digit 0, of the specification')
  assert.ok(isNoticeNumber('123456789012345678'), 'aux digit 1 has no check digits')
  for (const wrong of ['301000000000000145', '301000000000000', '401000000000000144', '30100000000000014a'])
    assert.ok(!isNoticeNumber(wrong), wrong)
})

test('what is no key and no segregation code makes no number', () => {
  for (const key of ['', '0', '-1', '1e5', '12345678901234567890']) assert.throws(() => noticeNumberOf(key, '01'))
  assert.throws(() => noticeNumberOf('1', '1'))
})

const notice = { numeroAvviso: '301000000000000144', codiceFiscaleEnte: '00337360978', importo: 7800 }

test('the QR code says number, body and cents', () => {
  assert.equal(qrTextOf(notice), 'PAGOPA|002|301000000000000144|00337360978|7800')
  assert.equal(qrTextOf({ ...notice, importo: 5 }).split('|')[4], '05')
})

test('the Data Matrix has 256 characters, each part at its place', () => {
  const debitore = { codiceFiscale: 'BNCLCU90E45G999C', nome: 'Lucìa Bianchi' }
  const text = dataMatrixTextOf({ ...notice, contoPostale: '14431501', debitore, oggetto: 'Canone: “suolo”' })
  assert.equal(text.length, 256)
  const head = 'codfase=NBPA;18301000000000000144120000144315011000000078003896' + '1P100337360978' + 'BNCLCU90E45G999C'
  assert.equal(text.slice(0, head.length), head)
  assert.equal(text.slice(head.length, head.length + 40).trimEnd(), 'LUCIA BIANCHI')
  assert.equal(text.slice(head.length + 40, head.length + 150).trimEnd(), 'CANONE   SUOLO')
  assert.ok(text.endsWith(`${' '.repeat(12)}A`))
})

test('an amount that has no room, or is none, is refused', () => {
  for (const importo of [0, -1, 1.5, 10 ** 10]) assert.throws(() => qrTextOf({ ...notice, importo }), RangeError)
})
