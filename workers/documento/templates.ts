/**
 * The templates of documents: `processes/<procedure>/documenti/<name>.hbs`, called `<procedure>.<name>`; a file whose name begins with
 * "_" is a part for the others of its folder. Owns finding them. Does not own what they may say (connectors/documento/template.ts).
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DocumentData, TemplateSource } from '../../connectors/documento/template.ts'
import { Refused } from '../../connectors/effect.ts'

const PROCESSES = fileURLToPath(new URL('../../processes/', import.meta.url))

export interface DocumentTemplates {
  readonly names: readonly string[]
  /** Throws `Refused` when no template has that name. */
  source(name: string): TemplateSource
  /** The data in esempio.json beside it: what the documentation and the tests fill it with. */
  example(name: string): DocumentData & { readonly pratica: { readonly id: string; readonly tipo: string } }
}

/** Reads them all, once. */
export function documentTemplates(): DocumentTemplates {
  const files = globSync('**/documenti/*.hbs', { cwd: PROCESSES }).map((path) => ({
    folder: dirname(path),
    stem: basename(path, '.hbs'),
    text: readFileSync(join(PROCESSES, path), 'utf8'),
  }))
  const partsIn = (folder: string) =>
    Object.fromEntries(
      files.filter((file) => file.folder === folder && isPart(file)).map(({ stem, text }) => [stem, text]),
    )
  const sources = new Map(
    files
      .filter((file) => !isPart(file))
      .map(({ folder, stem, text }) => [nameOf(folder, stem), { text, parts: partsIn(folder) }]),
  )
  const folders = new Map(files.map(({ folder, stem }) => [nameOf(folder, stem), folder]))
  return {
    names: [...sources.keys()].sort(),
    source(name) {
      const found = sources.get(name)
      if (found) return found
      throw new Refused(
        'MODELLO_ASSENTE',
        `Expected a document template named ${name}, but there is none. Add it to the folder documenti of a procedure.`,
      )
    },
    example: (name) => JSON.parse(readFileSync(join(PROCESSES, folders.get(name) ?? '', 'esempio.json'), 'utf8')),
  }
}

const nameOf = (folder: string, stem: string): string => `${basename(dirname(folder))}.${stem}`
const isPart = ({ stem }: { readonly stem: string }): boolean => stem.startsWith('_')
