/** The desk's addresses, all for staff; which of them a person may use, each page asks of may.ts. */
import type { Route } from '../page.ts'
import { refusal } from './access.ts'
import { COUNTER, DESK, INCIDENTS_LIST, PRACTICES_LIST, SIGNING } from './addresses.ts'
import { assignTask } from './assign.ts'
import { counter } from './counter.ts'
import { HELP, showHelp } from './desk-page.ts'
import { showDocument } from './documents.ts'
import { listIncidents } from './incident-list.ts'
import { downloadAccount, showInstance } from './instance.ts'
import { addNote } from './notes.ts'
import { showCounter } from './person-at-counter.ts'
import { listPractices } from './practice-list.ts'
import { showQueue } from './queue.ts'
import { claimMany, releaseMany } from './queue-actions.ts'
import { showReceipt } from './receipt.ts'
import { decideIncident, resumeInstance, retryIncident, retryMany, suspendInstance } from './repair.ts'
import { chooseActs, showActsToSign, showBatch, writeCode } from './signing.ts'
import { claimTask, releaseTask, showTask, submitTask } from './task.ts'
import { keepFor, saveDraft } from './task-draft.ts'

const KEY = /^\d{1,19}$/

type StaffRoute = Extract<Route, { access: 'staff' }>
type Method = StaffRoute['method']
type Rest = Pick<StaffRoute, 'keep'>

const staff = (method: Method, path: string, answer: StaffRoute['answer'], rest: Rest = {}): StaffRoute => ({
  method,
  path,
  access: 'staff',
  answer,
  ...rest,
})

/** The parameter is a key of the engine; what is none leads nowhere. */
const withKey = (method: Method, path: string, answer: StaffRoute['answer'], rest: Rest = {}): StaffRoute =>
  staff(
    method,
    path,
    async (hall, visit, key) => (KEY.test(key) ? answer(hall, visit, key) : refusal(visit, 404, 'address')),
    rest,
  )

const TASK = `${DESK}/compiti/:key`
const INSTANCE = `${PRACTICES_LIST}/:key`
const INCIDENT = `${INCIDENTS_LIST}/:key`

export const deskRoutes: readonly StaffRoute[] = [
  staff('get', DESK, showQueue),
  staff('get', HELP, showHelp),
  staff('post', `${DESK}/prendi`, claimMany),
  staff('post', `${DESK}/rilascia`, releaseMany),
  withKey('get', TASK, showTask),
  withKey('post', TASK, submitTask, { keep: keepFor }),
  withKey('post', `${TASK}/bozza`, saveDraft, { keep: keepFor }),
  withKey('post', `${TASK}/prendi`, claimTask),
  withKey('post', `${TASK}/rilascia`, releaseTask),
  withKey('post', `${TASK}/assegna`, assignTask),
  staff('get', SIGNING, showActsToSign),
  staff('post', SIGNING, chooseActs),
  withKey('get', `${SIGNING}/:key`, showBatch),
  withKey('post', `${SIGNING}/:key`, writeCode),
  staff('get', PRACTICES_LIST, listPractices),
  withKey('get', INSTANCE, showInstance),
  withKey('get', `${INSTANCE}/ricevuta`, showReceipt),
  withKey('get', `${INSTANCE}/conto.csv`, downloadAccount),
  withKey('post', `${INSTANCE}/note`, addNote),
  withKey('post', `${INSTANCE}/sospendi`, suspendInstance),
  withKey('post', `${INSTANCE}/riprendi`, resumeInstance),
  staff('get', INCIDENTS_LIST, listIncidents),
  staff('post', `${INCIDENTS_LIST}/riprova`, retryMany),
  withKey('post', `${INCIDENT}/riprova`, retryIncident),
  withKey('get', `${INCIDENT}/decidi`, decideIncident),
  withKey('post', `${INCIDENT}/decidi`, decideIncident),
  staff('get', COUNTER, showCounter),
  staff('get', `${COUNTER}/:key`, counter),
  staff('post', `${COUNTER}/:key`, counter),
  staff('get', `${DESK}/documenti/:key`, showDocument),
]
