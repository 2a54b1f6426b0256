/** How platforms that run elsewhere are described in a file: as the sandboxes print it, and by the field where it is wrong. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { after, test } from 'node:test'
import { arssAt } from '../../connectors/firma/sandbox/arss.ts'
import { platformsIn } from '../../connectors/platforms.ts'
import { startSandboxes } from '../../connectors/sandboxes.ts'

const directory = mkdtempSync('/tmp/iter-test-')
const { platforms, close } = await startSandboxes({ directory })
after(async () => {
  await close()
  rmSync(directory, { recursive: true })
})

const read = (written: unknown) => () => platformsIn('platforms.json', JSON.stringify(written))

test('what the sandboxes print is read as it was', () => {
  assert.deepEqual(read(platforms)(), JSON.parse(JSON.stringify(platforms)))
})

test('a signing service is described by what it speaks', () => {
  const { autorita } = platforms.firma
  const arss = { ...arssAt('https://arss.example'), autorita }
  assert.deepEqual(read({ ...platforms, firma: arss })().firma, arss)
})

const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ['a missing port', { ...platforms, pec: { ...platforms.pec, imap: { host: 'h' } } }, /pec\.imap\.port: /],
  [
    'a port in words',
    { ...platforms, mail: { ...platforms.mail, smtp: { host: 'h', port: '25' } } },
    /mail\.smtp\.port: /,
  ],
  ['no address', { ...platforms, anagrafe: { url: 'there' } }, /anagrafe\.url: /],
  ['a platform less', { ...platforms, io: undefined }, /io: /],
  ['a word of its own', { ...platforms, albi: {} }, /albi/],
  [
    'a voucher over the open net',
    { ...platforms, pdnd: { ...platforms.pdnd, url: 'http://x.example' } },
    /pdnd\.url: .*https/,
  ],
  ['a signing service by another protocol', { ...platforms, firma: { ...platforms.firma, protocollo: 'x' } }, /firma/],
  [
    'an account without its password',
    { ...platforms, firma: { ...arssAt('https://a.example'), autorita: [], utenze: { a: { utente: 'a' } } } },
    /firma\.utenze\.a\.password: /,
  ],
  ['nothing at all', {}, /protocollo: .*and \d+ more/],
  ['a list', [], /its whole: /],
]
for (const [what, written, named] of wrong)
  test(`refused by its name: ${what}`, () => {
    assert.throws(read(written), (error: Error) => {
      assert.match(
        error.message,
        /^Expected platforms\.json to say how each platform is reached, but [^\n]*\. Write it/,
      )
      assert.match(error.message, named)
      return true
    })
  })

test('neither keys nor passwords are in the message', () => {
  const secret = 'parola-che-nessuno-legge'
  const written = { ...platforms, io: { url: 7, chiave: secret, [secret.slice(0, 3)]: secret } }
  assert.throws(read(written), ({ message }: Error) => message.includes('io.url: ') && !message.includes(secret))
  assert.throws(
    () => platformsIn('platforms.json', `${secret}}`),
    ({ message }: Error) => !message.includes(secret),
  )
})
