/** The clerk's pages on a real engine: who sees what, how a task is done, and that nothing typed is lost. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AMOUNT, openOffice } from './office.ts'

const DUE = '2027-04-15T22:00:00Z'
const COUNTER = 'sara.sportello'
const [CLERK, COLLEAGUE, OTHER_OFFICE, ADMIN, CITIZEN] = [
  'piero.vigile',
  'carla.comandante',
  'tina.tributi',
  'anna.amministratrice',
  'mario.rossi',
] as const

let office: Awaited<ReturnType<typeof openOffice>>
before(async () => {
  office = await openOffice()
})
after(() => office.close())

test('the queue shows the tasks of the own offices, nearest due date first, as text', async () => {
  const later = await office.file(12, '2027-04-16T22:00:00Z')
  const sooner = await office.file(11, '2027-03-03T23:00:00Z')
  const { markup } = await office.ask(CLERK, '/scrivania')
  assert.ok(markup.indexOf(sooner.task) < markup.indexOf(later.task))
  assert.match(markup, /Protocollo 11\/2027/)
  assert.match(markup, /03\/03\/2027.*in scadenza: restano 2 giorni lavorativi/)
  assert.match(markup, /Decidi &lt;subito&gt;/)
  assert.match(markup, /&lt;b&gt;Mario/)
  assert.doesNotMatch((await office.ask(OTHER_OFFICE, '/scrivania')).markup, /Protocollo/)
  assert.match((await office.ask(CLERK, '/scrivania?compiti=miei')).markup, /Nessun compito/)
  assert.match((await office.ask(CLERK, '/scrivania?ufficio=tributi.operatori')).markup, /Protocollo 11/)
})

test('a task of another office, of nobody, or of a strange key is refused', async () => {
  const { task, processInstanceKey } = await office.file(1, DUE)
  for (const person of [OTHER_OFFICE, ADMIN, CITIZEN]) {
    for (const path of ['', '/prendi', '/rilascia']) {
      const answer = await office.ask(person, `/scrivania/compiti/${task}${path}`, {
        'decisione.motivo': 'x',
        azione: 'completa',
      })
      assert.equal(answer.kind === 'page' && answer.status, 403)
    }
  }
  for (const person of [OTHER_OFFICE, CITIZEN]) {
    const answer = await office.ask(person, `/scrivania/pratiche/${processInstanceKey}`)
    assert.equal(answer.kind === 'page' && answer.status, 403)
  }
  for (const key of ['1', 'x', "1' or 1=1", '99999999999999999999']) {
    const answer = await office.ask(CLERK, `/scrivania/compiti/${encodeURIComponent(key)}`)
    assert.equal(answer.kind === 'page' && answer.status, 404)
  }
})

test('claim, faults, completion: the variables keep their digits, the access is recorded', async () => {
  const { id, task, processInstanceKey } = await office.file(2, DUE)
  const page = `/scrivania/compiti/${task}`
  assert.match((await office.ask(CLERK, page)).markup, /Importo 12345678901234567890,12/)
  assert.deepEqual(await office.ask(CLERK, `${page}/prendi`, {}), {
    kind: 'redirect',
    to: `${page}?preso=`,
    markup: '',
  })
  const refused = await office.ask(CLERK, page, {
    azione: 'completa',
    'decisione.motivo': '',
    'decisione.importo': 'molto',
  })
  assert.equal(refused.kind === 'page' && refused.status, 422)
  assert.match(refused.markup, /href="#campo-decisione-motivo"/)
  assert.match(refused.markup, /value="molto"/)
  const done = await office.ask(CLERK, page, {
    azione: 'completa',
    'decisione.motivo': 'sì',
    'decisione.importo': AMOUNT.replace('.', ','),
  })
  assert.deepEqual(done, { kind: 'redirect', to: '/scrivania?completato=', markup: '' })
  assert.equal(await office.variable(processInstanceKey, 'decisione'), `{"motivo":"sì","importo":${AMOUNT}}`)
  const rows = await office.database('access_log').where({ practice: id }).orderBy('id')
  assert.deepEqual(
    rows.map(({ person, action }) => `${person} ${action}`),
    [`${CLERK} read`, `${CLERK} claim`, `${CLERK} complete`],
  )
})

test('what was typed comes back when a colleague was faster, and nothing is sent', async () => {
  const { task } = await office.file(3, DUE)
  const page = `/scrivania/compiti/${task}`
  await office.ask(COLLEAGUE, `${page}/prendi`, {})
  const typed = { azione: 'completa', 'decisione.motivo': 'il mio lungo testo' }
  const late = await office.ask(CLERK, page, typed)
  assert.equal(late.kind === 'page' && late.status, 409)
  assert.match(late.markup, /preso in carico: Carla Leoni.*il mio lungo testo/)
  await office.ask(COLLEAGUE, page, { azione: 'completa', 'decisione.motivo': 'fatto' })
  const later = await office.ask(CLERK, page, typed)
  assert.equal(later.kind === 'page' && later.status, 409)
  assert.match(later.markup, /completato o tolto.*il mio lungo testo/)
})

test('two clerks who complete at once: one does, the other reads what he typed', async () => {
  const { task } = await office.file(4, DUE)
  const answers = await Promise.all(
    [CLERK, COLLEAGUE].map((person) =>
      office.ask(person, `/scrivania/compiti/${task}`, {
        azione: 'completa',
        'decisione.motivo': `testo di ${person}`,
      }),
    ),
  )
  assert.deepEqual(answers.map(({ kind }) => kind).sort(), ['page', 'redirect'])
  const refused = answers.findIndex(({ kind }) => kind === 'page')
  assert.match(answers[refused]!.markup, new RegExp(`testo di ${[CLERK, COLLEAGUE][refused]}`))
})

test('a released task is free again', async () => {
  const { task } = await office.file(5, DUE)
  await office.ask(CLERK, `/scrivania/compiti/${task}/prendi`, {})
  assert.deepEqual(await office.ask(CLERK, `/scrivania/compiti/${task}/rilascia`, {}), {
    kind: 'redirect',
    to: `/scrivania?rilasciati=${task}`,
    markup: '',
  })
  assert.match((await office.ask(COLLEAGUE, `/scrivania/compiti/${task}`)).markup, /Prendi in carico/)
})

test('the instance as text: steps with names and states, and the diagram with its tokens', async () => {
  const { id, processInstanceKey, task } = await office.file(6, DUE)
  const open = await office.ask(CLERK, `/scrivania/pratiche/${processInstanceKey}`)
  assert.match(open.markup, /<h1>Cambio di residenza, protocollo 6\/2027<\/h1>/)
  assert.match(
    open.markup,
    /<th scope="row"[^>]*>Decidi &lt;subito&gt;<\/th><td[^>]*>compito di una persona<\/td><td[^>]*> ?in corso/,
  )
  const svg = /<svg.*<\/svg>/s.exec(open.markup)![0]
  assert.match(svg, /<g data-element="decidi"><rect[^>]*stroke="#0066cc"/)
  assert.match(svg, /class="sign"/)
  assert.match(svg, /&lt;subito&gt;/)
  assert.doesNotMatch(svg, /<subito>| id=| style=/)
  await office.ask(CLERK, `/scrivania/compiti/${task}`, { azione: 'completa', 'decisione.motivo': 'x' })
  assert.match((await office.ask(CLERK, `/scrivania/pratiche/${processInstanceKey}`)).markup, /Decisa.*concluso/)
  const reads = await office.database('access_log').where({ practice: id, action: 'read' })
  assert.equal(reads.length, 2)
})

test('the counter files a paper that lacks what the law requires, once, and refuses what is wrong', async () => {
  const page = '/scrivania/sportello/comune.anagrafe.residenza'
  const refused = await office.ask(OTHER_OFFICE, page)
  assert.equal(refused.kind === 'page' && refused.status, 403)
  const { markup } = await office.ask(COUNTER, page)
  const id = /name="pratica-id" value="([^"]+)"/.exec(markup)![1]!
  const paper = {
    azione: 'presenta',
    'pratica-id': id,
    'richiedente.cf': 'RSSMRA85C01G273I',
    'istanza.indirizzo.civico': ' ',
    'pratica.canale': 'x',
  }
  const wrong = await office.ask(COUNTER, page, { ...paper, 'richiedente.email': 'mario' })
  assert.equal(wrong.kind === 'page' && wrong.status, 422)
  const [first, second] = await Promise.all([office.ask(COUNTER, page, paper), office.ask(COUNTER, page, paper)])
  assert.equal(first.kind, 'redirect')
  assert.deepEqual(second, first)
  assert.deepEqual(await office.ask(COUNTER, page, paper), first)
  const filed = await office.ask(COUNTER, first.kind === 'redirect' ? first.to : '')
  assert.equal(filed.kind === 'page' && filed.status, 200)
  const borrowed = await office.ask('ugo.ufficiale', page, paper)
  assert.equal(borrowed.kind === 'page' && borrowed.status, 403)
  const [practice] = await office.database('practice').where({ id })
  assert.deepEqual([practice.channel, practice.owner, practice.filed_by], ['sportello', 'RSSMRA85C01G273I', COUNTER])
  const istanza = await office.variable(practice.process_instance_key, 'istanza')
  assert.equal(JSON.parse(String(istanza)).indirizzo.civico, '')
  assert.match(String(await office.variable(practice.process_instance_key, 'pratica')), /"canale":"sportello"/)
})
