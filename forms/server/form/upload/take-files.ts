/** Files of a post into the fields they were sent for, within the limits of field, page and kind. */
import { attachmentsIn } from '../attachment.ts'
import type { Fault } from '../faults.ts'
import { type FileLimits, PAGE_BYTES_MAX, PAGE_FILES_MAX } from '../files.ts'
import { type Field, type Node, visibleFields } from '../page.ts'
import type { Reason, Refusal } from '../refusals.ts'
import type { Typed } from '../typed.ts'
import type { PersonAttachments, ReceivedFile } from './attachments.ts'
import { nameToShow } from './file-name.ts'

export interface Taken {
  /** With a token for each file that was taken. */
  readonly typed: Typed
  /** By the name of the control. */
  readonly refused: ReadonlyMap<string, Fault>
}

/** A file for a control that the page does not have, or that nobody may change, is nobody's: it is not looked at. */
export async function takeFiles(
  attachments: PersonAttachments | null,
  nodes: readonly Node[],
  typed: Typed,
  files: readonly ReceivedFile[],
): Promise<Taken> {
  const fields = new Map([...visibleFields(nodes)].map((field) => [field.name, field]))
  const refused = new Map<string, Refusal[]>()
  const page = new Map(typed)
  for (const file of files) {
    const field = fields.get(file.control)
    const limits = field?.around.files ?? null
    if (attachments === null || field === undefined || limits === null || field.isReadonly) continue
    const outcome = await takeOne(attachments, page, field, limits, file)
    if ('token' in outcome) page.set(file.control, [...(page.get(file.control) ?? ids(field)), outcome.token])
    else refuse(refused, file, limits, outcome.reason)
  }
  return { typed: page, refused: new Map([...refused].map(([name, all]) => [name, { kind: 'refused', files: all }])) }
}

/** What the field had before anybody typed. */
const ids = ({ initial }: Field): readonly string[] => attachmentsIn(initial).map(({ id }) => id)

async function takeOne(
  attachments: PersonAttachments,
  page: Typed,
  field: Field,
  limits: FileLimits,
  file: ReceivedFile,
): ReturnType<PersonAttachments['take']> {
  const there = (page.get(file.control) ?? ids(field)).filter((text) => text !== '')
  const sent = [...page.values()].flat().flatMap((text) => attachments.open(text) ?? [])
  const bytes = sent.reduce((sum, { byte }) => sum + (byte ?? 0), file.content.length)
  if (there.length >= limits.max || sent.length >= PAGE_FILES_MAX) return { reason: 'tooMany' }
  return bytes > PAGE_BYTES_MAX ? { reason: 'tooMuch' } : attachments.take(file, limits)
}

function refuse(
  refused: Map<string, Refusal[]>,
  { control, name }: ReceivedFile,
  { kinds }: FileLimits,
  reason: Reason,
) {
  refused.set(control, [...(refused.get(control) ?? []), { nome: nameToShow(name), reason, kinds }])
}
