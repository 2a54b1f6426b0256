/**
 * Acts of the ordeal: the delivered way from the draft to the act that was signed and notified, signed alone or with others under one
 * code, with a first code that is wrong.
 */
import { callActivity, diagram, endEvent, FILED_PRACTICE, flow } from './drawn.ts'
import type { Coded, Kind } from './kind.ts'

const ACT = 'ordeal.atto'
const TEXT = 'Si concede.'
/** Who signs one act after the other, and who signs several at once. */
const ALONE = 'carla.comandante'
export const TOGETHER = { id: 'dina.dirigente', name: 'Dina Greco' } as const

export function actBpmn(): string {
  const inputs = {
    ...{
      pratica: FILED_PRACTICE,
      richiedente: 'richiedente',
      indirizzo: 'istanza.indirizzo',
      termine: 'termine',
      dati: '{}',
      albo: 'false',
    },
    ...{ oggetto: '"Concessione di suolo pubblico"', modello: '"provvedimento.atto"', nome: '"Concessione.pdf"' },
    ...{ provvedimento: `{testo: "${TEXT}", prescrizioni: ""}`, responsabile: '"anagrafe.ufficiale"' },
    dirigente: 'if istanza.insieme then "anagrafe.dirigente" else "pm.comandante"',
  }
  const content = [
    '<bpmn:startEvent id="inizio" />',
    callActivity('provvedi', 'ca-provvedimento', inputs, { provvedimento: 'provvedimento' }),
    endEvent('fine', { esito: '"FIRMATO"' }),
    ...[flow('inizio', 'provvedi'), flow('provvedi', 'fine')],
  ]
  return diagram(ACT, content)
}

const CODE: Coded = {
  signer: ALONE,
  answer: (otp) => ({ codice: { azione: 'FIRMA', otp } }),
  another: { codice: { azione: 'ALTRO' } },
}

const act = (name: string, isTogether: boolean, rest: Partial<Kind> = {}): Kind => ({
  ...{ name, family: 'firma', process: ACT, esito: 'FIRMATO', entries: ['OUT'] },
  ...{ domicilioDigitale: 'mario.rossi@pec.example', istanza: { insieme: isTogether } },
  signatures: { [isTogether ? TOGETHER.id : ALONE]: 1 },
  answers: {
    'verifica-bozza': { provvedimento: { testo: TEXT, prescrizioni: '' }, verifica: { esito: 'FIRMA' } },
    // Those that are signed together are chosen on the manager's page.
    ...(!isTogether && { 'firma-atto': { firma: { decisione: 'FIRMA', firmatario: ALONE } } }),
  },
  ...rest,
})

export const ACTS: readonly Kind[] = [
  act('signed', false, { codes: { 'scrivi-codice': CODE } }),
  act('signed with others', true),
  act('signed with a second code', false, { codes: { 'scrivi-codice': { ...CODE, mistypes: true } } }),
  act('signed with others too', true),
]
