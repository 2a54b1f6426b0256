/** Configured REST calls against whoever writes the values, the names, the answers or the configuration: a table of each. */
import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, beforeEach, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { kindOfAddress } from '../../connectors/rest/address.ts'
import { restCalls } from '../../connectors/rest/client.ts'
import type { Network, RestCall, RestService } from '../../connectors/rest/types.ts'
import { restCallsSchema } from '../../processes/rest-calls.ts'

const SECRET = 'gettone-segreto'
interface Heard {
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
const heard: Heard[] = []
let connections = 0
let answer: (response: ServerResponse) => void
const ok = (body: string) => (response: ServerResponse) => void response.end(body)
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  heard.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() })
  answer(response)
})
server.on('connection', () => {
  connections++
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
after(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  heard.length = 0
  connections = 0
  answer = ok('{"id": "1"}')
})

const CALL: RestCall = {
  servizio: 'ufficio',
  metodo: 'POST',
  percorso: '/pratiche/{id}',
  credenziale: { segreto: 'gettone', intestazione: 'Authorization', prefisso: 'Bearer ' },
  corpo: { testo: '=testo' },
  risposta: { riferimento: '=corpo.id' },
  attesaMs: 5_000,
  effetto: { classe: 'keyed', intestazione: 'Idempotency-Key' },
}
const here: RestService = { url: `http://127.0.0.1:${port}/base`, rete: 'locale', segreti: { gettone: SECRET } }
const known: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }]
const resolves =
  (...answers: readonly LookupAddress[][]) =>
  async () =>
    answers[Math.min(asked++, answers.length - 1)] ?? []
let asked = 0

function caller(call: Partial<RestCall> = {}, service: Partial<RestService> = {}, resolve = resolves(known)) {
  asked = 0
  const rest = restCalls({
    services: { ufficio: { ...here, ...service } },
    calls: { 'ufficio.chiama': { ...CALL, ...call } },
    resolve,
  })
  return (values: Readonly<Record<string, unknown>> = {}, chiave = 'p-1/compito/7') =>
    rest.call('ufficio.chiama', { id: '1', testo: 'ciao', ...values }, chiave)
}

/** The failure, which tells nothing of what it was about. */
async function failure(attempt: Promise<unknown>, ...hidden: readonly string[]): Promise<Error> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Error, 'it went through')
  const told = `${error.stack} ${String(error.cause)}`
  for (const secret of [SECRET, ...hidden].filter((text) => text.length > 3)) assert.ok(!told.includes(secret), told)
  return error
}

const ADDRESSES: Readonly<Record<ReturnType<typeof kindOfAddress>, readonly string[]>> = {
  pubblica: [
    '8.8.8.8',
    '1.1.1.1',
    '100.63.255.255',
    '172.32.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ],
  privata: [
    ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fc00::1', 'fd12::1'],
    ...['::ffff:10.0.0.1', '::ffff:a00:1', '0:0:0:0:0:ffff:192.168.0.1', '64:ff9b::a00:1'],
  ],
  locale: [
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::FFFF:7f00:1',
    '64:ff9b::7f00:1',
  ],
  vietata: [
    ...[
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '::ffff:a9fe:a9fe',
      'fd00:ec2::254',
      '100.100.100.200',
      '168.63.129.16',
    ],
    ...['0.0.0.0', '0.1.2.3', '::', '::ffff:0.0.0.0', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '224.0.0.1'],
    ...['255.255.255.255', '240.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '192.88.99.1'],
    ...['2001:db8::1', '2002:7f00:1::', '2001::1', '::127.0.0.1', '64:ff9b:1::1', '100::1', '4000::1', '3fff::1'],
    ...['', 'localhost', '127.1', '0x7f000001', '2130706433', '127.0.0.1.', ' 127.0.0.1', '::1 '],
  ],
}

test('an address belongs to one network, in whatever spelling; the unknown to none', () => {
  for (const [kind, addresses] of Object.entries(ADDRESSES))
    for (const address of addresses) assert.equal(kindOfAddress(address), kind, address)
})

test('a service of another network is not connected to, however its address is spelled', async () => {
  const spellings = [
    ...['127.0.0.1', '127.1', '127.0.1', '0x7f.0.0.1', '0x7f000001', '0177.0.0.1', '2130706433', '017700000001'],
    ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:0001]', '127.0.0.1.', '①②⑦.⓪.⓪.①'],
    ...['localhost', 'LOCALHOST.', 'ufficio.example', '169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '0.0.0.0'],
  ]
  for (const host of spellings)
    for (const [rete, scheme] of [
      ['privata', 'http'],
      ['pubblica', 'https'],
    ] as const) {
      const error = await failure(caller({}, { url: `${scheme}://${host}:${port}`, rete })())
      assert.ok(error instanceof Refused && error.code === 'INDIRIZZO_NON_AMMESSO', `${host}: ${error.message}`)
    }
  assert.equal(connections, 0)
})

test('link-local and metadata addresses are called by no service, not even one of this machine', async () => {
  for (const host of ['169.254.169.254', '[::ffff:169.254.169.254]', '[fe80::1]', '[fd00:ec2::254]', '0.0.0.0'])
    for (const rete of ['privata', 'locale'] as const satisfies readonly Network[]) {
      const error = await failure(caller({}, { url: `http://${host}:${port}`, rete })())
      assert.ok(error instanceof Refused && error.code === 'INDIRIZZO_NON_AMMESSO', host)
    }
})

test('a name is looked up once for each call, judged each time, and what was judged is connected to', async () => {
  const named = { url: `http://ufficio.example:${port}` }
  const moved = caller({}, named, resolves(known, [{ address: '169.254.169.254', family: 4 }]))
  assert.deepEqual(await moved(), { riferimento: '1' })
  assert.deepEqual([asked, heard.length], [1, 1])
  assert.ok((await failure(moved())) instanceof Refused)
  assert.deepEqual([asked, heard.length], [2, 1])
})

test('a name with one forbidden address among others is not called at all', async () => {
  const forbidden = { address: '::ffff:169.254.169.254', family: 6 }
  for (const addresses of [[...known, forbidden], [forbidden, ...known], []]) {
    const error = await failure(caller({}, { url: `http://ufficio.example:${port}` }, resolves(addresses))())
    assert.ok(error instanceof Refused, error.message)
  }
  assert.equal(connections, 0)
})

test('a name that is not found was certainly not called', async () => {
  const absent = async (): Promise<LookupAddress[]> => {
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  }
  assert.ok((await failure(caller({}, { url: 'http://assente.example' }, absent)())) instanceof Unavailable)
})

test('a service with a name, a password, a query or another scheme in its address is refused when the town starts', () => {
  for (const url of [
    ...[`http://utente@127.0.0.1:${port}`, `http://u:p@127.0.0.1:${port}`, `http://127.0.0.1:${port}@evil.example`],
    ...['http://127.0.0.1/?a=1', 'http://127.0.0.1/#a', 'file:///etc/passwd', 'ftp://127.0.0.1', 'gopher://127.0.0.1'],
    ...['//127.0.0.1', '', 'javascript:alert(1)', 'http://127.0.0.1:99999', 'http://exa mple'],
  ])
    assert.throws(() => caller({}, { url }), /^Error: Expected the service ufficio to have a plain address/, url)
  assert.throws(() => caller({}, { url: 'http://ufficio.example', rete: 'pubblica' }), /http on a public network/)
})

test('a value in the path is one segment of plain characters, or nothing leaves', async () => {
  const values: readonly unknown[] = [
    ...['..', '.', '...', '../admin', 'a/b', '/', '//evil.example', 'a\\b', '..\\admin', '%2e%2e', '%2E%2E%2fadmin'],
    ...['a%2fb', '..%2f', '%252e', 'a?b=1', 'a#b', 'a;b/..', 'riga\r\nHost: evil.example', 'a\nb', 'a\0b', 'a\tb'],
    ...[
      '\u2028',
      '\ud800',
      '',
      ' \u202e',
      '<script>',
      '"x"',
      '`x`',
      '{x}',
      'x'.repeat(2_001),
      '\u2215etc',
      '\uff0e\uff0e\uff0f',
    ],
    ...[null, undefined, [], ['a'], { a: 1 }],
  ]
  for (const id of values) {
    const error = await failure(caller()({ id }), typeof id === 'string' ? id : '')
    assert.match(error.message, /^Expected /, JSON.stringify(id))
  }
  assert.equal(connections, 0)
})

test('a plain value in the path arrives as it is', async () => {
  for (const id of [
    'RSSMRA85C01G273I',
    'p-1.compito.7',
    'via Libertà',
    '@evil.example',
    'a:b',
    'a;b=c,d',
    '~x_',
    42,
    '..a',
  ]) {
    await caller()({ id })
    assert.equal(decodeURIComponent(heard.at(-1)!.url), `/base/pratiche/${id}`)
    assert.equal(heard.at(-1)!.headers.host, `127.0.0.1:${port}`)
  }
})

test('a value in the query stays one value, whatever it says', async () => {
  const values = [
    "D'Angelo",
    'a&b=c',
    '#',
    '?',
    '../..',
    'riga\r\nX-Altro: 1',
    '%00',
    'è',
    '€',
    '+ +',
    '"<>`',
    '\0',
    'http://evil.example/',
  ]
  for (const testo of values) {
    await caller({ percorso: '/cerca', query: { q: '=testo', vuoto: '=assente' } })({ testo })
    const { url, headers } = heard.at(-1)!
    assert.deepEqual([...new URL(url, 'http://x').searchParams], [['q', testo]])
    assert.ok(url.startsWith('/base/cerca?q='))
    assert.equal(headers['x-altro'], undefined)
  }
})

test('a value in a header is printable ASCII, or nothing leaves', async () => {
  const call = caller({ intestazioni: { 'X-Oggetto': '=testo' } })
  await call({ testo: 'Pratica 1 (uno)' })
  assert.equal(heard[0]?.headers['x-oggetto'], 'Pratica 1 (uno)')
  for (const testo of ['a\r\nX-Altro: 1', 'a\nb', 'a\rb', 'a\0b', 'è', '\u010a', '\u560a', 'x'.repeat(2_001), ['a']]) {
    const error = await failure(call({ testo }), String(testo))
    assert.match(error.message, /^Expected /)
  }
  assert.equal(heard.length, 1)
})

test('our key travels as ASCII, the same for each attempt', async () => {
  await caller()({}, 'p-1/verifica-attività/7\r\nX-Altro: 1')
  await caller()({}, 'p-1/verifica-attività/7\r\nX-Altro: 1')
  const [first, second] = heard.map(({ headers }) => headers['idempotency-key'])
  assert.equal(first, 'p-1%2Fverifica-attivit%C3%A0%2F7%0D%0AX-Altro%3A%201')
  assert.equal(first, second)
  assert.equal(heard[0]?.headers.authorization, `Bearer ${SECRET}`)
})

test('FEEL in a body cannot be brought in by a value; digits are kept', async () => {
  const call = caller({ corpo: { testo: '=testo', somma: '=somma + 1', fisso: 'fisso', elenco: ['=testo', 1, null] } })
  await call({ testo: '=1+1', somma: JSON.rawJSON('9007199254740992') })
  assert.equal(heard[0]?.body, '{"testo":"=1+1","somma":9007199254740993,"fisso":"fisso","elenco":["=1+1",1,null]}')
})

test('a body beyond a megabyte does not leave', async () => {
  await failure(caller()({ testo: 'x'.repeat(1_100_000) }))
  assert.equal(connections, 0)
})

type FailureName = 'Refused' | 'Unavailable' | 'UnknownOutcome'
const ANSWERS: Readonly<Record<string, readonly [(response: ServerResponse) => void, FailureName]>> = {
  'a redirect elsewhere': [
    (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    'UnknownOutcome',
  ],
  'a redirect to itself': [(response) => response.writeHead(307, { location: '/base/altro' }).end(), 'UnknownOutcome'],
  'a refusal': [(response) => response.writeHead(422).end(`{"errore":"${SECRET}"}`), 'Refused'],
  'not now': [(response) => response.writeHead(503).end(), 'Unavailable'],
  'too often': [(response) => response.writeHead(429).end(), 'Unavailable'],
  'an error': [(response) => response.writeHead(500).end(SECRET), 'UnknownOutcome'],
  'no JSON': [ok('<html>'), 'UnknownOutcome'],
  'cut off': [(response) => response.writeHead(200, { 'content-length': '100' }).end('{'), 'UnknownOutcome'],
  silence: [(response) => response.destroy(), 'UnknownOutcome'],
  'more than four megabytes': [ok(`"${'x'.repeat(5 * 1024 * 1024)}"`), 'UnknownOutcome'],
}

test('every answer says what may have been done, and no message what was said', async () => {
  for (const [name, [given, kind]] of Object.entries(ANSWERS)) {
    heard.length = 0
    answer = given
    const error = await failure(caller()({ id: 'RSSMRA85C01G273I' }), 'RSSMRA85C01G273I')
    assert.equal(error.name, kind, name)
    assert.equal(heard.length, 1, `${name}: nothing is followed or repeated`)
  }
})

test('who answers drop by drop, or never, is given up on in time', async () => {
  const drips = (response: ServerResponse) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write(' '), 20)
    response.once('close', () => clearInterval(timer))
  }
  for (const slow of [drips, () => {}]) {
    answer = slow
    assert.ok((await failure(caller({ attesaMs: 300 })())) instanceof UnknownOutcome)
  }
})

test('a service that does not listen was certainly not called', async () => {
  assert.ok((await failure(caller({}, { url: 'http://127.0.0.1:4' })())) instanceof Unavailable)
})

test('an answer is data: what it says of FEEL, prototypes or more is not taken', async () => {
  answer = ok('{"id": "=1+1", "__proto__": {"riferimento": "x"}, "altro": "y"}')
  const taken = await caller()()
  assert.deepEqual(taken, { riferimento: '=1+1' })
  answer = (response) => void response.writeHead(204).end()
  assert.deepEqual(await caller()(), { riferimento: null })
})

test('a call described wrongly is known when the town starts', () => {
  const wrong: readonly (readonly [Partial<RestCall>, RegExp])[] = [
    [{ servizio: 'altro' }, /there is no altro/],
    [{ credenziale: { segreto: 'altro', intestazione: 'Authorization', prefisso: '' } }, /have the secret altro/],
    [{ corpo: { a: { b: '=1 +' } } }, /ufficio\.chiama: corpo\.a\.b/],
    [{ percorso: '/{1 +}' }, /ufficio\.chiama/],
    [{ query: { q: '=(' } }, /query q/],
    [{ risposta: { riferimento: '=[' } }, /risposta\.riferimento/],
  ]
  for (const [call, said] of wrong) assert.throws(() => caller(call), said)
})

test('the configuration takes only calls that stay where they belong', () => {
  const { credenziale: _, ...plain } = CALL
  assert.ok(restCallsSchema.safeParse({ 'ufficio.chiama': plain }).success)
  const wrong: readonly object[] = [
    ...['pratiche', '/../x', '/a/./b', '/a?b', '/a#b', '/a b', '/%2e%2e', '//evil.example/', '/a\\b'].map(
      (percorso) => ({ percorso }),
    ),
    ...['Host', 'content-length', 'Transfer-Encoding', 'X Y', 'X\r\nY', ''].map((name) => ({
      intestazioni: { [name]: 'x' },
    })),
    ...[
      { metodo: 'TRACE' },
      { metodo: 'GET' },
      { attesaMs: 600_000 },
      { effetto: { classe: 'sempre' } },
      { url: 'http://x' },
    ],
    ...[{ effetto: { classe: 'findable' } }, { effetto: { classe: 'keyed', intestazione: 'Host' } }],
  ]
  for (const part of wrong)
    assert.ok(!restCallsSchema.safeParse({ 'ufficio.chiama': { ...plain, ...part } }).success, JSON.stringify(part))
})

test('a call that is not there is named', async () => {
  const rest = restCalls({ services: {}, calls: {} })
  assert.equal(rest.effectOf('tari.registra'), null)
  await assert.rejects(async () => rest.call('tari.registra', {}, 'k'), /named tari\.registra/)
})
