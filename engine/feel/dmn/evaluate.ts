/** Evaluates a decision and whatever it requires, and tells what happened. */

import { typed } from '../compile/type.ts'
import { Budget, Evaluating, type Evaluation, EvaluationFailure } from '../run.ts'
import { normalName } from '../syntax/names.ts'
import { type Context, FunctionValue, isContext, type Value } from '../value.ts'
import { functionOf } from './boxed.ts'
import type { Decision, DecisionModel, DecisionService, KnowledgeModel, Reference } from './model.ts'
import { type EvaluatedDecision, Trace } from './trace.ts'
import { requireType } from './zeebe-type.ts'

export interface DecisionOutcome {
  /** Null when the decision failed. */
  readonly output: Value
  /** In the order in which they were finished; a required decision comes before the one that requires it. */
  readonly evaluated: readonly EvaluatedDecision[]
  readonly failure?: { readonly decisionId: string; readonly message: string }
}

/** Not caught by expressions: the decision that failed is known. */
class DecisionFailure extends Error {
  readonly decisionId: string
  constructor(decisionId: string, reason: string) {
    super(reason)
    this.decisionId = decisionId
  }
}

/** An unknown id fails too. Bound: the steps of the evaluation, for all expressions together. */
export function evaluateDecision(model: DecisionModel, decisionId: string, evaluation: Evaluation): DecisionOutcome {
  return outcomeOf(model, decisionId, evaluation, (evaluator) => evaluator.decide(decisionId))
}

/** A business knowledge model or a decision service, called with arguments by name. */
export function evaluateInvocable(
  model: DecisionModel,
  id: string,
  args: ReadonlyMap<string, Value>,
  evaluation: Evaluation,
): DecisionOutcome {
  return outcomeOf(model, id, evaluation, (evaluator) => evaluator.invoke(id, args))
}

function outcomeOf(
  model: DecisionModel,
  id: string,
  evaluation: Evaluation,
  evaluate: (evaluator: Evaluator) => Value,
): DecisionOutcome {
  const evaluated: EvaluatedDecision[] = []
  try {
    const session = new Session(evaluation, new Budget(evaluation.steps), evaluated)
    return { output: evaluate(session.of(model)), evaluated }
  } catch (error) {
    if (!(error instanceof DecisionFailure) && !(error instanceof EvaluationFailure)) throw error
    const failed = error instanceof DecisionFailure ? error.decisionId : id
    const message = `Expected to evaluate decision '${id}', but ${error.message}`
    return { output: null, evaluated, failure: { decisionId: failed, message } }
  }
}

/** The same inputs, for all models that take part. */
class Session {
  readonly evaluation: Evaluation
  readonly budget: Budget
  readonly evaluated: EvaluatedDecision[]
  readonly #evaluators = new Map<DecisionModel, Evaluator>()

  constructor(evaluation: Evaluation, budget: Budget, evaluated: EvaluatedDecision[]) {
    this.evaluation = evaluation
    this.budget = budget
    this.evaluated = evaluated
  }
  of(model: DecisionModel): Evaluator {
    const known = this.#evaluators.get(model)
    if (known !== undefined) return known
    const evaluator = new Evaluator(model, this)
    this.#evaluators.set(model, evaluator)
    return evaluator
  }
}

/** The names that the expressions of one element see. */
class Visible {
  readonly #values = new Map<string, Value>()
  get(name: string): Value | undefined {
    return this.#values.get(normalName(name))
  }
  /** What is imported stands under its prefix. */
  add(prefix: string, name: string, value: Value): void {
    if (prefix === '') this.#values.set(normalName(name), value)
    else {
      const others = this.#values.get(normalName(prefix))
      this.#values.set(
        normalName(prefix),
        new Map([...(isContext(others ?? null) ? (others as Context) : []), [name, value]]),
      )
    }
  }
}

/** Closures that one requirement may nest: chains of some hundred decisions are no chains that a person drew. */
const LEVELS = 5

/** Evaluates what one model declares. */
class Evaluator {
  readonly #model: DecisionModel
  readonly #session: Session
  readonly #decisions: ReadonlyMap<string, Decision>
  readonly #known = new Map<string, Value>()
  readonly #inputs = new Map<string, Value | undefined>()
  readonly #functions = new Map<string, FunctionValue | null>()
  /** Where in the trace each decision, with what it requires, was noted. */
  readonly #noted = new Map<string, readonly [from: number, to: number]>()

  constructor(model: DecisionModel, session: Session) {
    this.#model = model
    this.#session = session
    this.#decisions = new Map(model.decisions.map((decision) => [decision.id, decision]))
  }

  /** Each decision is evaluated once, however many require it. */
  decide(id: string): Value {
    const known = this.#known.get(id)
    if (known !== undefined) {
      this.#noteAgain(id)
      return known
    }
    const decision = this.#decisions.get(id)
    if (decision === undefined) throw new DecisionFailure(id, `no decision found with id '${id}'`)
    const { evaluated, budget } = this.#session
    const from = evaluated.length
    const value = budget.nested(LEVELS, () => this.#evaluate(decision))
    this.#known.set(id, value)
    this.#noted.set(id, [from, evaluated.length])
    return value
  }

  /** It was decided elsewhere. */
  decided(id: string, value: Value): void {
    this.#known.set(id, typed(this.#run(NOTHING), this.#decisions.get(id)?.resultType ?? null, value))
  }

  /** Zeebe's trace tells a decision as often as it is required. */
  #noteAgain(id: string): void {
    const { budget, evaluated } = this.#session
    const noted = this.#noted.get(id)
    if (noted === undefined || this.#model.dialect === 'standard') return
    budget.spend(noted[1] - noted[0])
    evaluated.push(...evaluated.slice(...noted))
  }

  #evaluate(decision: Decision): Value {
    const visible = this.#required(decision)
    const run = this.#run(visible)
    const trace = new Trace()
    let output: Value = null
    try {
      output = decision.logic.code(run, null, trace)
      if (this.#model.dialect === 'standard') output = typed(run, decision.resultType, output)
      else requireType(decision.typeRef, output)
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error
      // What does not fit its type is told all the same.
      this.#note(decision, trace, output, run)
      throw new DecisionFailure(decision.id, error.message)
    }
    this.#note(decision, trace, output, run)
    return output
  }

  #note({ id, name, logic }: Decision, trace: Trace, output: Value, { warnings }: Evaluating): void {
    const { namespace } = this.#model
    this.#session.evaluated.push({
      decisionId: id,
      decisionName: name,
      namespace,
      decisionType: logic.type,
      output,
      ...trace.seen,
      warnings,
    })
  }

  #required({ requiredInputs, requiredDecisions, requiredKnowledge }: Decision): Visible {
    const visible = new Visible()
    for (const { prefix, owner, id } of this.#owners(requiredInputs)) {
      const value = owner.input(id)
      if (value !== undefined) visible.add(prefix, owner.inputName(id), value)
    }
    for (const { prefix, owner, id } of this.#owners(requiredDecisions)) {
      const service = owner.service(id)
      if (service !== null) visible.add(prefix, service.name, service)
      else visible.add(prefix, owner.resultName(id), owner.decide(id))
    }
    this.#addKnowledge(visible, requiredKnowledge)
    return visible
  }

  #addKnowledge(visible: Visible, required: readonly Reference[]): void {
    for (const { prefix, owner, id } of this.#owners(required)) {
      const callable = owner.callable(id)
      if (callable !== null) visible.add(prefix, callable.name, callable)
    }
  }

  #owners(
    references: readonly Reference[],
  ): readonly { readonly prefix: string; readonly owner: Evaluator; readonly id: string }[] {
    return references.map(({ namespace, id }) => {
      if (namespace === null) return { prefix: '', owner: this, id }
      const imported = this.#model.imports.get(namespace)
      if (imported === undefined)
        throw new DecisionFailure(id, `the model with the namespace '${namespace}' is not among the imports`)
      return { prefix: imported.prefix, owner: this.#session.of(imported.model), id }
    })
  }

  resultName(id: string): string {
    return this.#decisions.get(id)?.resultName ?? id
  }
  inputName(id: string): string {
    return this.#model.inputs.get(id)?.name ?? id
  }
  /** Input data has the type that the model gives it. Undefined when there is none. */
  input(id: string): Value | undefined {
    if (this.#inputs.has(id)) return this.#inputs.get(id)
    const given = this.#session.evaluation.lookup(this.inputName(id))
    const type = this.#model.inputs.get(id)?.type ?? null
    const value = given === undefined ? undefined : typed(this.#run(NOTHING), type, given, 'given')
    this.#inputs.set(id, value)
    return value
  }

  #run(visible: Visible): Evaluating {
    const { evaluation, budget } = this.#session
    return new Evaluating({ ...evaluation, lookup: (name) => this.#lookup(visible, name) }, this.#model.dialect, budget)
  }
  /** In the standard what the model declares is seen where it is required; what it does not declare may still be given. */
  #lookup(visible: Visible, name: string): Value | undefined {
    const value = visible.get(name)
    if (value !== undefined) return value
    return this.#model.dialect === 'standard' && this.#model.declared.has(normalName(name))
      ? undefined
      : this.#session.evaluation.lookup(name)
  }

  /** A business knowledge model or a decision service. */
  callable(id: string): FunctionValue | null {
    const known = this.#functions.get(id)
    if (known !== undefined) return known
    const model = this.#model.knowledge.get(id)
    const callable =
      model === undefined ? this.service(id) : this.#session.budget.nested(LEVELS, () => this.#knowledge(model))
    this.#functions.set(id, callable)
    return callable
  }

  #knowledge(model: KnowledgeModel): FunctionValue {
    const own = new Visible()
    const callable = functionOf(model.name, model, null, (run) =>
      run.with(
        (name) =>
          own.get(name) ?? (this.#model.dialect === 'camunda' ? this.#session.evaluation.lookup(name) : undefined),
      ),
    )
    own.add('', model.name, callable)
    this.#addKnowledge(
      own,
      model.requiredKnowledge.filter(({ namespace, id }) => namespace !== null || id !== model.id),
    )
    return callable
  }

  service(id: string): FunctionValue | null {
    const service = this.#model.services.get(id)
    if (service === undefined) return null
    const parameters = this.#parametersOf(service)
    return new FunctionValue(
      service.name,
      parameters.map(({ name }) => name),
      (run, args) =>
        typed(
          run,
          service.resultType,
          run.nested(LEVELS, () => this.#serve(service, parameters, args)),
        ),
    )
  }

  /** Input data first, then the decisions that are made outside. */
  #parametersOf({ inputData, inputDecisions }: DecisionService): readonly Parameter[] {
    return [
      ...this.#owners(inputData).map(({ owner, id }) => ({ name: owner.inputName(id), decision: null })),
      ...this.#owners(inputDecisions).map(({ owner, id }) => ({
        name: owner.resultName(id),
        decision: { model: owner.#model, id },
      })),
    ]
  }

  #serve(service: DecisionService, parameters: readonly Parameter[], args: readonly Value[]): Value {
    const { evaluation, budget } = this.#session
    budget.spend(1)
    const inputs = new Map(
      parameters.flatMap(({ name, decision }, index) =>
        decision === null ? [[normalName(name), args[index] ?? null] as const] : [],
      ),
    )
    const session = new Session({ ...evaluation, lookup: (name) => inputs.get(normalName(name)) }, budget, [])
    parameters.forEach(({ decision }, index) => {
      if (decision !== null) session.of(decision.model).decided(decision.id, args[index] ?? null)
    })
    const outputs = session.of(this.#model).#owners(service.outputDecisions)
    const [only] = outputs
    if (only !== undefined && outputs.length === 1) return only.owner.decide(only.id)
    return new Map(outputs.map(({ owner, id }) => [owner.resultName(id), owner.decide(id)] as const))
  }

  invoke(id: string, args: ReadonlyMap<string, Value>): Value {
    const callable = this.callable(id)
    if (callable === null)
      throw new DecisionFailure(id, `no business knowledge model or decision service found with id '${id}'`)
    return callable.invoke(
      this.#run(NOTHING),
      callable.parameters.map((name) => args.get(name) ?? null),
    )
  }
}

const NOTHING = new Visible()

/** Of a decision service: input data, or a decision that is made outside. */
interface Parameter {
  readonly name: string
  readonly decision: { readonly model: DecisionModel; readonly id: string } | null
}
