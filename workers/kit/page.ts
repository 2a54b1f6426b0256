/** The docs page of an area: its steps with fields, errors, effect, and the XML of a task. Owns the Markdown, not the facts (step.ts). */
import { areaOf } from './areas.ts'
import { feelText } from './feel-text.ts'
import type { Field, Shape } from './fields.ts'
import type { Step } from './step.ts'
import { EFFECTS, shapeText } from './words.ts'

const GENERATED = '<!-- Scritta da `npm run templates`: si cambia negli schemi, non qui. -->'

export function areaPage(area: string, steps: readonly Step[]): string {
  return [`# ${areaOf(area).name}`, GENERATED, ...steps.map(section)].join('\n\n').concat('\n')
}

/** The list of areas, with each step in a line. */
export function indexPage(areas: ReadonlyMap<string, readonly Step[]>): string {
  const lists = [...areas].map(([area, steps]) => {
    const lines = steps.map(({ id, title, purpose }) => {
      const said = purpose.startsWith(title) ? purpose : `${title}. ${purpose}`
      return `- [\`${id}\`](${area}.md#${anchor(id)}) ${said}`
    })
    return [`## [${areaOf(area).name}](${area}.md)`, lines.join('\n')].join('\n\n')
  })
  return ['# Lavori e passi comuni', GENERATED, INTRODUCTION, ...lists].join('\n\n').concat('\n')
}

const INTRODUCTION = `Ciò che un diagramma può chiedere: lavori (\`area.azione\`, in un'attività di servizio o di invio) e passi comuni (\`ca-*\`, in
un'attività di chiamata). Camunda Modeler li offre per nome: i modelli di elemento stanno in \`processes/.camunda/element-templates\`
e valgono per ogni diagramma sotto \`processes/\`; per un altro posto si copia la cartella \`.camunda\`.

Una variabile che il lavoro legge e il diagramma non assegna è quella dello stesso nome, se c'è. Una variabile sbagliata ferma il
lavoro con un incidente che la nomina. Un errore del lavoro porta nella variabile \`messaggio\` ciò che si può dire a chi prosegue.`

/** As GitHub makes it of a heading in code. */
const anchor = (id: string): string => id.replaceAll('.', '')

function section(step: Step): string {
  const { id, title, purpose, effect, inputs, outputs, errors } = step
  const told = Object.entries(errors)
  return [
    `## \`${id}\``,
    `**${title}.** ${purpose}`,
    ...(effect === null ? [] : [`${EFFECTS[effect]} (\`${effect}\`)`]),
    ...(inputs.length === 0 ? [] : [table(['Riceve', 'Forma', 'Che cos’è'], inputs.flatMap(rowsOf('')))]),
    ...(outputs.length === 0 ? [] : [table(['Restituisce', 'Forma', 'Che cos’è'], outputs.flatMap(rowsOf('')))]),
    ...(told.length === 0
      ? []
      : [
          table(
            ['Errore', 'Quando'],
            told.map(([code, when]) => [`\`${code}\``, when]),
          ),
        ]),
    `\`\`\`xml\n${exampleXml(step)}\n\`\`\``,
  ].join('\n\n')
}

const rowsOf =
  (above: string) =>
  ({ name, title, description, isRequired, shape }: Field): readonly (readonly string[])[] => {
    const path = `${above}${name}`
    const said = description.startsWith(title) ? description : `${title}: ${lowered(description)}`
    const row = [`\`${path}\`${isRequired ? '' : ' facoltativo'}`, shapeText(shape), said]
    return [row, ...below(shape, path)]
  }

function below(shape: Shape, path: string): readonly (readonly string[])[] {
  switch (shape.kind) {
    case 'context':
      return shape.fields.flatMap(rowsOf(`${path}.`))
    case 'list':
      return below(shape.of, `${path}[]`)
    case 'map':
      return below(shape.of, `${path}.*`)
    case 'either':
      return shape.of.flatMap((one) => below(one, path))
    case 'text':
    case 'choice':
    case 'number':
    case 'truth':
    case 'anything':
      return []
  }
}

/** Not of an abbreviation, as of ANPR. */
const lowered = (text: string): string =>
  /^\p{Lu}[\p{Ll}’ ]/u.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** The extension elements of a task that does this step, every input filled with its example. */
export function exampleXml({ kind, id, inputs, outputs }: Step): string {
  const what =
    kind === 'job'
      ? `<zeebe:taskDefinition type="${id}" />`
      : `<zeebe:calledElement processId="${id}" propagateAllParentVariables="false" propagateAllChildVariables="false" />`
  const mappings = [
    ...inputs.map((field) => `  <zeebe:input source="${escaped(sourceOf(field))}" target="${field.name}" />`),
    ...outputs.map(({ name }) => `  <zeebe:output source="=${name}" target="${name}" />`),
  ]
  return mappings.length === 0 ? what : [what, '<zeebe:ioMapping>', ...mappings, '</zeebe:ioMapping>'].join('\n')
}

/** A fixed text stands as it is, anything else is FEEL. */
const sourceOf = ({ example }: Field): string =>
  typeof example === 'string' && !example.startsWith('=') ? example : `=${feelText(example)}`

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;')
