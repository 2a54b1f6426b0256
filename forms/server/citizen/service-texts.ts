/** What the law and the office say of each service, by the id of its process; its name and office are in the town's configuration. */
import type { Language } from '../catalogue.ts'

export interface ServiceText {
  readonly forWhom: string
  readonly needed: readonly string[]
  readonly terms: string
  /** What it means when the town says nothing in time. */
  readonly silence: string
  readonly cost: string
  readonly law: string
}

const texts: Readonly<Record<string, Readonly<Record<Language, ServiceText>>>> = {
  'comune.anagrafe.residenza': {
    it: {
      forWhom: 'A chi si è trasferito in questo comune, o ha cambiato casa al suo interno, da solo o con la famiglia.',
      needed: [
        'l’accesso con la tua identità digitale',
        'l’indirizzo del nuovo alloggio, con il numero civico',
        'gli estremi del titolo sull’alloggio: proprietà, locazione, comodato, usufrutto; senza titolo la dichiarazione è nulla',
        'nome e codice fiscale di chi si trasferisce con te',
      ],
      terms:
        'Presenta la dichiarazione entro 20 giorni dal trasferimento. La registriamo entro 2 giorni lavorativi, con effetto dal giorno in cui l’hai presentata; entro 45 giorni accertiamo che abiti davvero lì.',
      silence:
        'Se entro il termine non ricevi un preavviso di rigetto, la residenza si intende confermata (silenzio-assenso, DPR 223/1989, art. 18-bis).',
      cost: 'Il servizio è gratuito.',
      law: 'DL 5/2012, art. 5; DPR 223/1989, artt. 13, 18 e 18-bis; DL 47/2014, art. 5; DPR 445/2000, artt. 75 e 76.',
    },
    en: {
      forWhom: 'For those who have moved to this town, or within it, alone or with their family.',
      needed: [
        'to sign in with your digital identity',
        'the address of the new dwelling, with its house number',
        'the details of your title to the dwelling: property, lease, loan for use, usufruct; without a title the declaration is void',
        'name and tax code of whoever moves with you',
      ],
      terms:
        'File the declaration within 20 days of moving. We register it within 2 working days, with effect from the day on which you filed it; within 45 days we check that you really live there.',
      silence:
        'If you receive no notice of refusal by then, the residence counts as confirmed (silence means consent, DPR 223/1989, art. 18-bis).',
      cost: 'The service is free.',
      law: 'DL 5/2012, art. 5; DPR 223/1989, arts. 13, 18 and 18-bis; DL 47/2014, art. 5; DPR 445/2000, arts. 75 and 76.',
    },
  },
}

/** Undefined for a procedure of which nothing is written here yet. */
export const serviceText = (processId: string, language: Language): ServiceText | undefined =>
  Object.hasOwn(texts, processId) ? texts[processId]?.[language] : undefined
