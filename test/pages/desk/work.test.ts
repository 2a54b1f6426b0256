/** A clerk's day on a real engine: finding, sharing out, interrupted typing, notes and documents, and what stands still. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openOffice } from './office.ts'

const DUE = '2027-04-15T22:00:00Z'
const OFFICER = 'ugo.ufficiale'
const [CLERK, COLLEAGUE, OTHER_OFFICE, ADMIN] = [
  'piero.vigile',
  'carla.comandante',
  'tina.tributi',
  'anna.amministratrice',
] as const

let office: Awaited<ReturnType<typeof openOffice>>
before(async () => {
  office = await openOffice()
})
after(() => office.close())

const statusOf = (answer: { readonly kind: string; readonly status?: number }): number | string =>
  answer.kind === 'page' ? (answer.status ?? 0) : answer.kind
const accesses = async (practice: string) =>
  (await office.database('access_log').where({ practice }).orderBy('id')).map(
    ({ person, action, detail }) => `${person} ${action}${detail === null ? '' : ` ${detail}`}`,
  )

test('a practice is found by number, name and tax code; what another office may not see is not found', async () => {
  const { task } = await office.file(8_123, DUE)
  await office.ask(CLERK, '/scrivania')
  for (const words of ['8123', '8123/2027', 'rossi 8123', 'RSSMRA85C01G273I 8123', 'ros 812'])
    assert.match((await office.ask(CLERK, `/scrivania?cerca=${encodeURIComponent(words)}`)).markup, new RegExp(task))
  for (const words of ['verdi', '8123 verdi', "' | !x", '&&&', '%'])
    assert.match(
      (await office.ask(CLERK, `/scrivania?cerca=${encodeURIComponent(words)}`)).markup,
      /Nessun compito con questi filtri/,
    )
  assert.doesNotMatch((await office.ask(OTHER_OFFICE, '/scrivania?cerca=8123')).markup, new RegExp(task))
  const list = await office.ask(OFFICER, '/scrivania/pratiche?cerca=8123')
  assert.match(list.markup, /Protocollo 8123\/2027.*&lt;b&gt;Mario/)
  assert.equal(statusOf(await office.ask(CLERK, '/scrivania/pratiche')), 403)
})

test('filters by due date; an unknown filter is none', async () => {
  const late = await office.file(21, '2027-02-20T23:00:00Z')
  const today = await office.file(22, '2027-03-01T23:00:00Z')
  const shows = async (due: string, { task }: { readonly task: string }) =>
    (await office.ask(CLERK, `/scrivania?scadenza=${due}`)).markup.includes(task)
  assert.deepEqual([await shows('scaduti', late), await shows('scaduti', today)], [true, false])
  assert.deepEqual([await shows('oggi', late), await shows('oggi', today)], [false, true])
  assert.deepEqual([await shows('settimana', today), await shows('senza', today)], [true, false])
  assert.equal(await shows('boh', late), true)
  assert.match((await office.ask(CLERK, '/scrivania?scadenza=scaduti')).markup, /scaduta: da \d+ giorni lavorativi/)
})

test('what came since the last sitting is new, for as long as this one lasts', async () => {
  const start = Date.now()
  const at = (minutes: number) => office.setClock(new Date(start + minutes * 60_000).toISOString())
  at(-60)
  await office.ask(COLLEAGUE, '/scrivania?scadenza=scaduti')
  await office.file(25, '2020-01-01T00:00:00Z')
  at(10)
  const first = await office.ask(COLLEAGUE, '/scrivania?scadenza=scaduti')
  assert.match(first.markup, /nuov[io] dall’ultima volta/)
  at(20)
  assert.match((await office.ask(COLLEAGUE, '/scrivania?scadenza=scaduti')).markup, /nuov[io] dall’ultima volta/)
  at(60)
  assert.doesNotMatch((await office.ask(COLLEAGUE, '/scrivania?scadenza=scaduti')).markup, /nuov[io] dall’ultima/)
  office.setClock('2027-03-01T09:00:00Z')
})

test('several are claimed at once, what a colleague has is told, and the claim is undone', async () => {
  const [one, two, taken] = [await office.file(31, DUE), await office.file(32, DUE), await office.file(33, DUE)]
  await office.ask(COLLEAGUE, `/scrivania/compiti/${taken.task}/prendi`, {})
  const chosen = { compito: [one.task, two.task, taken.task, '999', 'x'], coda: 'compiti=liberi&evil=1' }
  const claimed = await office.ask(CLERK, '/scrivania/prendi', chosen)
  const to = claimed.kind === 'redirect' ? new URLSearchParams(claimed.to.split('?')[1]) : null
  assert.deepEqual(
    [...(to ?? [])],
    [
      ['compiti', 'liberi'],
      ['presi', `${one.task}.${two.task}`],
      ['mancati', `${taken.task}.999`],
    ],
  )
  const told = await office.ask(CLERK, claimed.kind === 'redirect' ? claimed.to : '')
  assert.match(told.markup, /Hai preso in carico 2 compiti\..*Annulla.*2 compiti non sono cambiati.*Carla Leoni/s)
  await office.ask(CLERK, '/scrivania/rilascia', { compito: [one.task, taken.task] })
  const holders = await Promise.all(
    [one, two, taken].map(async ({ task }) => (await office.gateway.query.get('user-tasks', task))?.assignee ?? null),
  )
  assert.deepEqual(holders, [null, CLERK, COLLEAGUE])
  assert.match((await office.ask(OTHER_OFFICE, `/scrivania?presi=${two.task}`)).markup, /^(?!.*Hai preso).*$/s)
})

test('a task is given to a colleague of the office, to nobody else, and not over the head of who has it meanwhile', async () => {
  const { id, task } = await office.file(41, DUE)
  const page = `/scrivania/compiti/${task}`
  for (const nobody of [OTHER_OFFICE, ADMIN, OFFICER, 'mario.rossi', 'x', ''])
    assert.equal(statusOf(await office.ask(CLERK, `${page}/assegna`, { collega: nobody, ha: '' })), 403)
  assert.equal(statusOf(await office.ask(OTHER_OFFICE, `${page}/assegna`, { collega: COLLEAGUE, ha: '' })), 403)
  const given = await office.ask(CLERK, `${page}/assegna`, { collega: COLLEAGUE, ha: '' })
  assert.match((await office.ask(CLERK, given.kind === 'redirect' ? given.to : '')).markup, /assegnato a Carla Leoni/)
  const stale = await office.ask(CLERK, `${page}/assegna`, { collega: CLERK, ha: '' })
  assert.equal(statusOf(stale), 409)
  assert.equal((await office.gateway.query.get('user-tasks', task))?.assignee, COLLEAGUE)
  await office.ask(CLERK, `${page}/assegna`, { collega: CLERK, ha: COLLEAGUE })
  assert.equal((await office.gateway.query.get('user-tasks', task))?.assignee, CLERK)
  assert.deepEqual(await accesses(id), [`${CLERK} assign ${COLLEAGUE}`, `${CLERK} assign ${CLERK}`])
})

test('what is typed is kept as it is typed, for that person alone, until the task is done or they drop it', async () => {
  const { task } = await office.file(51, DUE)
  const page = `/scrivania/compiti/${task}`
  const typed = { _csrf: 't', 'decisione.motivo': 'metà di una frase\0', 'decisione.importo': 'non ancora' }
  assert.equal((await office.ask(CLERK, `${page}/bozza`, typed)).kind, 'nothing')
  await office.ask(OTHER_OFFICE, `${page}/bozza`, typed)
  assert.equal((await office.database('task_draft').where({ task })).length, 1)
  const back = await office.ask(CLERK, page)
  assert.match(back.markup, /avevi scritto.*metà di una frase.*non ancora/s)
  assert.doesNotMatch((await office.ask(COLLEAGUE, page)).markup, /metà di una frase/)
  await office.ask(CLERK, page, { azione: 'scarta' })
  assert.doesNotMatch((await office.ask(CLERK, page)).markup, /metà di una frase/)
  const saved = await office.ask(CLERK, page, { ...typed, azione: 'salva' })
  assert.equal(saved.kind === 'redirect' && saved.to, `${page}?salvato=`)
  await office.ask(CLERK, page, { 'decisione.motivo': 'finita', azione: 'completa' })
  assert.deepEqual(await office.database('task_draft').where({ task }), [])
})

test('a note says who and when, is read by who sees the practice, and by no administrator', async () => {
  const { id, task, processInstanceKey } = await office.file(61, DUE)
  const address = `/scrivania/pratiche/${processInstanceKey}/note`
  const poi = `/scrivania/compiti/${task}`
  const written = await office.ask(CLERK, address, { testo: ' Telefonato <alle> 10 ', poi })
  assert.equal(written.kind === 'redirect' && written.to, `${poi}#note`)
  assert.match((await office.ask(COLLEAGUE, poi)).markup, /Piero Marini.*Telefonato &lt;alle&gt; 10/s)
  assert.equal(statusOf(await office.ask(CLERK, address, { testo: ' ' })), 422)
  assert.equal(statusOf(await office.ask(CLERK, address, { testo: 'x'.repeat(4_001) })), 422)
  const elsewhere = await office.ask(CLERK, address, { testo: 'y', poi: '//evil.example' })
  assert.equal(elsewhere.kind === 'redirect' && elsewhere.to, `/scrivania/pratiche/${processInstanceKey}#note`)
  for (const person of [OTHER_OFFICE, ADMIN])
    assert.equal(statusOf(await office.ask(person, address, { testo: 'z' })), 403)
  assert.equal((await office.database('note').where({ practice: id })).length, 2)
  assert.doesNotMatch((await office.ask(ADMIN, `/scrivania/pratiche/${processInstanceKey}`)).markup, /Telefonato/)
})

test('documents stand beside the form; a browser shows only what cannot run', async () => {
  const { id, task } = await office.file(71, DUE)
  const put = (nome: string, tipo: string) =>
    office.documents.put(Buffer.from('%PDF-1.7 x'), { nome, tipo, pratica: id })
  const [pdf, page] = [await put('pianta.pdf', 'application/pdf'), await put('pagina.html', 'text/html')]
  const beside = (await office.ask(CLERK, `/scrivania/compiti/${task}`)).markup
  assert.match(beside, /pianta\.pdf.*data-preview="\/scrivania\/documenti\/[^"]+"/s)
  assert.equal(beside.split('data-preview=').length, 2)
  const shown = await office.ask(CLERK, `/scrivania/documenti/${pdf.id}`)
  assert.deepEqual(shown.kind === 'file' && [shown.name, shown.isInline], ['pianta.pdf', true])
  const kept = await office.ask(CLERK, `/scrivania/documenti/${page.id}`)
  assert.equal(kept.kind === 'file' && kept.isInline, false)
  for (const person of [OTHER_OFFICE, ADMIN])
    assert.equal(statusOf(await office.ask(person, `/scrivania/documenti/${pdf.id}`)), 403)
  const draft = await office.documents.put(Buffer.from('x'), { nome: 'x', tipo: 'text/plain', pratica: null })
  for (const nothing of [draft.id, 'x', '00000000-0000-0000-0000-000000000000'])
    assert.equal(statusOf(await office.ask(CLERK, `/scrivania/documenti/${nothing}`)), 404)
  assert.ok((await accesses(id)).includes(`${CLERK} download pianta.pdf`))
})

test('what was found of the signatures stands beside each document', async () => {
  const { id, task, processInstanceKey } = await office.file(72, DUE)
  const put = async (nome: string, tipo: string) =>
    (await office.documents.put(Buffer.from('x'), { nome, tipo, pratica: id })).id
  const found = (documento: string, esito: string, firme: readonly object[] = []) => ({ documento, esito, firme })
  const reasons = ['il documento non è quello firmato', 'l’algoritmo di impronta è debole']
  const firme = [
    found(await put('a.pdf', 'application/pdf'), 'NON_VALIDA', [
      { firmatario: 'Mario <Rossi>', esito: 'VALIDA', motivi: [] },
      { firmatario: '', esito: 'NON_VALIDA', motivi: reasons },
    ]),
    found(await put('b.pdf', 'application/pdf'), 'ASSENTE'),
    found(await put('c.p7m', 'application/pkcs7-mime'), 'NON_VERIFICABILE'),
  ]
  await office.gateway.setVariables(processInstanceKey, JSON.stringify({ firme }), true)
  const beside = (await office.ask(CLERK, `/scrivania/compiti/${task}`)).markup
  const [, a, b, c] = beside.split('<a href="/scrivania/documenti/')
  assert.match(a!, /a\.pdf.*Firma valida: Mario &lt;Rossi&gt;\. Revoca non verificata/s)
  assert.match(a!, /Firma non valida: firmatario ignoto \(il documento non è quello firmato; l’algoritmo/)
  assert.ok(b!.startsWith(firme[1]!.documento) && !/[Ff]irm/.test(b!))
  assert.match(c!, /c\.p7m.*Le firme non si sono potute verificare/s)
})

const CALLER = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="c" targetNamespace="https://iter.example/test">
  <bpmn:process id="chiama" isExecutable="true">
    <bpmn:startEvent id="inizio" />
    <bpmn:callActivity id="chiede"><bpmn:extensionElements><zeebe:calledElement processId="comune.anagrafe.residenza" propagateAllParentVariables="true" /></bpmn:extensionElements></bpmn:callActivity>
    <bpmn:endEvent id="fine" />
    <bpmn:sequenceFlow id="f1" sourceRef="inizio" targetRef="chiede" />
    <bpmn:sequenceFlow id="f2" sourceRef="chiede" targetRef="fine" />
  </bpmn:process>
</bpmn:definitions>`

test('so does what was found on an answer, while the step that asked for it is still at it', async () => {
  const { id } = await office.file(73, DUE)
  await office.gateway.deployResources({
    resources: [{ name: 'chiama.bpmn', content: new TextEncoder().encode(CALLER) }],
  })
  const variables = JSON.stringify({ pratica: { id }, scadenza: DUE, importo: 1 })
  const { processInstanceKey } = await office.gateway.createProcessInstance({ bpmnProcessId: 'chiama', variables })
  await office.database('practice').where({ id }).update({ process_instance_key: processInstanceKey })
  const one = async (resource: 'process-instances' | 'user-tasks', field: string, value: string) => {
    const filter = [{ field, operator: '$eq' as const, value }]
    return (await office.gateway.query.search(resource, { filter, sort: [], page: { limit: 1 } })).items[0]!
  }
  const called = await one('process-instances', 'parentProcessInstanceKey', processInstanceKey)
  const { userTaskKey } = await one('user-tasks', 'processInstanceKey', String(called.processInstanceKey))
  const found = async (nome: string, firmatario: string) => ({
    documento: (await office.documents.put(Buffer.from('x'), { nome, tipo: 'application/pdf', pratica: id })).id,
    ...{ esito: 'VALIDA', firme: [{ firmatario, esito: 'VALIDA', motivi: [] }] },
  })
  const firme = [await found('domanda.pdf', 'Mario Rossi')]
  const firmeRisposta = [await found('risposta.pdf', 'Lucia Bianchi')]
  await office.gateway.setVariables(processInstanceKey, JSON.stringify({ firme }), true)
  await office.gateway.setVariables(String(called.processInstanceKey), JSON.stringify({ firmeRisposta }), true)
  const beside = (await office.ask(CLERK, `/scrivania/compiti/${userTaskKey}`)).markup
  assert.match(beside, /domanda\.pdf.*Firma valida: Mario Rossi/s)
  assert.match(beside, /risposta\.pdf.*Firma valida: Lucia Bianchi/s)
})

test('an administrator sees the machine and not the person', async () => {
  const { processInstanceKey } = await office.file(81, DUE)
  const page = `/scrivania/pratiche/${processInstanceKey}`
  const seen = (await office.ask(ADMIN, page)).markup
  assert.match(seen, /<code>richiedente<\/code>.*••• \(\d+ caratteri\)/s)
  assert.doesNotMatch(seen, /Mario|Rossi/)
  assert.match((await office.ask(OFFICER, page)).markup, /<code>richiedente<\/code>.*Mario/s)
  assert.doesNotMatch((await office.ask(CLERK, page)).markup, /<code>richiedente<\/code>/)
  assert.doesNotMatch((await office.ask(ADMIN, '/scrivania/pratiche')).markup, /Mario|Rossi/)
})

test('an administrator holds an instance and lets it go; a clerk does not', async () => {
  const { processInstanceKey } = await office.file(82, DUE)
  const page = `/scrivania/pratiche/${processInstanceKey}`
  for (const person of [OFFICER, CLERK, OTHER_OFFICE])
    assert.equal(statusOf(await office.ask(person, `${page}/sospendi`, {})), 403)
  const held = await office.ask(ADMIN, `${page}/sospendi`, {})
  assert.match(
    (await office.ask(ADMIN, held.kind === 'redirect' ? held.to : '')).markup,
    /Esecuzione sospesa.*sospesa/s,
  )
  await office.ask(ADMIN, `${page}/riprendi`, {})
  assert.equal((await office.gateway.query.get('process-instances', processInstanceKey))?.state, 'ACTIVE')
})

test('a step that stands still is tried again by who answers for it', async () => {
  const { id, incident } = await office.fileWithFailure('Unavailable: no connection')
  const page = `/scrivania/problemi/${incident}`
  for (const person of [CLERK, OTHER_OFFICE])
    assert.equal(statusOf(await office.ask(person, `${page}/riprova`, {})), 403)
  assert.match((await office.ask(ADMIN, '/scrivania/problemi')).markup, new RegExp(incident))
  assert.equal(statusOf(await office.ask(CLERK, '/scrivania/problemi')), 403)
  const retried = await office.ask(ADMIN, `${page}/riprova`, {})
  assert.match(retried.kind === 'redirect' ? retried.to : '', /\?riprovato=$/)
  assert.equal((await office.gateway.query.get('incidents', incident))?.state, 'RESOLVED')
  const again = await office.ask(ADMIN, `${page}/riprova`, {})
  assert.match(again.kind === 'redirect' ? again.to : '', /\?mancato=$/)
  assert.deepEqual(await accesses(id), [`${ADMIN} retry`])
})

const UNKNOWN = 'Undecidable: Expected to know whether prova.invia was done, but no answer came. (esito ignoto).'

test('an unknown outcome is decided by a person, with a reason; the ledger heeds it and the platform’s word stands', async () => {
  const { id, incident, effect } = await office.fileWithFailure(UNKNOWN)
  await office.ledger.intend(effect, 'prova.invia')
  const page = `/scrivania/problemi/${incident}/decidi`
  assert.equal(statusOf(await office.ask(OTHER_OFFICE, page)), 403)
  assert.match((await office.ask(ADMIN, page)).markup, /prova\.invia.*È stato fatto\?/s)
  const decided = { esito: 'fatto', verifica: 'chiesto al destinatario', dati: '{"messageId":"m"}' }
  for (const wrong of [{}, { ...decided, verifica: ' ' }, { ...decided, dati: '{' }, { ...decided, esito: 'forse' }]) {
    const refused = await office.ask(ADMIN, page, wrong)
    assert.equal(statusOf(refused), 422)
    if ('dati' in wrong && wrong.dati === '{')
      assert.match(refused.markup, />\{<\/textarea>.*chiesto al destinatario|chiesto al destinatario.*>\{<\/textarea>/s)
  }
  const done = await office.ask(ADMIN, page, decided)
  assert.match(done.kind === 'redirect' ? done.to : '', /\?deciso=$/)
  assert.deepEqual(await office.ledger.intend(effect, 'prova.invia'), {
    state: 'settled',
    outcome: { messageId: 'm' },
  })
  assert.match((await office.database('note').where({ practice: id }).first()).text, /fatto\. chiesto al destinatario/)
  assert.deepEqual(await accesses(id), [`${ADMIN} decide fatto`, `${ADMIN} retry`])
})

test('what was not done may be done again', async () => {
  const { incident, effect } = await office.fileWithFailure(UNKNOWN)
  await office.ledger.intend(effect, 'prova.invia')
  await office.ask(ADMIN, `/scrivania/problemi/${incident}/decidi`, { esito: 'non-fatto', verifica: 'v', dati: '{}' })
  assert.deepEqual(await office.ledger.intend(effect, 'prova.invia'), { state: 'new' })
})

test('an unknown outcome of a practice that another program started is decided as well', async () => {
  const { incident, effect, processInstanceKey } = await office.startWithFailure('di-altri/1', UNKNOWN)
  await office.ledger.intend(effect, 'prova.invia')
  const page = `/scrivania/problemi/${incident}/decidi`
  assert.match((await office.ask(ADMIN, `/scrivania/pratiche/${processInstanceKey}`)).markup, new RegExp(page))
  const done = await office.ask(ADMIN, page, { esito: 'fatto', verifica: 'chiesto', dati: '{"messageId":"m"}' })
  assert.match(done.kind === 'redirect' ? done.to : '', /\?deciso=$/)
  assert.equal((await office.ledger.intend(effect, 'prova.invia')).state, 'settled')
})

test('a decision does not replace what the platform itself has answered', async () => {
  const { effect } = await office.fileWithFailure(UNKNOWN)
  await office.ledger.intend(effect, 'prova.invia')
  await office.ledger.settle(effect, { messageId: 'of the platform' })
  await office.ledger.decideDone(effect, { messageId: 'of a person' })
  await office.ledger.decideNotDone(effect)
  const standing = await office.ledger.intend(effect, 'prova.invia')
  assert.deepEqual(standing, { state: 'settled', outcome: { messageId: 'of the platform' } })
})

test('who acts for another at the counter is recorded in the practice, the process and the receipt', async () => {
  const page = '/scrivania/sportello/comune.anagrafe.residenza'
  const { markup } = await office.ask('sara.sportello', page)
  const id = /name="pratica-id" value="([^"]+)"/.exec(markup)![1]!
  const paper = {
    azione: 'presenta',
    'pratica-id': id,
    'richiedente.cf': 'BNCLCU90E45G999C',
    'delegato-titolo': 'procura',
  }
  const refused = await office.ask('sara.sportello', page, { ...paper, 'delegato-cf': 'corto' })
  assert.equal(statusOf(refused), 422)
  assert.match(refused.markup, /Nome e cognome di chi agisce.*16 caratteri.*Documento mostrato/s)
  assert.equal(await office.database('practice').where({ id }).first(), undefined)
  const whole = {
    ...paper,
    'delegato-nome': 'Anna Verdi',
    'delegato-cf': 'vrdnna80a41g273z',
    'delegato-documento': 'CI CA12345AB',
  }
  const filed = await office.ask('sara.sportello', page, whole)
  const receipt = await office.ask('sara.sportello', filed.kind === 'redirect' ? filed.to : '')
  assert.match(receipt.markup, /Anna Verdi, VRDNNA80A41G273Z \(procura; CI CA12345AB\)/)
  const [row] = await office.database('practice').where({ id })
  const expected = {
    titolo: 'procura',
    nome: 'Anna Verdi',
    cf: 'VRDNNA80A41G273Z',
    documento: 'CI CA12345AB',
    carte: [],
  }
  assert.deepEqual(JSON.parse(String(await office.variable(row.process_instance_key, 'delega'))), expected)
  const found = await office.ask('sara.sportello', '/scrivania/sportello?cerca=BNCLCU90E45G999C')
  assert.match(found.markup, new RegExp(`/scrivania/pratiche/${row.process_instance_key}`))
  assert.match(found.markup, /residenza\?cf=BNCLCU90E45G999C/)
  assert.equal(statusOf(await office.ask(OTHER_OFFICE, '/scrivania/sportello')), 403)
})
