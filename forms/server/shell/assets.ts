/** Files that browsers may keep: the design kit as npm brings it, our few rules beside it, the desk's scripts, and those made here. */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type RequestHandler, type Router } from 'express'
import { bundle, type Scripts } from './bundle.ts'
import { packed } from './packed.ts'

const kitFolder = dirname(fileURLToPath(import.meta.resolve('bootstrap-italia/package.json')))
const { version } = JSON.parse(readFileSync(join(kitFolder, 'package.json'), 'utf8')) as { readonly version: string }

/** With the version in its address, so that a browser never asks twice. */
export const KIT = `/kit/${version}`
export const STYLE = '/stile/iter.css'

const sheet = (name: string): string => fileURLToPath(new URL(`./style/${name}.css`, import.meta.url))
/** A file per concern, one request for all. */
const sheets = [sheet('faces'), sheet('frame'), sheet('form'), sheet('list'), sheet('desk'), sheet('citizen')] as const

/** What our pages name of the kit; its faces are compressed as they are. */
const KIT_TEXTS = ['css/bootstrap-italia.min.css', 'svg/sprites.svg'] as const
const FOR_EVER = 'public, max-age=31536000, immutable'
const AN_HOUR = 'public, max-age=3600'

export function assets(): Router {
  const router = express.Router()
  for (const text of KIT_TEXTS) router.get(`${KIT}/${text}`, packed([join(kitFolder, 'dist', text)], FOR_EVER))
  const faces = join(kitFolder, 'dist', 'fonts')
  router.use(`${KIT}/fonts`, express.static(faces, { immutable: true, maxAge: '1y', index: false }))
  router.get(STYLE, packed(sheets, AN_HOUR))
  for (const entry of [
    new URL('../form/browser/questions.ts', import.meta.url),
    new URL('../desk/browser/desk.ts', import.meta.url),
  ])
    router.get('/script/:name', bundled(fileURLToPath(entry)))
  return router
}

/** Made when the first browser asks. The entry is asked for again each time, what it loads never changes under its name. */
function bundled(entry: string): RequestHandler<{ readonly name: string }> {
  let scripts: Promise<Scripts> | undefined
  return async (request, response, next) => {
    scripts ??= bundle(entry)
    const script = (await scripts).get(request.params.name)
    if (script === undefined) return next()
    const isEntry = request.params.name === basename(entry, '.ts').concat('.js')
    response.set('Cache-Control', isEntry ? 'no-cache' : FOR_EVER)
    response.set('Vary', 'Accept-Encoding')
    response.type('js')
    if (request.acceptsEncodings('gzip') !== 'gzip') return void response.send(script.bytes)
    response.set('Content-Encoding', 'gzip').send(script.gzip)
  }
}
