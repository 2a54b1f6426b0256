/**
 * The people of the ordeal: who files, who works the tasks, who renounces. Owns what they were promised: the acknowledged commands.
 * Four kinds of practice, in turn: confirmed by the police, confirmed by silence, renounced, not receivable.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { RefusedCall, type RestClient } from './rest-client.ts'

const PROCESS_ID = 'comune.anagrafe.residenza'
export const KINDS = ['CONFERMATA', 'CONFERMATA_SILENZIO', 'RINUNCIATA', 'IRRICEVIBILE'] as const
export type Kind = (typeof KINDS)[number]
export interface Filed {
  readonly id: string
  readonly kind: Kind
  readonly processInstanceKey: string
}

interface Items<T> {
  readonly items: readonly T[]
}
interface UserTask {
  readonly userTaskKey: string
  readonly elementId: string
  readonly processInstanceKey: string
}

export class People {
  readonly filed: Filed[] = []
  /** Tasks whose completion was acknowledged. */
  readonly completed = new Set<string>()
  readonly #client: RestClient
  readonly #now: () => number

  constructor(client: RestClient, now: () => number) {
    this.#client = client
    this.#now = now
  }

  /** Files practice `n`. When the answer is lost, the practice is looked for before it is filed again. */
  async file(n: number): Promise<void> {
    const kind = KINDS[n % KINDS.length]!
    const id = `ordeal-${n}`
    const body = { processDefinitionId: PROCESS_ID, variables: variablesOf(id, kind, this.#now()), tags: [id] }
    for (;;) {
      try {
        const { processInstanceKey } = await this.#client.once<Filed>('POST', '/process-instances', body)
        this.filed.push({ id, kind, processInstanceKey })
        return
      } catch (error) {
        if (error instanceof RefusedCall) throw error
        const [found] = await this.instancesOf(id)
        if (found !== undefined) return void this.filed.push({ id, kind, processInstanceKey: found })
      }
    }
  }
  async instancesOf(id: string): Promise<readonly string[]> {
    const filter = { processDefinitionId: PROCESS_ID, tags: [id] }
    const { items } = await this.#client.surely<Items<Filed>>('POST', '/process-instances/search', { filter })
    return items.map(({ processInstanceKey }) => processInstanceKey)
  }

  /** The practice waits for the clerk: its request has its number. */
  async #renounce({ id }: Filed): Promise<void> {
    const message = {
      name: 'rinuncia.ricevuta',
      correlationKey: id,
      messageId: `${id}-rinuncia`,
      timeToLive: 86_400_000,
    }
    const body = { ...message, variables: { rinuncia: { istante: new Date(this.#now()).toISOString() } } }
    await this.#client.surely('POST', '/messages/publication', body).catch(unlessAlreadyThere)
  }

  /** Works every open task that its practice's kind says shall be worked; answers how many there were. */
  async work(): Promise<number> {
    const search = { filter: { state: 'CREATED' }, page: { limit: 1_000 } }
    const { items } = await this.#client.surely<Items<UserTask>>('POST', '/user-tasks/search', search)
    const practices = new Map(this.filed.map((practice) => [practice.processInstanceKey, practice]))
    let worked = 0
    for (const task of items) {
      const practice = practices.get(task.processInstanceKey)
      if (practice === undefined || !isWorked(task, practice)) continue
      await (practice.kind === 'RINUNCIATA' ? this.#renounce(practice) : this.#complete(task))
      worked++
    }
    return worked
  }
  async #complete({ userTaskKey, elementId }: UserTask): Promise<void> {
    const body = { variables: answersTo(elementId) }
    await this.#client.surely('POST', `/user-tasks/${userTaskKey}/completion`, body).catch(unlessAlreadyThere)
    this.completed.add(userTaskKey)
  }

  /** Practices that have not ended. */
  async open(): Promise<readonly Filed[]> {
    const search = { filter: { processDefinitionId: PROCESS_ID, state: 'ACTIVE' }, page: { limit: 1_000 } }
    const { items } = await this.#client.surely<Items<Filed>>('POST', '/process-instances/search', search)
    const active = new Set(items.map(({ processInstanceKey }) => processInstanceKey))
    return this.filed.filter(({ processInstanceKey }) => active.has(processInstanceKey))
  }
}

/** Only the law's time ends it; every other kind ends by what people and workers do. */
export const endsBySilence = ({ kind }: Filed): boolean => kind === 'CONFERMATA_SILENZIO'

/** A repeat of what had arrived the first time. */
function unlessAlreadyThere(error: unknown): void {
  if (error instanceof RefusedCall && (error.status === 404 || error.status === 409)) return
  throw error
}

/** The police say nothing where silence shall confirm. */
const isWorked = ({ elementId }: UserTask, { kind }: Filed): boolean => elementId !== 'accerta' || kind === 'CONFERMATA'

function answersTo(elementId: string): object {
  switch (elementId) {
    case 'registra':
      return { registrazione: { note: 'registrata' } }
    case 'accerta':
      return { accertamento: { esito: 'POSITIVO', data: '2027-03-20' } }
    default:
      throw new Error(`The ordeal knows no answer to task '${elementId}'`)
  }
}

function variablesOf(id: string, kind: Kind, now: number): object {
  const ricevutaIl = new Date(now).toISOString()
  return {
    pratica: { id, tipo: 'comune.anagrafe.residenza', canale: 'online', ricevutaIl },
    richiedente: { nome: 'Mario', cognome: 'Rossi', cf: 'RSSMRA85C01G273I', email: `${id}@cittadini.example` },
    istanza: {
      tipo: 'ALTRO_COMUNE',
      comuneProvenienza: 'Prato',
      dataTrasferimento: ricevutaIl.slice(0, 10),
      indirizzo: { via: 'via Libertà', civico: kind === 'IRRICEVIBILE' ? '' : '12' },
      titolo: { tipo: 'LOCAZIONE', estremi: 'registrato a Prato, n. 1234', consenso: false },
    },
  }
}

/** Calls `step` until it answers true; between two calls others get their turn. */
export async function until(step: () => Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await step())) await pause(everyMs)
}
