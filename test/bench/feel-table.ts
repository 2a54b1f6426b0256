/** A decision table of 200 rules, such as a tariff: three inputs, of which the last rules decide. */
import {
  compileDecisions,
  type DecisionModel,
  evaluateDecision,
  fromJson,
  isContext,
  toJson,
} from '../../engine/feel/index.ts'
import type { Work } from './interleaved.ts'

const ZONES = ['centre', 'hills', 'river', 'north']
const RULES = 200

/** Each rule holds for one zone and fifty square metres more than the last one of that zone. */
const rules = Array.from({ length: RULES }, (_none, index) => ({
  zone: ZONES[index % ZONES.length]!,
  from: Math.floor(index / ZONES.length) * 50,
  fee: index + 0.5,
}))

const ruleText = ({ zone, from, fee }: (typeof rules)[number]): string =>
  `<rule><inputEntry><text>"${zone}"</text></inputEntry><inputEntry><text>[${from}..${from + 50})</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>${fee}</text></outputEntry></rule>`

const inputText = (name: string): string =>
  `<input label="${name}"><inputExpression><text>${name}</text></inputExpression></input>`

export const tableText = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="tariff" name="Tariff" namespace="tariff" modeler:executionPlatform="Camunda Cloud"><decision id="fee" name="Fee"><decisionTable hitPolicy="UNIQUE">${['zone', 'area', 'kind'].map(inputText).join('')}<output name="fee"/>${rules.map(ruleText).join('')}</decisionTable></decision></definitions>`

/** The last rule of the last zone: all others are looked at before. */
const JSON_TEXT = '{"zone":"north","area":2475,"kind":"shop"}'

export function tableModel(): DecisionModel {
  const compiled = compileDecisions(tableText)
  if (!compiled.ok) throw new Error(compiled.message)
  return compiled.model
}

export function tableWork(): Record<'iter' | 'native', Work> {
  const model = tableModel()
  const variables = fromJson(JSON_TEXT)
  const evaluation = {
    lookup: (name: string) => (isContext(variables) ? variables.get(name) : undefined),
    now: 0,
    random: () => 0.5,
  }
  const { zone, area } = JSON.parse(JSON_TEXT) as { zone: string; area: number }
  const native = () => rules.filter((rule) => rule.zone === zone && area >= rule.from && area < rule.from + 50)
  const iter = () => evaluateDecision(model, 'fee', evaluation).output
  if (toJson(iter()) !== String(native()[0]?.fee)) throw new Error('The decision table answers something else.')
  return { iter, native }
}
