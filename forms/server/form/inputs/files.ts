/** Files attached: the control posts one text for each, the id of one that was there already or a token of one sent since. */
import { isList, type Value } from '../../../../engine/feel/index.ts'
import { asVariable, attachmentsIn } from '../attachment.ts'
import type { Fault } from '../faults.ts'
import type { ComponentOf } from '../schema.ts'
import type { InputKind, Surroundings } from './input.ts'

type FilePicker = ComponentOf<'filepicker'>

function checkFiles(_component: FilePicker, value: Value, { files }: Surroundings): Fault | null {
  const count = isList(value) ? value.length : 0
  if (files === null) return null
  if (count > files.max) return { kind: 'filesMax', limit: files.max }
  return count < files.min ? { kind: 'filesMin', limit: files.min } : null
}

export const files: InputKind<FilePicker> = {
  empty: [],
  missing: { kind: 'attach' },
  admit: (_component, value) => attachmentsIn(value).map(asVariable),
  read: (_component, typed, { attachment }) => ({
    value: [...new Set(typed)].flatMap((text) => {
      const found = text === '' ? null : attachment(text)
      return found === null ? [] : [asVariable(found)]
    }),
  }),
  check: checkFiles,
}
