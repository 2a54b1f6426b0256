/**
 * Shows a document before any practice asks for it: `npm run document -- residenza.ricevuta` writes residenza.ricevuta.pdf from the
 * example data beside the template; `--data FILE` takes other data, `--to FILE` another place, `--variables` tells what it reads.
 * Without a name it lists the templates.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { documentWriter } from '../../connectors/documento/client.ts'
import { variablesOf } from '../../connectors/documento/template-variables.ts'
import { loadTown } from '../../processes/town.ts'
import { type DocumentTemplates, documentTemplates } from './templates.ts'
import { voiceOf } from './voice.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, to: { type: 'string' }, variables: { type: 'boolean' } },
})
const [name] = positionals
const templates = documentTemplates()
if (name === undefined) console.log(templates.names.join('\n'))
else if (values.variables) console.log(variablesOf(templates.source(name)).join('\n'))
else await writeExample(templates, name, values.data, values.to ?? `${name}.pdf`)

async function writeExample(
  from: DocumentTemplates,
  template: string,
  file: string | undefined,
  to: string,
): Promise<void> {
  const example = file === undefined ? from.example(template) : JSON.parse(await readFile(file, 'utf8'))
  const at = Date.now()
  const town = await loadTown()
  const voice = voiceOf({ town, procedura: example.pratica?.tipo ?? '', gruppo: null, at })
  const writer = documentWriter()
  const pdf = await writer.write({
    source: from.source(template),
    data: { ...voice.data, ...example },
    letterhead: voice.letterhead,
    at,
  })
  await writer.close()
  await writeFile(to, pdf)
  console.log(to)
}
