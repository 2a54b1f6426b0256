/** The client of a remote signing service, by what it speaks. */
import { cscV1 } from './csc-v1.ts'
import { cscV2 } from './csc-v2.ts'
import type { SigningAddress, SigningService, SigningSettings } from './types.ts'

const CLIENTS: Readonly<Record<SigningSettings['protocollo'], (address: SigningAddress) => SigningService>> = {
  'csc-v1': cscV1,
  'csc-v2': cscV2,
}

export const signingService = ({
  protocollo,
  ...address
}: SigningAddress & Pick<SigningSettings, 'protocollo'>): SigningService => CLIENTS[protocollo](address)
