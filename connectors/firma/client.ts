/** The client of a remote signing service, by what it speaks. */
import { arss } from './arss.ts'
import { cscV1 } from './csc-v1.ts'
import { cscV2 } from './csc-v2.ts'
import type { ServiceSettings, SigningService } from './types.ts'

export function signingService(settings: ServiceSettings): SigningService {
  switch (settings.protocollo) {
    case 'csc-v1':
      return cscV1(settings)
    case 'csc-v2':
      return cscV2(settings)
    case 'arss':
      return arss(settings)
  }
}
