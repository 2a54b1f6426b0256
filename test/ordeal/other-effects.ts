/**
 * A process for the effects that the delivered procedures do not have: what the workers offer beside them (annulment, stamp, segnatura,
 * a person's signature, notice board, a payment notice, the town's map, a legal notice, any configured call), one after the other.
 */
import {
  boundaryEvent,
  diagram,
  error,
  errorEvent,
  flow,
  message,
  messageEvent,
  type Step,
  serviceTask,
  userTask,
} from './drawn.ts'

export const OTHER_EFFECTS = 'ordeal.altri-effetti'
/** Who signs one act, and who signs several with one code: by the task that asks for the code. */
export const SIGNERS: Readonly<Record<string, string>> = {
  'scrivi-codice': 'ugo.ufficiale',
  'scrivi-codice-insieme': 'dina.dirigente',
}

const CITIZEN = '{nome: richiedente.nome + " " + richiedente.cognome, codiceFiscale: richiedente.cf, email: null}'
/** Nobody is to pay it in time. */
const NOTICE = {
  type: 'pagopa.crea-posizione',
  inputs: {
    ...{ debitore: 'richiedente', oggetto: '"Prova"', ufficio: '"tributi.operatori"' },
    voci: '[{voce: "Diritti", importo: 20, centesimi: 2000}]',
    scadenza: 'string(date(termine.inizio) + duration("P3650D"))',
  },
  outputs: { avviso: 'avviso' },
}
const STEPS: Readonly<Record<string, Step>> = {
  'apri-emergenza': {
    type: 'emergenza.apri',
    inputs: { autorizzazione: '{causa: "Prova", estremi: "det. 1/2027"}' },
  },
  protocolla: {
    type: 'protocollo.registra',
    inputs: { verso: '"OUT"', oggetto: '"Prova"', corrispondente: CITIZEN, documento: '{prova: pratica.id}' },
    outputs: { registrazione: 'protocollo' },
  },
  genera: {
    type: 'documento.genera',
    inputs: {
      modello: '"residenza.riepilogo"',
      dati: '{pratica: pratica, richiedente: richiedente, istanza: istanza, termine: termine, documenti: []}',
    },
    outputs: { atto: 'documento' },
  },
  timbra: {
    type: 'documento.timbra',
    inputs: { documento: 'atto', protocollo: 'registrazione' },
    outputs: { timbrato: 'documento' },
  },
  segnatura: {
    type: 'protocollo.segnatura',
    inputs: {
      protocollo: 'registrazione',
      oggetto: '"Prova"',
      destinatario: '{nome: "Comune di Prato", email: "protocollo@pec.comune-prato.example"}',
      documenti: '[atto.id]',
    },
    outputs: { segnatura: 'documento' },
  },
  annulla: {
    type: 'protocollo.annulla',
    inputs: { protocollo: 'registrazione', motivo: '"Registrata per prova"' },
    outputs: { annullata: 'annullamento' },
  },
  pubblica: {
    type: 'albo.pubblica',
    inputs: {
      ...{ oggetto: '"Avviso di prova"', documenti: '[timbrato.id]', ufficio: '"anagrafe.ufficiale"' },
      ...{ dal: 'termine.inizio', al: 'string(date(termine.inizio) + duration("P60D"))' },
    },
    outputs: { pubblicazione: 'albo' },
  },
  chiama: {
    type: 'rest.chiama',
    inputs: {
      chiamata: '"utenze.inoltra"',
      dati: '{pratica: pratica, richiedente: richiedente, istanza: istanza, decorrenza: termine.inizio}',
    },
    outputs: { risposta: 'risposta' },
  },
  'crea-posizione': NOTICE,
  'annulla-posizione': {
    type: 'pagopa.annulla-posizione',
    inputs: { avviso: 'avviso' },
    outputs: { annullato: 'annullamento' },
  },
  annota: {
    type: 'contabilita.annota',
    inputs: {
      ...{ voci: '[{voce: "Diritti", centesimi: 2000}]', stato: '"DA_REGOLARIZZARE"' },
      // The practice's own variable of that name is a whole notice.
      ...{ fonte: '{tipo: "DOCUMENTO", riferimento: atto.id}', avviso: 'avviso.numeroAvviso' },
    },
    outputs: { annotato: 'annotazione' },
  },
  // Each practice has a day of its own, so that none finds the place taken.
  'registra-area': {
    type: 'gis.registra',
    inputs: {
      luogo: '{poligono: "POLYGON((11.0999 43.88, 11.1 43.88, 11.1 43.8801, 11.0999 43.8801, 11.0999 43.88))"}',
      periodo:
        '{dal: string(date("2030-01-01") + duration("P" + substring(pratica.id, 8) + "D")), al: string(date("2030-01-01") + duration("P" + substring(pratica.id, 8) + "D"))}',
      descrizione: '"Prova"',
    },
    outputs: { occupazione: 'occupazione' },
  },
  'rimuovi-area': { type: 'gis.rimuovi', inputs: {}, outputs: { rimozione: 'rimozione' } },
  notifica: {
    type: 'send.notifica',
    inputs: {
      destinatario:
        '{cf: richiedente.cf, nome: richiedente.nome, indirizzo: {via: "via Roma", civico: "1", cap: "59100", comune: "Prato"}}',
      ...{ oggetto: '"Prova"', tassonomia: '"010202N"', documenti: '[timbrato.id]' },
    },
    outputs: { notificata: 'send' },
  },
  'annulla-notifica': { type: 'send.annulla', inputs: {}, outputs: { notificheAnnullate: 'annullamento' } },
  'crea-altra': NOTICE,
  'annulla-avvisi': { type: 'pagopa.annulla-avvisi', inputs: {}, outputs: { annullati: 'annullamento' } },
  'invia-codice': sendCode('scrivi-codice'),
  firma: {
    type: 'firma.remota',
    inputs: { documento: 'atto', firmatario: `"${SIGNERS['scrivi-codice']}"`, otp: 'otp' },
    outputs: { firmato: 'documento' },
  },
  'invia-codice-insieme': sendCode('scrivi-codice-insieme'),
  'firma-insieme': {
    type: 'firma.massiva',
    inputs: {
      documenti: '[{documento: firmato}]',
      ...{ firmatario: `"${SIGNERS['scrivi-codice-insieme']}"`, otp: 'otp' },
    },
    outputs: { firme: 'firme' },
  },
}

function sendCode(task: string): Step {
  return { type: 'firma.invia-otp', inputs: { firmatario: `"${SIGNERS[task]}"` }, outputs: { invioOtp: 'invioOtp' } }
}

/** Waits for what SEND tells: without it the practice does not end. */
const STATE_TOLD = 'attendi-stato'
/** In order; the person's tasks are none of the steps. */
const ORDER = [
  ...['apri-emergenza', 'protocolla', 'genera', 'timbra', 'segnatura', 'annulla', 'pubblica', 'chiama'],
  ...['crea-posizione', 'annulla-posizione', 'crea-altra', 'annulla-avvisi', 'annota'],
  ...['registra-area', 'rimuovi-area', 'notifica', STATE_TOLD, 'annulla-notifica'],
  ...['invia-codice', 'scrivi-codice', 'firma', 'invia-codice-insieme', 'scrivi-codice-insieme', 'firma-insieme'],
]
/** Which step sends the code for another. */
const CODE_FOR: Readonly<Record<string, string>> = { firma: 'invia-codice', 'firma-insieme': 'invia-codice-insieme' }

function element(id: string): string {
  if (id === STATE_TOLD)
    return `<bpmn:intermediateCatchEvent id="${id}">${messageEvent('stato-notifica')}</bpmn:intermediateCatchEvent>`
  const step = STEPS[id]
  return step ? serviceTask(id, step) : userTask(id)
}

/** Longer than the signing service locks out who typed wrong codes. */
const LOCKED_FOR = 'PT31M'
/**
 * A code that is wrong or too old is asked for again, and one whose answer was lost. Several practices ask the same person at once, each
 * code makes the one before worthless, and after three wrong ones the service locks: then it is waited for.
 */
export function otherEffectsBpmn(): string {
  const path = ['inizio', ...ORDER, 'firmato-tutto']
  const flows = path.slice(1).map((to, index) => flow(path[index]!, to))
  const known = [
    error('otp-errato', 'OTP_ERRATO'),
    error('bloccata', 'FIRMA_RIFIUTATA'),
    message('stato-notifica', 'send.stato', 'notificata.iun'),
  ]
  const again = Object.entries(CODE_FOR).flatMap(([signing, sending]) => askedAgain(signing, sending))
  const end = [
    '<bpmn:exclusiveGateway id="firmato-tutto" default="da-firmato-tutto-a-fine" />',
    '<bpmn:endEvent id="fine" />',
    flow('firmato-tutto', 'fine'),
    '<bpmn:sequenceFlow id="manca-una-firma" sourceRef="firmato-tutto" targetRef="invia-codice-insieme"><bpmn:conditionExpression>=some f in firme satisfies f.esito != "FIRMATO"</bpmn:conditionExpression></bpmn:sequenceFlow>',
  ]
  const content = ['<bpmn:startEvent id="inizio" />', ...ORDER.map(element), ...flows, ...again, ...end]
  return diagram(OTHER_EFFECTS, content, known)
}

function askedAgain(signing: string, sending: string): readonly string[] {
  const wait = `attendi-${signing}`
  return [
    boundaryEvent(`codice-errato-${signing}`, signing, errorEvent('otp-errato')),
    flow(`codice-errato-${signing}`, sending),
    ...[signing, sending].flatMap((at) => [
      boundaryEvent(`bloccata-${at}`, at, errorEvent('bloccata')),
      flow(`bloccata-${at}`, wait),
    ]),
    `<bpmn:intermediateCatchEvent id="${wait}"><bpmn:timerEventDefinition><bpmn:timeDuration>${LOCKED_FOR}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`,
    flow(wait, sending),
  ]
}
