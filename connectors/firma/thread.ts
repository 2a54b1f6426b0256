/** What is done with documents that strangers may have written, apart from everything else. */
import { serve } from '../apart.ts'
import { preparePdf, type Signing } from './pades.ts'
import { type Verification, type VerifyOptions, verifyDocument } from './verify.ts'

export const tasks = {
  /** `room`: bytes beside the CMS of level B. */
  prepare: ({
    pdf,
    signing,
    room,
  }: {
    readonly pdf: Uint8Array
    readonly signing: Signing
    readonly room: number
  }): Promise<Uint8Array> => preparePdf(pdf, signing, room),
  verify: ({
    document,
    options,
  }: {
    readonly document: Uint8Array
    readonly options: VerifyOptions
  }): Promise<Verification> => verifyDocument(document, options),
}
serve(tasks)
