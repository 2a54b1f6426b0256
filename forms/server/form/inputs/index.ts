import type { ComponentOf, Input } from '../schema.ts'
import { checkbox, manyOf, oneOf } from './choice.ts'
import { datetime } from './datetime.ts'
import { files } from './files.ts'
import type { InputKind } from './input.ts'
import { number } from './number.ts'
import { textarea, textfield } from './text.ts'

const inputs: { readonly [T in Input['type']]: InputKind<ComponentOf<T>> } = {
  textfield,
  textarea,
  number,
  checkbox,
  datetime,
  select: oneOf,
  radio: oneOf,
  checklist: manyOf,
  taglist: manyOf,
  filepicker: files,
}

/** The kind of the component's type; to be asked about components of that type alone. */
export const inputKindOf = ({ type }: Input): InputKind<Input> => inputs[type]
export type { Reading, Surroundings } from './input.ts'
