/** A JSON file of a town, checked: whoever edits it is told the file and each wrong field. Does not own any shape. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** `purpose` completes "Expected <file> to …". Throws an `Error` that names the file and each wrong field. */
export function checkedFile<T>(file: URL | string, schema: z.ZodType<T>, purpose: string): T {
  const parsed = schema.safeParse(jsonIn(file, readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new Error(`Expected ${file} to ${purpose}, but:\n${z.prettifyError(parsed.error)}`)
}

function jsonIn(file: URL | string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`Expected ${file} to be JSON, but ${error instanceof Error ? error.message : String(error)}`)
  }
}
