/** Protocol signatures written and read: what was said is read again, and what others write too. Java's judgement: test/conformance. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalXml } from '../../connectors/protocollo/canonical-xml.ts'
import { PROTOCOL_NAMESPACE, readSegnatura, segnaturaNode } from '../../connectors/protocollo/segnatura.ts'
import { everySubject, segnatura } from './segnature.ts'

const written = (more?: Parameters<typeof segnatura>[0]): string =>
  canonicalXml(segnaturaNode(segnatura(more)), { prot: PROTOCOL_NAMESPACE })

test('what was written is read again, every kind of subject', () => {
  for (const subject of everySubject.filter((each) => !JSON.stringify(each).includes('\\r'))) {
    const said = segnatura({ mittente: subject, destinatari: [subject] })
    assert.deepEqual(readSegnatura(written(said)), said)
  }
  const winter = { numero: '0000002', anno: 2028, registro: 'PROTOCOLLO', data: '2027-12-31T23:30:00Z' }
  assert.deepEqual(readSegnatura(written({ registrazione: winter })).registrazione, winter)
})

test('other systems prefix as they like, leave the hour out, and split the class into levels', () => {
  const theirs = written({ fascicolo: undefined })
    .replaceAll('prot:', 'p:')
    .replace('xmlns:prot', 'xmlns:p')
    .replace(/<p:OraRegistrazione>[^<]*<\/p:OraRegistrazione>/, '')
    .replace(/ p:algoritmo="SHA-256"/, '')
    .replace(
      '<p:CodiceFlat>XI.2</p:CodiceFlat>',
      '<p:CodicePath><p:Livello>XI</p:Livello><p:SubLivello><p:Livello>2</p:Livello></p:SubLivello></p:CodicePath>',
    )
  const read = readSegnatura(theirs)
  assert.equal(read.classifica.codice, 'XI.2')
  assert.equal(read.fascicolo, undefined)
  assert.equal(read.registrazione.data, '2027-02-28T23:00:00Z')
  assert.deepEqual(read.documenti, segnatura().documenti)
})

test('what is no segnatura says so', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['<Segnatura versione="2.0"/>', /version 3, but found Segnatura/],
    ['<SegnaturaInformatica versione="2.0"/>', /version 3/],
    ['<SegnaturaInformatica versione="3.0.0"/>', /./],
    ['<!DOCTYPE x [<!ENTITY e "e">]><SegnaturaInformatica versione="3.0.0"/>', /DOCTYPE/],
    [written().replaceAll(/<prot:Destinatario.*<\/prot:Destinatario>/gs, ''), /addressee/],
    [written().replace('prot:algoritmo="SHA-256"', 'prot:algoritmo="SHA-1"'), /SHA-1/],
    [
      written().replace('<prot:PersonaFisica>', '<prot:Altro>').replace('</prot:PersonaFisica>', '</prot:Altro>'),
      /Altro/,
    ],
    ['', /XML/],
  ]
  for (const [xml, message] of wrong) assert.throws(() => readSegnatura(xml), message, xml.slice(0, 80))
})

test('canonical: declared where first used, attributes in order, and escaped as signers agree', () => {
  const namespaces = { a: 'urn:z', b: 'urn:a' }
  const node = [
    'x',
    [
      ['a:y', 't<>&"\r\n', { 'a:n': '1', 'b:n': '2', z: '"<\t\n\r>', k: '' }],
      ['a:y', ''],
    ],
  ] as const
  assert.equal(
    canonicalXml(node, namespaces),
    '<x><a:y xmlns:a="urn:z" xmlns:b="urn:a" k="" z="&quot;&lt;&#x9;&#xA;&#xD;>" b:n="2" a:n="1">t&lt;&gt;&amp;"&#xD;\n</a:y><a:y xmlns:a="urn:z"></a:y></x>',
  )
})
