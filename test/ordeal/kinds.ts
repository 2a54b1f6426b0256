/**
 * The kinds of practice of an ordeal: together they reach every connector. Owns what each kind's people declare and answer, and how it
 * must end. Does not own when they do it (practices.ts).
 */
import { ACTS } from './acts.ts'
import { DEBTS } from './debts.ts'
import type { Coded, Kind, OwnFamily, Sent } from './kind.ts'
import { OTHER_EFFECTS, SIGNERS } from './other-effects.ts'

export const RESIDENCE = 'comune.anagrafe.residenza'

const REGISTER = { registra: { registrazione: { conferma: true } } }
const FOUND = { accerta: { accertamento: { esito: 'POSITIVO', data: '2027-03-20' } } }
const GIVEN_UP: Sent = { name: 'rinuncia.ricevuta', variables: { rinuncia: { motivo: 'Ho cambiato idea' } } }
/** To the notice before a refusal. */
const NOT_FOUND = {
  ...REGISTER,
  accerta: { accertamento: { esito: 'NEGATIVO', data: '2027-03-20' } },
  valuta: { valutazione: { decisione: 'PREAVVISO', motivazione: 'Tre visite senza trovarlo' } },
  'scrivi-preavviso': { preavviso: { motivi: 'Non risulta la dimora abituale' } },
}
const decided = (esito: string) => ({
  'decidi-osservazioni': { decisione: { esito, motivazione: 'Valutata ogni cosa' } },
})
const REPORTED = { denuncia: { denuncia: { esito: 'TRASMESSA', motivazione: 'Dichiarazione non veritiera' } } }
/** Whoever is told what a service may not have done, and whoever authorises what has been down for long. */
export const OF_THE_OFFICE: Readonly<Record<string, object>> = {
  'fai-a-mano': { effettoComunicato: true },
  'annulla-a-mano': { effettoComunicato: true },
  'trasmetti-a-mano': { recapitoUsato: 'A mano' },
  'verifica-versamento': {},
  'valuta-parziale': { parziale: { decisione: 'RESTA_DOVUTO', motivazione: 'Manca il resto' } },
  'disponi-rimborso': { rimborso: { esito: 'RIMBORSATO', estremi: 'Mandato 1/2027' } },
  'valuta-anomalia': { valutazione: { esito: 'RIMBORSATA', estremi: 'Mandato 2/2027', nota: 'Pagato di troppo' } },
  'verifica-flussi': { verifica: { nota: 'Si riprova domani' } },
  autorizza: { autorizzazione: { decisione: 'AUTORIZZA', causa: 'Guasto', estremi: 'det. 12/2027' } },
}
const EVERY_OFFICE = {
  consensi: { tari: true, scuola: true, sociale: true, utenze: true },
  nucleo: [{ cf: 'RSSGLI18P54G999I', nome: 'Giulia', cognome: 'Rossi', parentela: 'FIGLIO' }],
  veicoli: [{ tipo: 'AUTOVEICOLO', targa: 'AB123CD' }],
}

const residence = (name: string, rest: Omit<Kind, 'name' | 'family' | 'process'>): Kind => ({
  ...{ name, family: 'residenza', process: RESIDENCE },
  ...rest,
})
const otherCode = (signer: string): Coded => ({ signer, answer: (otp) => ({ otp }) })

/** The first ones are filed while the protocol is down. */
export const KINDS: readonly Kind[] = [
  residence('confirmed', {
    ...{ esito: 'CONFERMATA', entries: ['IN', 'OUT'], istanza: EVERY_OFFICE, hasApp: true },
    answers: { ...REGISTER, ...FOUND },
  }),
  residence('confirmed by silence', {
    ...{ esito: 'CONFERMATA_SILENZIO', entries: ['IN', 'OUT'], hasOnlyPhone: true, waitsForTime: true },
    answers: REGISTER,
  }),
  residence('restored', {
    ...{ esito: 'RIPRISTINATA', entries: ['IN', 'OUT', 'OUT', 'OUT', 'OUT'], istanza: EVERY_OFFICE },
    ...{ domicilioDigitale: 'mario.rossi@pec.example', waitsForTime: true },
    answers: { ...NOT_FOUND, ...decided('NON_ACCOLTE'), ...REPORTED },
  }),
  {
    ...{ name: 'other effects', family: 'altri', process: OTHER_EFFECTS, esito: null, entries: ['OUT'] },
    answers: {},
    signatures: Object.fromEntries(Object.values(SIGNERS).map((signer) => [signer, 1])),
    codes: Object.fromEntries(Object.entries(SIGNERS).map(([task, signer]) => [task, otherCode(signer)])),
  },
  residence('renounced', {
    ...{ esito: 'RINUNCIATA', entries: ['IN', 'IN'] },
    ...{ answers: {}, instead: { registra: GIVEN_UP } },
  }),
  residence('renounced late', {
    ...{ esito: 'RINUNCIATA', entries: ['IN', 'IN'], instead: { accerta: GIVEN_UP } },
    answers: { ...REGISTER, 'valuta-rinuncia': { rinunciaTardiva: { provvedimenti: 'Annullata in ANPR' } } },
  }),
  residence('not receivable', {
    ...{ esito: 'IRRICEVIBILE', entries: ['IN', 'OUT'], domicilioDigitale: 'mario.rossi@pec.example' },
    istanza: { indirizzo: { via: 'via Libertà', civico: '' } },
    answers: {},
  }),
  residence('of another town', {
    ...{ esito: 'TRASMESSA', entries: ['IN', 'OUT', 'OUT'], answers: {} },
    istanza: { indirizzo: { via: 'via Libertà', civico: '12', comune: 'Monreale' } },
  }),
  residence('integrated', {
    ...{ esito: 'CONFERMATA', entries: ['IN', 'OUT', 'IN', 'OUT'], hasApp: true },
    domicilioDigitale: 'mario.rossi@pec.example',
    answers: {
      registra: { registrazione: { decisione: 'INTEGRAZIONE' } },
      'scrivi-richiesta': { integrazione: { richiesta: { voci: [{ documento: 'Contratto', motivo: 'Manca' }] } } },
      verifica: { verifica: { esito: 'COMPLETA' } },
      ...FOUND,
    },
    after: {
      'scrivi-richiesta': {
        name: 'integrazione.ricevuta',
        variables: { integrazione: { risposte: [{ voce: '1', testo: 'n. 1234' }] } },
      },
    },
  }),
  residence('observations heeded', {
    ...{ esito: 'CONFERMATA', entries: ['IN', 'OUT', 'IN', 'OUT'], domicilioDigitale: 'mario.rossi@pec.example' },
    answers: { ...NOT_FOUND, ...decided('ACCOLTE') },
    after: {
      'scrivi-preavviso': {
        name: 'osservazioni.ricevute',
        variables: { osservazioni: { testo: 'Lavoro di notte' } },
      },
    },
  }),
  ...DEBTS,
  ...ACTS,
]

/** Those of some families; of all when none is named. */
export const kindsOf = (families: readonly OwnFamily[]): readonly Kind[] =>
  families.length === 0 ? KINDS : KINDS.filter(({ family }) => families.some((one) => one === family))
