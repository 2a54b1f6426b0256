/** Sealed protocol signatures against AgID's schema and Java's XML Signature: valid as they are, told when a letter is changed. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Integer, PrintableString } from 'asn1js'
import { AttributeTypeAndValue, Certificate } from 'pkijs'
import { heldSealer, sealedSegnatura } from '../../connectors/protocollo/seal.ts'
import { openTestAuthority } from '../../connectors/test-authority.ts'
import { specs, withoutSpecs } from '../connectors/official-api.ts'
import { everySubject, segnatura } from '../connectors/segnature.ts'

const hasJava = spawnSync('java', ['-version']).status === 0
const skip = withoutSpecs || (hasJava ? false : 'no Java: XML signatures are not verified')

const folder = await mkdtemp('/tmp/iter-test-')
after(() => rm(folder, { recursive: true }))
const authority = await openTestAuthority(join(folder, 'authority.json'), 'Test CA')
const sealer = heldSealer(await authority.issue({ name: 'Comune di Esempio' }))
const at = Date.parse('2027-03-01T09:00:00Z')

async function said(documents: readonly string[]): Promise<readonly string[]> {
  const files = await Promise.all(
    documents.map(async (xml, index) => {
      const file = join(folder, `${index}.xml`)
      await writeFile(file, xml)
      return file
    }),
  )
  const schema = join(specs, 'protocollo/agid-allegato6/segnatura_protocollo.xsd')
  const command = [join(import.meta.dirname, 'ValidateSegnatura.java'), schema, ...files]
  return execFileSync('java', command, { encoding: 'utf8', timeout: 120_000 }).trim().split('\n')
}

test('AgID’s schema and the signature hold, and a change of one letter is told', { skip }, async () => {
  const whole = await sealedSegnatura(segnatura(), sealer, at)
  const minimal = await sealedSegnatura(
    segnatura({ fascicolo: undefined, documenti: [segnatura().documenti[0]] }),
    sealer,
    at,
  )
  const others = await Promise.all(
    everySubject.map((destinatario) => sealedSegnatura(segnatura({ destinatari: [destinatario] }), sealer, at)),
  )
  const changed = [
    whole.replace('Trasmissione', 'Trasmissioni'),
    whole.replace('2027-03-01T09:00:00Z', '2027-03-02T09:00:00Z'),
    whole.replace(/(<ds:SignatureValue>)./, '$1A').replace(/(<ds:SignatureValue>A)A/, '$1B'),
    whole.replace('<prot:NumeroRegistrazione>0000001', '<prot:NumeroRegistrazione>1'),
    whole.replace(/<ds:Signature .*<\/ds:Signature>/s, ''),
  ]
  const answers = await said([whole, minimal, ...others, ...changed])
  const sealed = 2 + others.length
  assert.deepEqual(answers.slice(0, sealed), Array(sealed).fill('valid'))
  const [object, time, value, number, without] = answers.slice(sealed)
  assert.equal(object, 'changed: ')
  assert.equal(time, 'changed: #proprieta-firmate')
  assert.match(value ?? '', /signature is not of this key/)
  assert.match(number ?? '', /NumeroRegistrazioneType|pattern/)
  assert.match(without ?? '', /ds:Signature|xmldsig#":Signature/)
})

test('an RSA key seals as well', { skip }, async () => {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = new Certificate({ version: 2 })
  const name = new AttributeTypeAndValue({ type: '2.5.4.3', value: new PrintableString({ value: 'RSA' }) })
  certificate.subject.typesAndValues = [name]
  certificate.issuer.typesAndValues = [name]
  certificate.notBefore.value = new Date('2020-01-01T00:00:00Z')
  certificate.notAfter.value = new Date('2040-01-01T00:00:00Z')
  certificate.serialNumber = new Integer({ value: 1 })
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey)
  await certificate.sign(keys.privateKey, 'SHA-256')
  const pem = (label: string, der: ArrayBuffer) =>
    `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`
  const rsa = heldSealer({
    key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
    certificate: pem('CERTIFICATE', certificate.toSchema(true).toBER()),
  })
  assert.equal(rsa.algorithm, 'RSA')
  assert.deepEqual(await said([await sealedSegnatura(segnatura(), rsa, at)]), ['valid'])
})
