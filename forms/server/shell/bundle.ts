/**
 * TypeScript → scripts for browsers, in memory: whoever runs Iter has nothing to build, and no generated file is kept.
 * Owns: which parts of the libraries are left out. Does not own: what a script does, the address it is served at (assets.ts).
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path/posix'
import { gzipSync } from 'node:zlib'
import { build, type Plugin, stop } from 'esbuild'

/** What evergreen browsers of the last years know. In others the script fails, and the page goes on without it. */
const TARGET = 'es2022'

export interface Script {
  readonly bytes: Uint8Array
  readonly gzip: Uint8Array
  /** Scripts that are there before this one runs; what is imported later is not among them. */
  readonly needs: readonly string[]
}

/** By file name. The entry keeps its name; what it loads bears a hash, so that browsers may keep it for ever. */
export type Scripts = ReadonlyMap<string, Script>

/** `entry`: path of a module. Takes a quarter of a second. */
export async function bundle(entry: string): Promise<Scripts> {
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'esm',
      splitting: true,
      chunkNames: '[name]-[hash]',
      target: TARGET,
      outdir: '.',
      write: false,
      metafile: true,
      plugins: [withoutUnused],
    })
    const needs = new Map(
      Object.entries(metafile.outputs).map(([path, { imports }]) => [
        basename(path),
        imports.filter(({ kind }) => kind === 'import-statement').map((one) => basename(one.path)),
      ]),
    )
    return new Map(
      outputFiles.map(({ path, contents }) => {
        const name = basename(path)
        return [name, { bytes: contents, gzip: gzipSync(contents, { level: 9 }), needs: needs.get(name) ?? [] }]
      }),
    )
  } finally {
    await stop()
  }
}

/**
 * Lezer's highlighting and the grammar's own tracker of names are not used: 4 kB compressed. A cut that no longer finds its place
 * is an error, so that another version of the grammar is noticed.
 */
const withoutUnused: Plugin = {
  name: 'without-unused',
  setup({ onLoad }) {
    onLoad({ filter: /@bpmn-io\/lezer-feel\/dist\/index\.js$/ }, ({ path }) =>
      edited(path, [
        [/^import .* from '@lezer\/highlight';\n/m, ''],
        [/^ {2}context: variableTracker,\n/m, ''],
        [/^ {2}propSources: .*\n/m, ''],
        [/= (?=trackVariables\(\{\}\);)/, '= /* @__PURE__ */ '],
        [/^const feelHighlighting = styleTags\([\s\S]*?^\}\);\n/m, ''],
      ]),
    )
  },
}

type Edit = readonly [place: RegExp, put: string]

async function edited(path: string, edits: readonly Edit[]): Promise<{ contents: string }> {
  let contents = (await readFile(path, 'utf8')).replaceAll('\r\n', '\n')
  for (const [place, put] of edits) {
    const after = contents.replace(place, put)
    if (after === contents)
      throw new Error(`Expected ${path} to hold ${place}, but it does not. Adapt the cuts to this version.`)
    contents = after
  }
  return { contents }
}
