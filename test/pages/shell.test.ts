/** The rules in front of the pages, as tables: who may knock, where one may be led back to, how often one may try, what a seal holds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieIn, seal } from '../../forms/server/shell/cookies.ts'
import { knock, ownPath } from '../../forms/server/shell/doors.ts'
import { rateLimit } from '../../forms/server/shell/rate-limit.ts'

const LOCAL = new URL('http://127.0.0.1:3000')
const PUBLIC = new URL('https://servizi.comune.example')

type Knocking = Partial<Parameters<typeof knock>[1]>
const table: readonly (readonly [pages: URL, caller: Knocking, answer: ReturnType<typeof knock>['kind']])[] = [
  [LOCAL, { host: '127.0.0.1:3000' }, 'welcome'],
  [LOCAL, { host: 'localhost:3000' }, 'elsewhere'],
  [LOCAL, { host: 'LOCALHOST:3000' }, 'elsewhere'],
  [LOCAL, { host: 'localhost:3000', method: 'POST' }, 'refused'],
  [LOCAL, { host: '127.0.0.1:3001' }, 'refused'],
  [LOCAL, { host: '127.0.0.1' }, 'refused'],
  [LOCAL, { host: undefined }, 'refused'],
  [LOCAL, { host: '' }, 'refused'],
  [LOCAL, { host: 'evil.example:3000' }, 'refused'],
  [LOCAL, { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000', method: 'POST' }, 'welcome'],
  [LOCAL, { host: '127.0.0.1:3000', origin: 'HTTP://127.0.0.1:3000', method: 'POST' }, 'welcome'],
  [LOCAL, { host: '127.0.0.1:3000', method: 'POST' }, 'welcome'],
  [LOCAL, { host: '127.0.0.1:3000', origin: 'null', method: 'POST' }, 'refused'],
  [LOCAL, { host: '127.0.0.1:3000', origin: 'https://127.0.0.1:3000' }, 'refused'],
  [LOCAL, { host: '127.0.0.1:3000', origin: 'http://evil.example' }, 'refused'],
  [LOCAL, { host: '127.0.0.1:3000', site: 'cross-site', method: 'POST' }, 'refused'],
  [LOCAL, { host: '127.0.0.1:3000', site: 'same-site', method: 'POST' }, 'refused'],
  [LOCAL, { host: '127.0.0.1:3000', site: 'same-origin', method: 'POST' }, 'welcome'],
  [LOCAL, { host: '127.0.0.1:3000', site: 'cross-site' }, 'welcome'],
  [PUBLIC, { host: 'servizi.comune.example' }, 'welcome'],
  [PUBLIC, { host: 'servizi.comune.example', origin: 'https://servizi.comune.example', method: 'POST' }, 'welcome'],
  [PUBLIC, { host: 'servizi.comune.example', origin: 'http://servizi.comune.example', method: 'POST' }, 'refused'],
  [PUBLIC, { host: 'localhost' }, 'refused'],
]
for (const [pages, caller, answer] of table) {
  test(`pages at ${pages.origin}, ${JSON.stringify(caller)}: ${answer}`, () => {
    const whole = { method: 'GET', host: undefined, origin: undefined, site: undefined, path: '/x?y=1', ...caller }
    const found = knock(pages, whole)
    assert.equal(found.kind, answer)
    if (found.kind === 'elsewhere') assert.equal(found.to, `${pages.origin}/x?y=1`)
  })
}

test('one is led back to paths of ours alone', () => {
  for (const path of ['/', '/pratiche', '/servizi/a.b/richiesta?x=%20']) assert.equal(ownPath(path), path)
  const elsewhere = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    '/a\nb',
    '/ x',
  ]
  for (const path of [null, ...elsewhere, `/${'x'.repeat(3_000)}`]) assert.equal(ownPath(path), '/', String(path))
})

test('so many attempts a minute for each caller, then again', () => {
  let now = 0
  const limit = rateLimit(2, () => now)
  assert.deepEqual(
    ['a', 'a', 'a', 'b'].map((caller) => limit.allows(caller)),
    [true, true, false, true],
  )
  now = 59_999
  assert.equal(limit.allows('a'), false)
  now = 60_000
  assert.equal(limit.allows('a'), true)
})

test('a seal opens what it closed: not another’s, not for another purpose, not a changed one', () => {
  const secret = Buffer.alloc(32, 1)
  const ours = seal(secret, 'sign-in', 60)
  const closed = ours.close({ state: 'x' })
  assert.equal(ours.open(closed)?.state, 'x')
  const [text, mark] = closed.split('.') as [string, string]
  const forged = Buffer.from(JSON.stringify({ state: 'y', until: '9999999999999' })).toString('base64url')
  for (const other of [null, '', '.', text, `${text}.`, `${forged}.${mark}`, `${text}x.${mark}`]) {
    assert.equal(ours.open(other), null)
  }
  assert.equal(seal(secret, 'other', 60).open(closed), null)
  assert.equal(seal(Buffer.alloc(32, 2), 'sign-in', 60).open(closed), null)
  assert.equal(seal(secret, 'sign-in', 0).open(seal(secret, 'sign-in', 0).close({})), null, 'past its time')
})

test('a cookie is found by its whole name', () => {
  const header = 'other-iter=1; iter=a=b; iter=c; empty='
  assert.equal(cookieIn(header, 'iter'), 'a')
  assert.equal(cookieIn(header, 'empty'), null)
  assert.equal(cookieIn(header, 'absent'), null)
  assert.equal(cookieIn(undefined, 'iter'), null)
})
