/**
 * Resources of a deployment, parsed before the command reaches the core: parsing is asynchronous, the core is not. A function of
 * the bytes alone, so that a turn stays a function.
 */
import type { DecisionModel } from '../feel/index.ts'
import type { ExecutableProcess } from '../model/executable.ts'

interface PreparedBase {
  readonly resourceName: string
  readonly text: string
  /** Base64 of the MD5 digest of the content. */
  readonly checksum: string
}
export type PreparedResource =
  | (PreparedBase & { readonly kind: 'bpmn'; readonly processes: readonly ExecutableProcess[] })
  | (PreparedBase & { readonly kind: 'dmn'; readonly model: DecisionModel })
  | (PreparedBase & { readonly kind: 'form'; readonly formId: string; readonly versionTag: string })

/** `message` is the text of the rejection. */
export type Prepared =
  | { readonly ok: true; readonly resources: readonly PreparedResource[] }
  | { readonly ok: false; readonly message: string }
