/** Evaluates a decision and whatever it requires, and tells what happened. */
import { Budget, Evaluating, type Evaluation, EvaluationFailure, type Run } from '../run.ts'
import { normalName } from '../syntax/names.ts'
import { shown } from '../text.ts'
import { FunctionValue, type Value } from '../value.ts'
import { functionOf, typed } from './boxed.ts'
import type { Decision, DecisionModel, DecisionService } from './model.ts'
import { type EvaluatedDecision, Trace } from './trace.ts'

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
    const evaluator = new Evaluator(model, evaluation, new Budget(evaluation.steps), evaluated)
    return { output: evaluate(evaluator), evaluated }
  } catch (error) {
    if (!(error instanceof DecisionFailure) && !(error instanceof EvaluationFailure)) throw error
    const failed = error instanceof DecisionFailure ? error.decisionId : id
    const message = `Expected to evaluate decision '${id}', but ${error.message}`
    return { output: null, evaluated, failure: { decisionId: failed, message } }
  }
}

class Evaluator {
  readonly #model: DecisionModel
  readonly #evaluation: Evaluation
  readonly #budget: Budget
  readonly #evaluated: EvaluatedDecision[]
  readonly #known: Map<string, Value>
  /** Where in the trace each decision, with what it requires, was noted. */
  readonly #noted = new Map<string, readonly [from: number, to: number]>()

  constructor(
    model: DecisionModel,
    evaluation: Evaluation,
    budget: Budget,
    evaluated: EvaluatedDecision[],
    known: ReadonlyMap<string, Value> = new Map(),
  ) {
    this.#model = model
    this.#evaluation = evaluation
    this.#budget = budget
    this.#evaluated = evaluated
    this.#known = new Map(known)
  }

  /** Each decision is evaluated once, however many require it. */
  decide(id: string): Value {
    const known = this.#known.get(id)
    if (known !== undefined) {
      this.#noteAgain(id)
      return known
    }
    const decision = this.#model.decisions.find((one) => one.id === id)
    if (decision === undefined) throw new DecisionFailure(id, `no decision found with id '${id}'`)
    const from = this.#evaluated.length
    const value = this.#evaluate(decision)
    this.#known.set(id, value)
    this.#noted.set(id, [from, this.#evaluated.length])
    return value
  }

  /** Zeebe's trace tells a decision as often as it is required. */
  #noteAgain(id: string): void {
    const noted = this.#noted.get(id)
    if (noted === undefined || this.#model.dialect === 'standard') return
    this.#budget.spend(noted[1] - noted[0])
    this.#evaluated.push(...this.#evaluated.slice(...noted))
  }

  #evaluate(decision: Decision): Value {
    const results = new Map<string, Value>()
    for (const id of decision.requiredDecisions)
      if (this.#model.services.has(id)) this.#declare(results, this.#service(id))
      else results.set(this.#resultName(id), this.decide(id))
    for (const id of decision.requiredKnowledge) this.#declare(results, this.#knowledge(id))
    const run = this.#run(results)
    const trace = new Trace()
    try {
      const output = this.#fitting(run, decision, decision.logic.code(run, null, trace))
      this.#note(decision, trace, output)
      return output
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error
      this.#note(decision, trace, null)
      throw new DecisionFailure(decision.id, error.message)
    }
  }

  #note({ id, name, logic }: Decision, trace: Trace, output: Value): void {
    this.#evaluated.push({ decisionId: id, decisionName: name, decisionType: logic.type, output, ...trace.seen })
  }

  #fitting(run: Run, { resultType }: Decision, output: Value): Value {
    if (this.#model.dialect === 'standard') return typed(run, resultType, output)
    if (resultType === null || output === null || resultType(run, output) !== undefined) return output
    throw new EvaluationFailure(`expected a value of the type of the decision but found '${shown(output)}'`)
  }

  #resultName(id: string): string {
    return normalName(this.#model.decisions.find((one) => one.id === id)?.resultName ?? id)
  }
  #declare(results: Map<string, Value>, callable: FunctionValue | null): void {
    if (callable !== null) results.set(normalName(callable.name), callable)
  }

  #run(results: ReadonlyMap<string, Value>): Run {
    return new Evaluating(
      { ...this.#evaluation, lookup: (name) => this.#lookup(results, name) },
      this.#model.dialect,
      this.#budget,
    )
  }
  #lookup(results: ReadonlyMap<string, Value>, name: string): Value | undefined {
    return results.get(normalName(name)) ?? this.#input(name)
  }
  /** Input data has the type that the model gives it. */
  #input(name: string): Value | undefined {
    const given = this.#evaluation.lookup(name)
    if (this.#model.dialect === 'camunda' || given === undefined) return given
    const declared = [...this.#model.inputs.values()].find((input) => normalName(input.name) === normalName(name))
    return declared === undefined ? given : typed(this.#run(new Map()), declared.type, given)
  }

  #knowledge(id: string): FunctionValue | null {
    const model = this.#model.knowledge.get(id)
    if (model === undefined) return this.#model.services.has(id) ? this.#service(id) : null
    const own = new Map<string, Value>()
    const callable = functionOf(model.name, model, null, (run) =>
      run.with((name) => own.get(normalName(name)) ?? this.#input(name)),
    )
    this.#declare(own, callable)
    for (const required of model.requiredKnowledge) if (required !== id) this.#declare(own, this.#knowledge(required))
    return callable
  }

  #service(id: string): FunctionValue | null {
    const service = this.#model.services.get(id)
    if (service === undefined) return null
    const parameters = this.#parametersOf(service)
    return new FunctionValue(
      service.name,
      parameters.map(({ name }) => name),
      (run, args) => run.nested(1, () => this.#serve(service, parameters, args)),
    )
  }

  /** Input data first, then the decisions that are made outside. */
  #parametersOf(service: DecisionService): readonly { readonly id: string; readonly name: string }[] {
    return [
      ...service.inputData.map((id) => ({ id, name: this.#model.inputs.get(id)?.name ?? id })),
      ...service.inputDecisions.map((id) => ({
        id,
        name: this.#model.decisions.find((one) => one.id === id)?.resultName ?? id,
      })),
    ]
  }

  #serve(
    service: DecisionService,
    parameters: readonly { readonly id: string; readonly name: string }[],
    args: readonly Value[],
  ): Value {
    this.#budget.spend(1)
    const known = new Map<string, Value>()
    const inputs = new Map<string, Value>()
    parameters.forEach(({ id, name }, index) => {
      if (service.inputDecisions.includes(id)) known.set(id, args[index] ?? null)
      else inputs.set(normalName(name), args[index] ?? null)
    })
    const evaluation = { ...this.#evaluation, lookup: (name: string) => inputs.get(normalName(name)) }
    const inner = new Evaluator(this.#model, evaluation, this.#budget, [], known)
    const [only, ...others] = service.outputDecisions
    if (only !== undefined && others.length === 0) return inner.decide(only)
    return new Map(service.outputDecisions.map((id) => [this.#resultName(id), inner.decide(id)] as const))
  }

  invoke(id: string, args: ReadonlyMap<string, Value>): Value {
    const callable = this.#knowledge(id)
    if (callable === null)
      throw new DecisionFailure(id, `no business knowledge model or decision service found with id '${id}'`)
    return callable.invoke(
      this.#run(new Map()),
      callable.parameters.map((name) => args.get(name) ?? null),
    )
  }
}
