/** How the tests evaluate: at a fixed moment, with chance that repeats itself. */
import {
  type CompiledExpression,
  compileExpression,
  type Dialect,
  type Evaluation,
  EvaluationFailure,
  evaluate,
  fromJson,
  isContext,
  type Outcome,
  toJson,
} from '../../engine/feel/index.ts'
import { feelCalendar } from '../../processes/calendar.ts'
import { loadTown } from '../../processes/town.ts'

const calendar = feelCalendar((await loadTown()).calendario)

export function evaluationOf(json = '{}', more: Partial<Evaluation> = {}): Evaluation {
  const variables = fromJson(json)
  return {
    lookup: (name) => (isContext(variables) ? variables.get(name) : undefined),
    now: Date.parse('2026-03-01T10:00:00Z'),
    random: seeded(1),
    calendar,
    ...more,
  }
}

/** The same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export function outcomeOf(source: string, json = '{}', dialect: Dialect = 'camunda'): Outcome {
  const compiled: CompiledExpression = compileExpression(source, dialect)
  if (!compiled.ok) return noFeel(compiled.fault.message)
  return evaluate(compiled.expression, evaluationOf(json))
}

function noFeel(reason: string): Outcome {
  const failure = new EvaluationFailure(`no FEEL: ${reason}`)
  return { ok: false, message: failure.message, failure, warnings: [], spent: 0 }
}

/** As JSON text, or why there is no value. */
export function resultOf(source: string, json = '{}', dialect: Dialect = 'camunda'): string {
  const outcome = outcomeOf(source, json, dialect)
  return outcome.ok ? toJson(outcome.value) : outcome.message
}
