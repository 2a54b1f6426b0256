/** The test of the tester: what goes wrong on made-up journals is found, in each class, and what is right is not. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReceivedCall } from '../../connectors/faults.ts'
import { type DeclaredEffect, declaredEffects } from './declared.ts'
import { callsWith, type Journals, journalsWith } from './journals.ts'
import { type EndedJob, type Evidence, untried, violations } from './judge.ts'
import { LEFT_OUT, OWN, TRACES } from './traces.ts'

const PERSON = { id: 'p', cf: 'RSSMRA00C01G273I', email: 'p@cittadini.example', cell: '+393331000000' }
const at = '2027-03-01T09:00:00.000Z'

const NO_MONEY = { accounts: [], refunds: [], anomalies: [], acts: {}, codes: {} }

const job = (type: string, key: string, state = 'COMPLETED', practice: string | null = 'p'): EndedJob => ({
  ...{ key, type, state, practice },
})
const found = (more: Partial<Evidence>, journals: Partial<Journals> = {}): readonly string[] =>
  violations({
    ...{ declared: [], people: [PERSON], calls: callsWith({}), jobs: [], incidents: [] },
    ...{ byHand: [], tellings: ['p'], journals: journalsWith(journals), ...NO_MONEY, ...more },
  })

const entry = (numero: string, riferimento: string): Journals['protocollo'][number] => ({
  operazione: 'registra',
  registrazione: {
    ...{ riferimento, numero, anno: 2027, registro: 'PROTOCOLLO', data: at, verso: 'IN', oggetto: 'Prova' },
    corrispondente: { nome: 'Mario Rossi' },
    documenti: [{ nome: 'a.json', tipo: 'application/json', byte: 2, impronta: 'AA==' }],
  },
})
const change = (riferimento: string): Journals['anagrafe'][number] => ({
  ...{ operazione: 'registra', riferimento, persone: [PERSON.cf], decorrenza: '2027-03-01' },
  ricevuta: { idOperazione: '1', decorrenza: '2027-03-01', data: at },
})
const mail = (key: string, to = PERSON.email): Journals['mail'][number] => ({
  ...{ at, from: 'comune@esempio.example', to: [to] },
  raw: `Subject: x\r\nMessage-ID: <${key.replaceAll('/', '.')}@esempio.example>\r\n\r\nx`,
})
const io = (subject: string): Journals['io'][number] => ({
  ...{ operazione: 'messaggio', at, id: subject, servizio: 'ATTIVO' },
  messaggio: {
    ...{ fiscal_code: PERSON.cf, time_to_live: 3600, feature_level_type: 'STANDARD' },
    content: { subject, markdown: 'x' },
  },
})
const forwarded = (riferimento: string): Journals['uffici'][number] => ({
  ...{ operazione: 'registra', servizio: 'utenze', riferimento, chiave: null, pratica: 'p', dati: {}, data: at },
})
const effect = (type: string, unknown: DeclaredEffect['unknown']): DeclaredEffect => ({
  ...{ type, class: 'neither', unknown },
})

const signed = (hash: string, holder = 'ugo'): Journals['firma'][number] => ({
  ...{ at, credentialID: `cred.${holder}`, kind: 'signed', hash, signature: hash },
})
const tried = (kind: 'wrong' | 'released'): Journals['firma'][number] => ({ at, credentialID: 'cred.ugo', kind })

describe('acts', () => {
  const jobs = [job('firma.massiva', '1')]
  test('as many signatures as acts, by one job or several', () => {
    assert.deepEqual(found({ jobs, acts: { ugo: 2 } }, { firma: [signed('a'), signed('b')] }), [])
  })
  test('an act signed twice: prepared anew after the answer to its code was lost', () => {
    const twice = found({ jobs, acts: { ugo: 2 } }, { firma: [signed('a'), signed('b'), signed('b2')] })
    assert.deepEqual(twice, ['ugo: 3 signatures for 2 acts: signed twice'])
  })
  test('an act lost, though its practice ended', () => {
    assert.deepEqual(found({ jobs, acts: { ugo: 2 } }, { firma: [signed('a')] }), [
      'ugo: 1 signatures for 2 acts: lost',
    ])
  })
  test('one hash signed twice', () => {
    const twice = found({ jobs, acts: { ugo: 1 } }, { firma: [signed('a'), signed('a')] })
    assert.match(twice.join(), /signatures\/signHash cred\.ugo a was done twice/)
  })
  test('a wrong code that a machine tried again', () => {
    const retried = found({ codes: { ugo: 2 } }, { firma: [tried('wrong'), tried('wrong'), tried('released')] })
    assert.deepEqual(retried, ['ugo: 3 codes tried, of which people wrote 2'])
    assert.deepEqual(found({ codes: { ugo: 2 } }, { firma: [tried('wrong'), tried('released')] }), [])
  })
})

describe('debts', () => {
  const position = (iupd: string): Journals['pagopa'][number] => {
    const { cf: fiscalCode } = PERSON
    const part = {
      transferMetadata: [],
      idTransfer: '1' as const,
      amount: 2600,
      remittanceInformation: 'Canone',
      category: '9/0301100TS/',
    }
    const instalment = { installmentMetadata: [], iuv: iupd, amount: 2600, description: 'Canone', dueDate: at }
    const option = {
      ...{
        description: 'Canone',
        switchToExpired: true,
        debtor: { type: 'F' as const, fiscalCode, fullName: 'Mario' },
      },
      installments: [{ ...instalment, transfer: [{ ...part, iban: 'IT60X0542811101000000123456' }] }],
    }
    return {
      operazione: 'posizione',
      at,
      isPublished: true,
      posizione: { iupd, companyName: 'Comune', payStandIn: false, paymentOption: [option] },
    }
  }
  const paid = (iupd: string, idReceipt: string, importo = 2600, ricevutaDal = at): Journals['pagopa'][number] => ({
    ...{ operazione: 'pagata', at, iupd, iuv: iupd, idReceipt, importo, psp: 'BANCA', pagatoIl: at, ricevutaDal },
  })
  const dealtWith = (receipt: string) => ({ receipt, isDone: true })
  const cancelled = (iupd: string): Journals['pagopa'][number] => ({ operazione: 'annullata', at, iupd })
  const row = (riferimento: string, centesimi = 2600): Evidence['accounts'][number] => ({
    ...{ pratica: 'p', progressivo: 1, voce: 'Canone', centesimi, stato: 'PAGATO', motivo: null, giorno: '2027-03-01' },
    ...{ avviso: null, fonte: { tipo: 'RICEVUTA', riferimento } },
  })
  const jobs = [
    job('pagopa.crea-posizione', '1'),
    job('pagopa.crea-posizione', '2'),
    job('pagopa.annulla-posizione', '3'),
  ]
  const [one] = jobs

  test('a debt renewed: the first notice was taken back before the second', () => {
    const renewed = [position('a'), cancelled('a'), position('b'), paid('b', 'r')]
    assert.deepEqual(found({ jobs, accounts: [row('r')] }, { pagopa: renewed }), [])
  })
  test('a second position for one debt, while the first could be paid', () => {
    const second = [position('a'), position('b'), cancelled('a'), paid('b', 'r')]
    const [only, ...more] = found({ jobs, accounts: [row('r')] }, { pagopa: second })
    assert.deepEqual([only, more], ['p: a second position b, while a could be paid', []])
  })
  test('a position made anew after it was taken back, which nobody shall pay', () => {
    const anew = found({ jobs }, { pagopa: [position('a'), cancelled('a'), position('a')] })
    assert.match(anew.join('\n'), /p: position a was left to be paid/)
  })
  test('a payment entered twice, not at all, or for another amount', () => {
    const pagopa = [position('a'), paid('a', 'r')]
    for (const [rows, cents] of [
      [[row('r'), row('r')], 5200],
      [[], 0],
      [[row('r', 2500)], 2500],
    ] as const)
      assert.deepEqual(found({ jobs: [one!], accounts: rows }, { pagopa }), [
        `payment r of a: ${cents} cents in the accounts, expected 2600`,
      ])
  })
  test('a notice paid twice is entered once, and given back once', () => {
    const pagopa = [position('a'), paid('a', 'r'), paid('a', 's')]
    const back = { jobs: [one!], refunds: [dealtWith('s')] }
    assert.deepEqual(found({ ...back, accounts: [row('r')] }, { pagopa }), [])
    assert.match(found({ ...back, accounts: [row('r'), row('s')] }, { pagopa }).join(), /payment s of a: 2600 cents/)
  })
  test('a payment that nobody gives back, one given back twice, one given back though it was owed', () => {
    const pagopa = [position('a'), paid('a', 'r'), paid('a', 's')]
    const returned = (...refunds: readonly string[]) =>
      found({ jobs: [one!], accounts: [row('r')], refunds: refunds.map((each) => dealtWith(each)) }, { pagopa })
    assert.deepEqual(returned(), ['payment s is given back 0 times, expected 1'])
    assert.deepEqual(returned('s', 's'), ['payment s is given back 2 times, expected 1'])
    assert.deepEqual(returned('s', 'r'), ['payment r is given back 1 times, expected 0'])
  })
  test('a refund that nobody orders', () => {
    const pagopa = [position('a'), paid('a', 'r'), paid('a', 's')]
    const left = { jobs: [one!], accounts: [row('r')], refunds: [{ receipt: 's', isDone: false }] }
    assert.deepEqual(found(left, { pagopa }), ['payment s: nobody has dealt with what was not owed'])
  })
  test('a payment of a notice that was taken back before its receipt came is given back whole', () => {
    const late = paid('a', 'r', 2600, '2027-04-01T09:00:00.000Z')
    const pagopa = [position('a'), late, cancelled('a')]
    const given = [jobs[0]!, jobs[2]!]
    assert.deepEqual(found({ jobs: given, refunds: [dealtWith('r')] }, { pagopa }), [])
    const kept = found({ jobs: given, accounts: [row('r')] }, { pagopa })
    assert.deepEqual(kept, [
      'payment r of a: 2600 cents in the accounts, expected 0',
      'payment r is given back 0 times, expected 1',
    ])
  })
  test('of a payment of more than was owed, what was owed is entered, and the rest told once', () => {
    const pagopa = [position('a'), paid('a', 'r', 3000)]
    const paidTooMuch = { jobs: [one!], accounts: [row('r')] }
    assert.deepEqual(found({ ...paidTooMuch, anomalies: [dealtWith('r')] }, { pagopa }), [])
    assert.deepEqual(found(paidTooMuch, { pagopa }), ['payment r is told to be too much 0 times, expected 1'])
    assert.deepEqual(found({ ...paidTooMuch, anomalies: [dealtWith('r')], refunds: [dealtWith('r')] }, { pagopa }), [
      'payment r is given back 1 times, expected 0',
    ])
  })
  test('a receipt that nobody gave', () => {
    assert.match(found({ accounts: [row('x')] }).join(), /^p: the account has a receipt x that pagoPA never gave$/)
  })
})

describe('keyed', () => {
  test('the same key twice', () => {
    const twice = found(
      { jobs: [job('anpr.registra', '1'), job('anpr.registra', '2')] },
      { anagrafe: [change('p/registra-anpr/1'), change('p/registra-anpr/1')] },
    )
    assert.match(twice.join('\n'), /anagrafe\.registra p\/registra-anpr\/1 was done twice/)
  })
  test('another key at each attempt, so that the platform did not recognise the repeat', () => {
    const [only, ...others] = found(
      { jobs: [job('anpr.registra', '1')] },
      { anagrafe: [change('p/registra-anpr/1'), change('p/registra-anpr/1-bis')] },
    )
    assert.match(only ?? '', /^p: anagrafe\.registra has 2 effects of anpr\.registra, expected 1$/)
    assert.deepEqual(others, [])
  })
  test('a second seal, on a document prepared anew', () => {
    const jobs = [job('sigillo.appone', '1')]
    const twice = found({ jobs }, { firma: [signed('a', 'ente'), signed('b', 'ente')] })
    assert.match(twice[0] ?? '', /2 effects of sigillo\.appone/)
    assert.deepEqual(found({ jobs }, { firma: [signed('a', 'ente')] }), [])
  })
  test('a completed job without its effect', () => {
    assert.match(found({ jobs: [job('anpr.registra', '1')] })[0] ?? '', /has 0 effects of anpr\.registra, expected 1/)
  })
  test('a job that gave up may have been done, or not', () => {
    const jobs = [job('tari.registra', '1', 'ERROR_THROWN')]
    const registered: Journals['uffici'][number] = {
      ...{ operazione: 'registra', servizio: 'tributi', riferimento: 'TARI-1', chiave: 'p/tari/1', pratica: 'p' },
      ...{ dati: {}, data: at },
    }
    assert.deepEqual(found({ jobs }), [])
    assert.deepEqual(found({ jobs }, { uffici: [registered] }), [])
  })
})

describe('findable', () => {
  const jobs = [job('protocollo.registra', '1')]
  test('two numbers for one reference', () => {
    const twice = found({ jobs }, { protocollo: [entry('0000001', 'p/x/1'), entry('0000002', 'p/x/1')] })
    assert.match(twice.join('\n'), /protocollo\.registra p\/x\/1 was done twice/)
  })
  test('two numbers for one job, each under a reference of its own', () => {
    const twice = found({ jobs }, { protocollo: [entry('0000001', 'p/x/1'), entry('0000002', 'p/x/2')] })
    assert.match(twice.join('\n'), /has 2 effects of protocollo\.registra/)
  })
  test('two certified mails', () => {
    const sent = {
      at,
      from: 'c@pec.example',
      to: ['m@pec.example'],
      raw: '',
      messageId: '<iter.p.invia-pec.1@pec.example>',
    }
    const twice = found({ jobs: [job('pec.invia', '1')] }, { pec: [sent, sent] })
    assert.match(twice.join('\n'), /pec\.invia <iter\.p\.invia-pec\.1@pec\.example> was done twice/)
  })
  test('a gap in the numbers', () => {
    assert.match(found({ jobs }, { protocollo: [entry('0000002', 'p/x/1')] }).join(), /protocol number 2\/2027 where 1/)
  })
})

describe('neither', () => {
  test('a courtesy message sent again after its answer was lost', () => {
    const jobs = [job('email.invia', '1')]
    const twice = found({ jobs }, { mail: [mail('p/e-mail/1'), mail('p/e-mail/1')] })
    assert.match(twice.join('\n'), /mail\.invia p\/e-mail\/1 was done twice/)
  })
  test('a message that may have arrived by one channel, sent by the next as well', () => {
    const jobs = [job('io.invia-messaggio', '1'), job('email.invia', '2')]
    const twice = found({ jobs }, { io: [io('Ricevuta')], mail: [mail('p/e-mail/2')] })
    assert.deepEqual(twice, ['p: 2 messages by any channel for 1 things to tell'])
  })
  test('a courtesy message that raised an incident', () => {
    const incidents = [{ type: 'sms.invia', state: 'RESOLVED' }]
    const raised = found({ declared: [effect('sms.invia', 'told')], incidents })
    assert.deepEqual(raised, ['sms.invia is a courtesy and raised 1 incidents'])
  })
  test('with legal effect: forwarded again', () => {
    const twice = found({ jobs: [job('utenze.inoltra', '1')] }, { uffici: [forwarded('1'), forwarded('2')] })
    assert.match(twice[0] ?? '', /utenze\.registra has 2 effects/)
  })
  test('with legal effect: given up, and nobody was asked', () => {
    const declared = [effect('utenze.inoltra', 'task')]
    const jobs = [job('utenze.inoltra', '1', 'ERROR_THROWN')]
    assert.match(found({ declared, jobs }).join(), /job 1 of utenze\.inoltra is ERROR_THROWN, and nobody was asked/)
    assert.deepEqual(found({ declared, jobs, byHand: ['p'] }, { uffici: [forwarded('1')] }), [])
  })
  test('with legal effect: neither done nor decided', () => {
    const declared = [effect('rest.chiama', 'incident')]
    const jobs = [job('rest.chiama', '1', 'FAILED')]
    const incidents = [{ type: 'rest.chiama', state: 'ACTIVE' }]
    assert.equal(found({ declared, jobs, incidents }).length, 2)
  })
})

describe('what an ordeal must put to the test', () => {
  const evidence = (declared: readonly DeclaredEffect[], more: Partial<Evidence> = {}): Evidence => ({
    ...{ declared, people: [], journals: journalsWith({}), calls: callsWith({}), jobs: [], incidents: [] },
    ...{ byHand: [], tellings: [], ...NO_MONEY, ...more },
  })
  test('comes from the workers: a new one with an effect is missed by name', () => {
    const novel: DeclaredEffect = { type: 'catasto.aggiorna', class: 'keyed', unknown: 'incident' }
    assert.match(untried(evidence([novel])).join(), /^catasto\.aggiorna declares an effect, but nothing says/)
  })
  test('an effect of which no job was done, or no call lost its answer', () => {
    const declared = [effect('sms.invia', 'told')]
    assert.match(untried(evidence(declared)).join(), /sms\.invia declares an effect, but no job of it was done/)
    const jobs = [job('sms.invia', '1')]
    assert.match(untried(evidence(declared, { jobs })).join(), /no call of sms\.invia lost its answer/)
    const lost: ReceivedCall = { at, operation: 'invia', fault: 'drop-after' }
    assert.deepEqual(untried(evidence(declared, { jobs, calls: callsWith({ sms: [lost] }) })), [])
  })
  test('an effect with legal force of which no outcome became unknown, whatever became of another by the same operation', () => {
    const declared = [effect('rest.chiama', 'incident'), effect('utenze.inoltra', 'task')]
    const jobs = [job('rest.chiama', '1'), job('utenze.inoltra', '2')]
    const lost: ReceivedCall = { at, operation: 'utenze.registra', fault: 'drop-after' }
    const tried = { jobs, calls: callsWith({ uffici: [lost] }) }
    const raised = [{ type: 'rest.chiama', state: 'RESOLVED' }]
    assert.match(untried(evidence(declared, { ...tried, byHand: ['p'] })).join(), /^rest\.chiama: no unknown outcome/)
    assert.match(untried(evidence(declared, { ...tried, incidents: raised })).join(), /^utenze\.inoltra: no unknown/)
    assert.deepEqual(untried(evidence(declared, { ...tried, incidents: raised, byHand: ['p'] })), [])
  })
  test('every declared effect has a trace, is kept by the town itself, or is left out for a reason; none twice', async () => {
    const known = [...TRACES.flatMap(({ types }) => types), ...Object.keys(OWN), ...Object.keys(LEFT_OUT)]
    const declared = (await declaredEffects()).map(({ type }) => type)
    assert.deepEqual(known.toSorted(), declared.toSorted())
  })
  test('what becomes of an unknown outcome is what the worker declares', async () => {
    const third = (await declaredEffects()).filter((one) => one.class === 'neither')
    assert.deepEqual(Object.fromEntries(third.map(({ type, unknown }) => [type, unknown])), {
      'email.invia': 'told',
      'firma.invia-otp': 'told',
      'io.invia-messaggio': 'told',
      'rest.chiama': 'incident',
      'sms.invia': 'told',
      'utenze.inoltra': 'task',
    })
  })
})
