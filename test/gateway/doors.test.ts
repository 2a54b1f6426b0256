import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doors, hostOf, isLoopback, requireGuarded, turnedAway } from '../../engine/gateway/doors.ts'

const ours = doors('127.0.0.1', { names: ['iter.example'], origins: ['http://127.0.0.1:3000'] })

const callers: readonly (readonly [host: string | undefined, origin: string | undefined, isLetIn: boolean])[] = [
  ['127.0.0.1:8080', undefined, true],
  ['localhost:8080', undefined, true],
  ['LOCALHOST', undefined, true],
  ['localhost.:8080', undefined, true],
  ['[::1]:26500', undefined, true],
  ['iter.example', undefined, true],
  ['127.0.0.1:8080', 'http://127.0.0.1:3000', true],
  ['127.0.0.1:8080', 'HTTP://127.0.0.1:3000', true],
  [undefined, undefined, false],
  ['', undefined, false],
  ['evil.example', undefined, false],
  ['evil.example:8080', 'http://127.0.0.1:3000', false],
  ['127.0.0.1.evil.example', undefined, false],
  ['localhost@evil.example', undefined, false],
  ['localhost:8080:9', undefined, false],
  ['127.0.0.1, evil.example', undefined, false],
  ['0.0.0.0:8080', undefined, false],
  ['127.0.0.1:8080', 'http://evil.example', false],
  ['127.0.0.1:8080', 'http://127.0.0.1:8080', false],
  ['127.0.0.1:8080', 'https://127.0.0.1:3000', false],
  ['127.0.0.1:8080', 'null', false],
  ['127.0.0.1:8080', '', false],
]
for (const [host, origin, isLetIn] of callers) {
  test(`Host ${host ?? 'absent'} with Origin ${origin ?? 'absent'} is ${isLetIn ? 'let in' : 'turned away'}`, () => {
    assert.equal(turnedAway(ours, { host, origin }) === null, isLetIn)
  })
}

test('the host of an authority', () => {
  const table = { 'a.b:1': 'a.b', '[::1]:26500': '::1', '[::1]': '::1', '::1': null, 'a b': null, 'a:': null, '': null }
  for (const [authority, host] of Object.entries(table)) assert.equal(hostOf(authority), host, authority)
})

const addresses: Readonly<Record<string, boolean>> = {
  '127.0.0.1': true,
  '127.8.9.1': true,
  localhost: true,
  '::1': true,
  '0.0.0.0': false,
  '::': false,
  '192.168.1.4': false,
  '127.evil.example': false,
  '': false,
}
for (const [host, isLocal] of Object.entries(addresses)) {
  test(`listening on "${host}" ${isLocal ? 'is open to this machine' : 'needs API users'}`, () => {
    assert.equal(isLoopback(host), isLocal)
    requireGuarded(host, true)
    if (isLocal) requireGuarded(host, false)
    else assert.throws(() => requireGuarded(host, false), /ITER_API_USERS/)
  })
}
