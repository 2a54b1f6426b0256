/** Preloaded (`--import`): whoever imports the evaluator gets the one that writes down what it was asked. */
import { registerHooks } from 'node:module'

const face = new URL('../../engine/feel/index.ts', import.meta.url).href
const recording = new URL('./recording-face.ts', import.meta.url).href
/** Replaying is no question. */
const ANSWERS = /\/test\/browser\//

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    return found.url === face && !ANSWERS.test(context.parentURL ?? '') ? { ...found, url: recording } : found
  },
})
