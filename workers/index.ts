/**
 * The town's workers: one per job type, each in a file of its own. They run beside the engine or, with a gateway from
 * connectors/zeebe, against a Zeebe cluster, unchanged.
 */
import type { Connectors } from '../connectors/index.ts'
import { type JobGateway, runWorker } from '../connectors/zeebe/index.ts'
import type { Gateway } from '../engine/protocol/gateway.ts'
import type { Town } from '../processes/town.ts'
import { omitPersonalData } from './albo/omissis.ts'
import { certifyPosting, postOnBoard } from './albo/pubblica.ts'
import { registerInPopulation, restoreInPopulation } from './anpr/residence.ts'
import { verifyInNationalRegister } from './anpr/verifica.ts'
import { depositInArchive } from './archivio/versa.ts'
import { bookInAccounts } from './contabilita/annota.ts'
import { writeDocument } from './documento/genera.ts'
import { documentTemplates } from './documento/templates.ts'
import { stampDocument } from './documento/timbra.ts'
import { verifySignatures } from './documento/verifica-firma.ts'
import { resolveDomicile } from './domicilio/risolvi.ts'
import { sendMail } from './email/invia.ts'
import { mailTexts } from './email/texts.ts'
import { openEmergency } from './emergenza/apri.ts'
import { closeEmergency, listEmergency, recoverFromEmergency } from './emergenza/recupera.ts'
import { registerInEmergency } from './emergenza/registra.ts'
import { addToPracticeFile, closePracticeFile, openPracticeFile } from './fascicolo/file.ts'
import { sendSigningCode } from './firma/invia-otp.ts'
import { signTogether } from './firma/massiva.ts'
import { signRemotely } from './firma/remota.ts'
import { locateArea } from './gis/localizza.ts'
import { registerOnMap, removeFromMap } from './gis/registra.ts'
import { verifyOverlaps } from './gis/sovrapposizioni.ts'
import { verifyConstraints } from './gis/vincoli.ts'
import { sendIoMessage } from './io/invia-messaggio.ts'
import { validateRequest } from './istanza/valida.ts'
import { publishMessage } from './messaggio/pubblica.ts'
import { annulVehicleRegister, tellVehicleRegister } from './motorizzazione/comunica.ts'
import { cancelNotices, cancelPosition } from './pagopa/annulla-posizione.ts'
import { createPosition } from './pagopa/crea-posizione.ts'
import { collector, startCollector } from './pagopa/incassi.ts'
import { reconcileFlows } from './pagopa/riconcilia.ts'
import { verifyPayment } from './pagopa/verifica.ts'
import { queryEservice } from './pdnd/interroga.ts'
import { sendCertifiedMail } from './pec/invia.ts'
import { mailReader, startMailReader } from './pec/ricevute.ts'
import { annulInProtocol } from './protocollo/annulla.ts'
import { readReceivedSegnatura } from './protocollo/leggi-segnatura.ts'
import { registerInProtocol } from './protocollo/registra.ts'
import { writeSegnatura } from './protocollo/segnatura.ts'
import { callConfigured } from './rest/chiama.ts'
import { annulSchools, tellSchools } from './scuola/notifica.ts'
import { cancelThroughSend } from './send/annulla.ts'
import { notifyThroughSend } from './send/notifica.ts'
import { noticeReader, startNoticeReader } from './send/stati.ts'
import { sealDocument } from './sigillo/appone.ts'
import { sendSms } from './sms/invia.ts'
import { annulSocialServices, tellSocialServices } from './sociale/notifica.ts'
import { annulOccupation, registerOccupation } from './tari/registra.ts'
import { calculateTerms } from './termini/calcola.ts'
import { resumeTerm, suspendTerm } from './termini/sospendi.ts'
import { forwardToUtilities } from './utenze/inoltra.ts'
import { type DescribedWorker, jobWorker } from './worker.ts'

const MAX_JOBS = 8
/** Longer than any connector waits for an answer. */
const JOB_TIMEOUT_MS = 60_000

export interface WorkersOptions {
  readonly gateway: JobGateway & Pick<Gateway, 'publishMessage'>
  readonly town: Town
  readonly connectors: Connectors
  /** Business time, epoch milliseconds. */
  readonly now: () => number
  readonly log: (line: string) => void
  /** How long a platform may still be at work after a call without answer; each has its own unless said. */
  readonly settleMs?: number
  /** How often the certified mailbox is looked at, and SEND's stream. */
  readonly mailPollMs?: number
  /** How often open payment notices are asked after. */
  readonly paymentPollMs?: number
}
export interface JobWorkersOptions extends Omit<WorkersOptions, 'gateway' | 'mailPollMs' | 'paymentPollMs'> {
  readonly gateway: Pick<Gateway, 'publishMessage'>
}
export interface RunningWorkers {
  /** Takes no new job; resolves when the running ones are done. */
  close(): Promise<void>
}

export function jobWorkers({ gateway, town, connectors, now, log, settleMs }: JobWorkersOptions): DescribedWorker[] {
  const texts = mailTexts()
  return [
    jobWorker(calculateTerms(town.calendario), log),
    jobWorker(suspendTerm(), log),
    jobWorker(resumeTerm(town.calendario), log),
    jobWorker(validateRequest(), log),
    jobWorker(publishMessage(gateway), log),
    jobWorker(registerInProtocol(connectors, town, settleMs), log),
    jobWorker(annulInProtocol(connectors), log),
    jobWorker(writeSegnatura({ ...connectors, town, now }), log),
    jobWorker(readReceivedSegnatura(connectors), log),
    jobWorker(openPracticeFile(connectors, town, settleMs), log),
    jobWorker(addToPracticeFile(connectors), log),
    jobWorker(closePracticeFile(connectors), log),
    jobWorker(registerInEmergency({ ...connectors, town, now }), log),
    jobWorker(openEmergency({ ...connectors, now }), log),
    jobWorker(listEmergency(connectors), log),
    jobWorker(recoverFromEmergency(connectors, settleMs), log),
    jobWorker(closeEmergency({ ...connectors, now }), log),
    jobWorker(sendCertifiedMail({ ...connectors, now }, settleMs), log),
    jobWorker(notifyThroughSend({ ...connectors, town, now }), log),
    jobWorker(cancelThroughSend(connectors), log),
    jobWorker(sendMail({ ...connectors, town, texts, now }), log),
    jobWorker(sendIoMessage({ ...connectors, town, texts, now }), log),
    jobWorker(sendSms({ ...connectors, town, texts, now }), log),
    jobWorker(createPosition(connectors, town), log),
    jobWorker(cancelPosition(connectors), log),
    jobWorker(cancelNotices(connectors), log),
    jobWorker(verifyPayment(connectors), log),
    jobWorker(reconcileFlows({ ...connectors, gateway, now }), log),
    jobWorker(writeDocument({ ...connectors, town, templates: documentTemplates(), now }), log),
    jobWorker(stampDocument({ ...connectors, town }), log),
    jobWorker(omitPersonalData(), log),
    jobWorker(postOnBoard(connectors, town, settleMs), log),
    jobWorker(certifyPosting(connectors), log),
    jobWorker(depositInArchive(connectors, town), log),
    jobWorker(bookInAccounts({ ...connectors, now }), log),
    jobWorker(verifySignatures({ ...connectors, now }), log),
    jobWorker(sendSigningCode(connectors), log),
    jobWorker(signRemotely({ ...connectors, town, now }), log),
    jobWorker(signTogether({ ...connectors, town, now }), log),
    jobWorker(sealDocument({ ...connectors, town, now }), log),
    jobWorker(verifyInNationalRegister({ ...connectors, town, now }), log),
    jobWorker(registerInPopulation(connectors), log),
    jobWorker(restoreInPopulation(connectors), log),
    jobWorker(resolveDomicile({ ...connectors, town }), log),
    jobWorker(queryEservice({ ...connectors, town }), log),
    jobWorker(registerOccupation(connectors), log),
    jobWorker(annulOccupation(connectors), log),
    jobWorker(tellSchools(connectors), log),
    jobWorker(annulSchools(connectors), log),
    jobWorker(tellSocialServices(connectors), log),
    jobWorker(annulSocialServices(connectors), log),
    jobWorker(forwardToUtilities(connectors), log),
    jobWorker(tellVehicleRegister(connectors), log),
    jobWorker(annulVehicleRegister(connectors), log),
    jobWorker(locateArea(connectors), log),
    jobWorker(verifyConstraints(connectors), log),
    jobWorker(verifyOverlaps(connectors), log),
    jobWorker(registerOnMap(connectors), log),
    jobWorker(removeFromMap(connectors), log),
    jobWorker(callConfigured(connectors), log),
  ]
}

export function startWorkers({ gateway, ...options }: WorkersOptions): RunningWorkers {
  const settings = { maxJobs: MAX_JOBS, timeoutMs: JOB_TIMEOUT_MS, log: options.log }
  const running = jobWorkers({ gateway, ...options }).map((worker) =>
    runWorker(gateway, worker, { name: worker.type, ...settings }),
  )
  const { connectors, now, log } = options
  const mail = startMailReader(mailReader({ gateway, connectors, now }), { log, pollMs: options.mailPollMs })
  const notices = startNoticeReader(noticeReader({ gateway, connectors, now }), { log, pollMs: options.mailPollMs })
  const payments = startCollector(collector({ gateway, connectors, now }), { log, pollMs: options.paymentPollMs })
  return {
    close: async () => void (await Promise.all([mail, notices, payments, ...running].map((part) => part.close()))),
  }
}
