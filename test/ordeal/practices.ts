/**
 * The people of the ordeal: who files, who works the tasks, who renounces, who repairs. Owns what they were promised: the acknowledged
 * commands. Does not own what each kind of practice is (kinds.ts).
 */
import { isDatabaseAway } from '../../connectors/database-away.ts'
import type { Platforms } from '../../connectors/platforms.ts'
import { type Codes, mistyped } from './codes.ts'
import type { Coded, Kind, Reaction, Sent } from './kind.ts'
import { OF_THE_OFFICE } from './kinds.ts'
import { Payers } from './payers.ts'
import { RefusedCall, type RestClient } from './rest-client.ts'
import type { Known } from './traces.ts'

export interface Filed extends Known {
  readonly kind: Kind
  readonly processInstanceKey: string
}
export interface Items<T> {
  readonly items: readonly T[]
}
interface UserTask {
  readonly userTaskKey: string
  readonly elementId: string
  readonly processInstanceKey: string
}
export interface Instance {
  readonly processInstanceKey: string
  readonly parentProcessInstanceKey: string | null
}
interface OpenIncident {
  readonly incidentKey: string
  readonly errorMessage: string
  readonly jobKey: string | null
  readonly processInstanceKey: string
}

export interface PeopleOptions {
  readonly client: RestClient
  /** Epoch milliseconds, the town's. */
  readonly now: () => number
  readonly platforms: Pick<Platforms, 'io' | 'pagopa'>
  /** In their order, again and again. */
  readonly kinds: readonly Kind[]
  /** Of the sandboxes. */
  readonly journals: string
  readonly codes: Codes
  /** The manager looks at the acts that wait; resolves with whether anything was done. */
  readonly sign: () => Promise<boolean>
  /** A person of the office asks the recipient, and says on the page of the incident what became of the effect. */
  readonly decide: (incidentKey: string, practice: string) => Promise<void>
}

/** A message waits as long as the practice may take. */
const MESSAGE_LIFE_MS = 60 * 86_400_000
/** Trouble of the platform, which is over when it is tried again; so is that of a database that was killed. */
const MAY_PASS = /^(?:Unavailable|UnknownOutcome): |NON_DISPONIBILE/
const mayPass = (errorMessage: string): boolean =>
  MAY_PASS.test(errorMessage) || isDatabaseAway(new Error(errorMessage))
/** Whoever has no code and cannot ask for one writes this. */
const NO_CODE = '000000'
const IS_UNKNOWN = /\(esito ignoto\)/

export class People {
  readonly filed: Filed[] = []
  /** Tasks whose completion was acknowledged. */
  readonly completed = new Set<string>()
  readonly #options: PeopleOptions
  readonly #parents = new Map<string, string | null>()
  readonly #payers: Payers
  /** Practices of which the first code was written wrong. */
  readonly #mistyped = new Set<string>()

  constructor(options: PeopleOptions) {
    this.#options = options
    this.#payers = new Payers(options.platforms.pagopa.url, options.journals)
  }
  /** How many codes each signer wrote. */
  get codes(): Readonly<Record<string, number>> {
    return this.#options.codes.written
  }
  get #client(): RestClient {
    return this.#options.client
  }

  /** Files practice `n`. When the answer is lost, the practice is looked for before it is filed again. */
  async file(n: number): Promise<void> {
    const { kinds } = this.#options
    const kind = kinds[n % kinds.length]!
    const who = personOf(n, kind)
    if (kind.hasApp) await this.#install(who)
    const variables = variablesOf(who, kind, this.#options.now())
    const body = { processDefinitionId: kind.process, variables, tags: [who.id] }
    for (;;) {
      try {
        const { processInstanceKey } = await this.#client.once<Instance>('POST', '/process-instances', body)
        this.filed.push({ ...who, kind, processInstanceKey })
        return
      } catch (error) {
        if (error instanceof RefusedCall) throw error
        const [found] = await this.instancesOf(who.id)
        if (found !== undefined) return void this.filed.push({ ...who, kind, processInstanceKey: found })
      }
    }
  }
  async #install({ cf }: Known): Promise<void> {
    const { io } = this.#options.platforms
    await fetch(`${io.url}/app/${cf}`, { method: 'POST', body: JSON.stringify({ servizio: 'ATTIVO' }) })
  }
  async instancesOf(id: string): Promise<readonly string[]> {
    const search = { filter: { tags: [id], parentProcessInstanceKey: { $exists: false } } }
    const { items } = await this.#client.surely<Items<Instance>>('POST', '/process-instances/search', search)
    return items.map(({ processInstanceKey }) => processInstanceKey)
  }

  /** Whose practice an instance belongs to, called ones too; null when it is nobody's. */
  async practiceOf(instance: string): Promise<Filed | null> {
    const own = this.filed.find(({ processInstanceKey }) => processInstanceKey === instance)
    if (own) return own
    if (!this.#parents.has(instance)) {
      const { parentProcessInstanceKey } = await this.#client.surely<Instance>('GET', `/process-instances/${instance}`)
      this.#parents.set(instance, parentProcessInstanceKey)
    }
    const parent = this.#parents.get(instance) ?? null
    return parent === null ? null : this.practiceOf(parent)
  }

  /** Works every open task and incident that is theirs to work; answers how many there were. */
  async work(): Promise<number> {
    const worked = (await this.#workTasks()) + (await this.#repair()) + (await this.#meetNotices())
    return worked + Number(await this.#options.sign())
  }
  async #meetNotices(): Promise<number> {
    const met = this.#payers.unmet(this.filed)
    for (const { practice, reaction, nav } of met) await this.#meet(practice, reaction, nav)
    return met.length
  }
  async #meet(practice: Filed, reaction: Reaction, nav: string): Promise<void> {
    switch (reaction.kind) {
      case 'pays':
        return this.#payers.pay(nav, reaction)
      case 'gives up':
        if (reaction.having) await this.#payers.pay(nav, { times: 1, form: reaction.having })
        return this.#send(practice, reaction.sent)
      case 'ignores':
        return
    }
  }
  async #workTasks(): Promise<number> {
    const search = { filter: { state: 'CREATED' }, page: { limit: 1_000 } }
    const { items } = await this.#client.surely<Items<UserTask>>('POST', '/user-tasks/search', search)
    let worked = 0
    for (const task of items) {
      const practice = await this.practiceOf(task.processInstanceKey)
      worked += Number(await (practice === null ? this.#workOther(task) : this.#workTask(task, practice)))
    }
    return worked
  }
  /** Of no practice: what the office does as soon as it is asked. */
  async #workOther({ userTaskKey, elementId }: UserTask): Promise<boolean> {
    const answer = OF_THE_OFFICE[elementId]
    if (answer === undefined) return false
    await this.#complete(userTaskKey, answer)
    return true
  }
  async #workTask(task: UserTask, practice: Filed): Promise<boolean> {
    const { elementId } = task
    const { answers, instead, after, codes } = practice.kind
    const sent = instead?.[elementId]
    if (sent) return this.#send(practice, sent).then(() => true)
    if (this.#isLeft(elementId, practice.kind)) return false
    const coded = codes?.[elementId]
    const answer = coded ? this.#code(practice, coded) : (answers[elementId] ?? OF_THE_OFFICE[elementId])
    if (answer === undefined) throw new Error(`Expected an answer to ${elementId} of ${practice.id}, but there is none`)
    await this.#complete(task.userTaskKey, answer)
    const following = after?.[elementId]
    if (following) await this.#send(practice, following)
    return true
  }
  /**
   * The police say nothing where silence shall confirm; whoever is locked out signs nothing, and whoever has just written a code waits for
   * what becomes of it; the manager signs on pages of their own.
   */
  #isLeft(elementId: string, { answers, codes = {}, waitsForTime = false }: Kind): boolean {
    if (elementId === 'accerta') return waitsForTime && answers.accerta === undefined
    const { codes: known } = this.#options
    const coded = codes[elementId]
    if (coded !== undefined) return known.fresh(coded.signer) === null && known.isOnItsWay(coded.signer)
    if (elementId !== 'firma-atto') return false
    const signers = Object.values(codes).map(({ signer }) => signer)
    return signers.length === 0 || signers.some((signer) => known.isLocked(signer) || known.isOnItsWay(signer))
  }
  #code({ id }: Filed, { signer, answer, another, mistypes = false }: Coded): object {
    const { codes } = this.#options
    const code = codes.fresh(signer)
    if (code === null && another !== undefined) return another
    const isWrong = mistypes && !this.#mistyped.has(id) && codes.mayMistype(signer)
    const otp = code ?? NO_CODE
    codes.note(signer, otp)
    if (!isWrong) return answer(otp)
    this.#mistyped.add(id)
    return answer(mistyped(otp))
  }
  async #send({ id }: Filed, { name, variables }: Sent): Promise<void> {
    const istante = new Date(this.#options.now()).toISOString()
    const told = Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [
        key,
        { ...value, istante, ricevutaIl: istante, ricevuteIl: istante },
      ]),
    )
    const message = { name, correlationKey: id, messageId: `${id}-${name}`, timeToLive: MESSAGE_LIFE_MS }
    await this.#client
      .surely('POST', '/messages/publication', { ...message, variables: told })
      .catch(unlessAlreadyThere)
  }
  async #complete(userTaskKey: string, variables: object): Promise<void> {
    await this.#client.surely('POST', `/user-tasks/${userTaskKey}/completion`, { variables }).catch(unlessAlreadyThere)
    this.completed.add(userTaskKey)
  }

  /** What a platform's trouble has stopped is tried again; what nobody knows is asked for and decided. Anything else is a fault of ours. */
  async #repair(): Promise<number> {
    const search = { filter: { state: 'ACTIVE' }, page: { limit: 1_000 } }
    const { items } = await this.#client.surely<Items<OpenIncident>>('POST', '/incidents/search', search)
    for (const { incidentKey, errorMessage, jobKey, processInstanceKey } of items) {
      const practice = await this.practiceOf(processInstanceKey)
      if (IS_UNKNOWN.test(errorMessage) && practice) await this.#options.decide(incidentKey, practice.id)
      else if (mayPass(errorMessage) && jobKey !== null) await this.#retry(incidentKey, jobKey)
      else throw new Error(`Expected trouble of a platform, but ${practice?.id} stands still: ${errorMessage}`)
    }
    return items.length
  }
  async #retry(incidentKey: string, jobKey: string): Promise<void> {
    await this.#client.surely('PATCH', `/jobs/${jobKey}`, { changeset: { retries: 3 } }).catch(unlessAlreadyThere)
    await this.#client.surely('POST', `/incidents/${incidentKey}/resolution`, {}).catch(unlessAlreadyThere)
  }

  /** Practices that have not ended. */
  async open(): Promise<readonly Filed[]> {
    const search = { filter: { state: 'ACTIVE', parentProcessInstanceKey: { $exists: false } }, page: { limit: 1_000 } }
    const { items } = await this.#client.surely<Items<Instance>>('POST', '/process-instances/search', search)
    const active = new Set(items.map(({ processInstanceKey }) => processInstanceKey))
    return this.filed.filter(({ processInstanceKey }) => active.has(processInstanceKey))
  }
}

/** A repeat of what had arrived the first time, or what somebody else has done meanwhile. */
function unlessAlreadyThere(error: unknown): void {
  if (error instanceof RefusedCall && (error.status === 404 || error.status === 409)) return
  throw error
}

function personOf(n: number, { hasOnlyPhone = false }: Kind): Known {
  const id = `ordeal-${n}`
  const two = (value: number) => String(value).padStart(2, '0')
  return {
    id,
    cf: `RSSMRA${two(Math.floor(n / 28) % 100)}C${two(1 + (n % 28))}G273I`,
    email: hasOnlyPhone ? null : `${id}@cittadini.example`,
    cell: hasOnlyPhone ? `+39333${String(1_000_000 + n)}` : null,
  }
}

function variablesOf({ id, cf, email, cell }: Known, { istanza, domicilioDigitale }: Kind, now: number): object {
  const ricevutaIl = new Date(now).toISOString()
  const giorno = ricevutaIl.slice(0, 10)
  return {
    pratica: { id, tipo: 'comune.anagrafe.residenza', canale: 'online', ricevutaIl },
    richiedente: { nome: 'Mario', cognome: 'Rossi', cf, email, cell, domicilioDigitale: domicilioDigitale ?? null },
    istanza: {
      tipo: 'ALTRO_COMUNE',
      comuneProvenienza: 'Prato',
      dataTrasferimento: giorno,
      indirizzo: { via: 'via Libertà', civico: '12' },
      titolo: { tipo: 'LOCAZIONE', estremi: 'registrato a Prato, n. 1234', consenso: false },
      ...istanza,
    },
    documenti: [],
    // A delivered procedure counts its own.
    termine: {
      inizio: giorno,
      giorni: 45,
      tipo: 'calendario',
      scadenza: giorno,
      effetto: ricevutaIl,
      contato: { giorno, istante: ricevutaIl },
      sospensioni: [],
      sospeso: null,
      allarmi: [],
    },
  }
}
