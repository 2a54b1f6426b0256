/**
 * Debts of the ordeal: the delivered payment, with people who pay once, twice, late, in part or never, and one who gives up. The process
 * around it is what a procedure draws: whoever gives up leaves nothing to pay, what nobody pays ends as such.
 */
import {
  boundaryEvent,
  callActivity,
  diagram,
  endEvent,
  error,
  errorEvent,
  FILED_PRACTICE,
  flow,
  message,
  messageEvent,
  serviceTask,
} from './drawn.ts'
import type { Kind, Reaction } from './kind.ts'

const DEBT = 'ordeal.pagamento'

export function debtBpmn(): string {
  const inputs = {
    ...{ pratica: FILED_PRACTICE, richiedente: 'richiedente', termine: 'termine' },
    ...{ oggetto: '"Occupazione di suolo pubblico"', ufficio: '"tributi.operatori"' },
    voci: '[{voce: "Canone", importo: 26, centesimi: 2600, motivo: "1,30 € × 20 mq × 1 giorno"}, {voce: "Diritti", importo: 20, centesimi: 2000}]',
  }
  const content = [
    '<bpmn:startEvent id="inizio" />',
    callActivity('paga', 'ca-pagamento', inputs, { pagamento: 'pagamento', esito: 'pagamento.esito' }),
    endEvent('pagato'),
    boundaryEvent('scaduto', 'paga', errorEvent('scaduto-errore')),
    endEvent('non-pagato', { esito: '"SCADUTO"' }),
    boundaryEvent('rinuncia', 'paga', messageEvent('rinuncia-messaggio')),
    serviceTask('annulla', { type: 'pagopa.annulla-avvisi', inputs: {}, outputs: { esito: 'annullamento.esito' } }),
    endEvent('rinunciato'),
    ...[flow('inizio', 'paga'), flow('paga', 'pagato'), flow('scaduto', 'non-pagato')],
    ...[flow('rinuncia', 'annulla'), flow('annulla', 'rinunciato')],
  ]
  const known = [
    error('scaduto-errore', 'PAGAMENTO_SCADUTO'),
    message('rinuncia-messaggio', 'rinuncia.ricevuta', 'pratica.id'),
  ]
  return diagram(DEBT, content, known)
}

const pays = (form: Readonly<Record<string, string>> = {}, times = 1): Reaction => ({ kind: 'pays', times, form })
const IGNORES: Reaction = { kind: 'ignores' }
const givesUp = (having?: Readonly<Record<string, string>>): Reaction => ({
  ...{ kind: 'gives up', sent: { name: 'rinuncia.ricevuta', variables: { rinuncia: { motivo: 'Rinuncio' } } } },
  ...(having && { having }),
})

const debt = (name: string, rest: Omit<Kind, 'name' | 'family' | 'process' | 'answers'>): Kind => ({
  ...{ name, family: 'pagamento', process: DEBT, answers: {} },
  ...rest,
})

/** Each notice is filed as it goes out. */
export const DEBTS: readonly Kind[] = [
  debt('paid', { esito: 'PAGATO', entries: ['OUT'], onNotice: [pays()] }),
  debt('paid twice', { esito: 'PAGATO', entries: ['OUT'], onNotice: [pays({}, 2)] }),
  debt('paid in part', { esito: 'PAGATO', entries: ['OUT', 'OUT'], onNotice: [pays({ importo: '40,50' }), pays()] }),
  debt('given up', {
    ...{ esito: 'ANNULLATA', entries: ['OUT'], isCutShort: true, onNotice: [givesUp()] },
  }),
  // Its receipt comes when the notice has long been taken back: a flow tells of the payment before.
  debt('paid all the same, and given up', {
    ...{ esito: 'ANNULLATA', entries: ['OUT'], isCutShort: true, onNotice: [givesUp({ ricevuta: '45' })] },
  }),
  debt('paid too much', { esito: 'PAGATO', entries: ['OUT'], onNotice: [pays({ importo: '60' })] }),
  debt('paid, and told a day later', {
    ...{ esito: 'PAGATO', entries: ['OUT'], waitsForTime: true },
    onNotice: [pays({ ricevuta: '1', psp: 'POSTE' })],
  }),
  debt('paid late', {
    ...{ esito: 'PAGATO', entries: ['OUT', 'OUT'], waitsForTime: true },
    onNotice: [IGNORES, pays()],
  }),
  debt('never paid', { esito: 'SCADUTO', entries: ['OUT', 'OUT'], waitsForTime: true }),
]
