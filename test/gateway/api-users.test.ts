import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUserLine, apiUsers } from '../../engine/gateway/api-users.ts'

const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
const line = await apiUserLine('modeler', 'S3greto: è così')
const users = apiUsers(`# who may call\n\n${line}\n`)

test('the right password opens, again and again', async () => {
  assert.equal(await users.authenticate(basic('modeler', 'S3greto: è così')), 'modeler')
  assert.equal(await users.authenticate(basic('modeler', 'S3greto: è così')), 'modeler')
})

const wrong: Readonly<Record<string, string | undefined>> = {
  'no header': undefined,
  'an empty header': '',
  'another scheme': 'Bearer abc',
  'no colon': `Basic ${Buffer.from('modeler').toString('base64')}`,
  'a wrong password': basic('modeler', 'segreto'),
  'an unknown user': basic('nessuno', 'S3greto: è così'),
  'an empty password': basic('modeler', ''),
}
for (const [what, header] of Object.entries(wrong)) {
  test(`${what} is turned away`, async () => {
    await assert.rejects(users.authenticate(header), { name: 'GatewayError', status: 'UNAUTHENTICATED' })
  })
}

test('more guesses at once than the machine should bear are put off', async () => {
  const guesses = Array.from({ length: 20 }, (_, guess) => users.authenticate(basic('modeler', `guess ${guess}`)))
  const statuses = (await Promise.allSettled(guesses)).map(
    (guess) => guess.status === 'rejected' && guess.reason.status,
  )
  assert.deepEqual([...new Set(statuses)].sort(), ['RESOURCE_EXHAUSTED', 'UNAUTHENTICATED'])
})

test('the file holds neither the password nor the same hash twice', async () => {
  assert.doesNotMatch(line, /S3greto/)
  assert.notEqual(await apiUserLine('modeler', 'S3greto: è così'), line)
})

test('a file with a line of another form is refused, without repeating the line', () => {
  assert.throws(
    () => apiUsers('modeler:plain-password\n'),
    (error: Error) => !error.message.includes('plain-password'),
  )
  assert.throws(() => apiUsers('# nobody\n'), /at least one/)
})
