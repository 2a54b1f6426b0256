/** Files that browsers may keep: the design kit as npm brings it, our few rules beside it, the desk's scripts. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type Router } from 'express'
import { deskScripts } from '../desk/routes.ts'

const kitFolder = dirname(fileURLToPath(import.meta.resolve('bootstrap-italia/package.json')))
const { version } = JSON.parse(readFileSync(join(kitFolder, 'package.json'), 'utf8')) as { readonly version: string }

/** With the version in its address, so that a browser never asks twice. */
export const KIT = `/kit/${version}`
export const STYLE = '/stile/iter.css'

const KIT_FOLDERS = ['css', 'fonts', 'svg'] as const

export function assets(): Router {
  const router = express.Router()
  for (const folder of KIT_FOLDERS) {
    const files = express.static(join(kitFolder, 'dist', folder), { immutable: true, maxAge: '1y', index: false })
    router.use(`${KIT}/${folder}`, files)
  }
  const ours: Readonly<Record<string, string>> = {
    ...deskScripts,
    [STYLE]: fileURLToPath(new URL('./iter.css', import.meta.url)),
  }
  for (const [address, file] of Object.entries(ours)) {
    router.get(address, (_request, response) => response.sendFile(file, { maxAge: '1h', dotfiles: 'allow' }))
  }
  return router
}
