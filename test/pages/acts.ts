/** Acts of a town for tests, brought to the table of whoever signs; and the code that the signing service sent. */
import { randomUUID } from 'node:crypto'
import { tablesIn } from '../../forms/server/index.ts'
import { type TownUnderTest, until } from './town.ts'

export interface Act {
  /** Of its practice. */
  readonly practice: string
  readonly processInstanceKey: string
}

const applicant = (number: number) => ({
  ...{ cf: 'RSSMRA85C01G273I', nome: 'Mario', cognome: `Rossi ${number}` },
  ...{ email: 'mario.rossi@posta.example', domicilioDigitale: 'mario.rossi@pec.example' },
})

/** A practice whose only step is an act, before the officer has looked at the draft. */
export async function draftedAct(town: TownUnderTest, number = 1): Promise<Act> {
  const { gateway, now } = town
  const { practices } = tablesIn(town.database)
  const id = randomUUID()
  const tipo = 'comune.anagrafe.residenza'
  const row = { id, processId: tipo, channel: 'online', owner: null, filedBy: 'prova', applicant: null } as const
  await practices.add({ ...row, filedAt: new Date(now()) })
  const variables = {
    pratica: { id, tipo, protocollo: { numero: String(number).padStart(7, '0'), anno: 2027 } },
    ...{ richiedente: applicant(number), indirizzo: { via: 'via Libertà', civico: '12' } },
    ...{ oggetto: `Concessione di suolo pubblico n. ${number}`, modello: 'provvedimento.atto', dati: {} },
    ...{ nome: `Concessione ${number}.pdf`, provvedimento: { testo: 'Si concede.', prescrizioni: '' }, albo: false },
    ...{ responsabile: 'anagrafe.ufficiale', dirigente: 'anagrafe.dirigente' },
  }
  const started = { bpmnProcessId: 'ca-provvedimento', variables: JSON.stringify(variables) }
  const { processInstanceKey } = await gateway.createProcessInstance(started)
  await practices.start(id, processInstanceKey)
  return { practice: id, processInstanceKey }
}

/** The same, sent to be signed as it was drafted. */
export async function actToSign(town: TownUnderTest, number: number): Promise<Act> {
  const act = await draftedAct(town, number)
  const task = await openTaskOf(town, act.processInstanceKey, 'verifica-bozza')
  const checked = { provvedimento: { testo: 'Si concede.', prescrizioni: '' }, verifica: { esito: 'FIRMA' } }
  await town.gateway.completeUserTask(task, JSON.stringify(checked))
  await openTaskOf(town, act.processInstanceKey, 'firma-atto')
  return act
}

/** The key of an open task, once it is there. */
export async function openTaskOf({ gateway }: TownUnderTest, instance: string, elementId: string): Promise<string> {
  const filter = [
    { field: 'processInstanceKey', operator: '$eq' as const, value: instance },
    { field: 'elementId', operator: '$eq' as const, value: elementId },
    { field: 'state', operator: '$eq' as const, value: 'CREATED' },
  ]
  const found = await until(
    () => gateway.query.search('user-tasks', { filter, sort: [], page: { limit: 1 } }),
    ({ items }) => items.length > 0,
  )
  return String(found.items[0]!.userTaskKey)
}

/** The last code sent to that person. */
export async function codeOf(town: TownUnderTest, person: string): Promise<string> {
  const sent = (await town.journal('firma')) as readonly { kind: string; credentialID: string; code?: string }[]
  return sent.findLast(({ kind, credentialID }) => kind === 'otp' && credentialID.endsWith(person))?.code ?? ''
}

/** A variable of an instance itself; undefined while there is none. */
export async function variableOf({ gateway }: TownUnderTest, instance: string, name: string): Promise<unknown> {
  const filter = [
    { field: 'processInstanceKey', operator: '$eq' as const, value: instance },
    { field: 'scopeKey', operator: '$eq' as const, value: instance },
    { field: 'name', operator: '$eq' as const, value: name },
  ]
  const { items } = await gateway.query.search('variables', { filter, sort: [], page: { limit: 1 } })
  const [row] = items
  if (row === undefined) return undefined
  const whole = row.isTruncated === true ? await gateway.query.get('variables', String(row.variableKey)) : row
  return JSON.parse(String((whole ?? row).value))
}
