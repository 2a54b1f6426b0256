/** What the law and the office say of each service, by the id of its process; its name and office are in the town's configuration. */
import type { Language } from '../catalogue.ts'

export interface ServiceText {
  /** One sentence. */
  readonly summary: string
  readonly description: string
  readonly forWhom: string
  readonly needed: readonly string[]
  readonly achieved: string
  readonly terms: string
  /** What happens, and within how long from the day of filing. */
  readonly calendar: readonly (readonly [within: string, what: string])[]
  readonly special: readonly string[]
  /** What rests on law that is not confirmed yet: shown as such. */
  readonly unverified: readonly string[]
  readonly topics: readonly string[]
  /** What it means when the town says nothing in time. */
  readonly silence: string
  readonly cost: string
  readonly law: string
}

const texts: Readonly<Record<string, Readonly<Record<Language, ServiceText>>>> = {
  'comune.anagrafe.residenza': {
    it: {
      summary: 'Dichiara che ti sei trasferito in questo comune, o che hai cambiato casa al suo interno.',
      description:
        'Chi cambia abitazione deve dichiararlo entro 20 giorni al comune in cui va ad abitare. Con una sola dichiarazione si trasferisce tutta la famiglia. La nuova residenza vale dal giorno in cui presenti la dichiarazione; il comune da cui vieni lo sa da noi, tu non devi avvisarlo.',
      forWhom: 'A chi si è trasferito in questo comune, o ha cambiato casa al suo interno, da solo o con la famiglia.',
      needed: [
        'l’accesso con la tua identità digitale',
        'l’indirizzo del nuovo alloggio, con il numero civico',
        'gli estremi del titolo sull’alloggio: proprietà, locazione, comodato, usufrutto; senza titolo la dichiarazione è nulla',
        'nome e codice fiscale di chi si trasferisce con te',
      ],
      achieved:
        'L’iscrizione in anagrafe al nuovo indirizzo, con effetto dal giorno della dichiarazione. Da allora puoi chiedere i certificati, e l’indirizzo sulla carta di circolazione si aggiorna d’ufficio.',
      calendar: [
        ['subito', 'ricevi la ricevuta con il numero di protocollo, il responsabile e la scadenza'],
        ['2 giorni lavorativi', 'registriamo la dichiarazione in anagrafe'],
        ['45 giorni', 'accertiamo che abiti davvero lì; se non ti diciamo nulla la residenza è confermata'],
      ],
      special: [
        'Se sei ospite di chi ha un titolo sull’alloggio, serve il suo consenso.',
        'I minori si trasferiscono con il genitore che dichiara: aggiungili tra le persone che vengono con te.',
        'Per conto di un’altra persona puoi presentare la dichiarazione allo sportello, con la sua delega e la copia del suo documento.',
        'Se non puoi usare il servizio online, lo sportello raccoglie la stessa dichiarazione.',
      ],
      unverified: [
        'se il quarantacinquesimo giorno che cade in un giorno festivo slitti al primo giorno feriale successivo',
        'l’importo della sanzione per chi dichiara in ritardo (L. 1228/1954, art. 11)',
      ],
      topics: ['Residenza', 'Casa', 'Anagrafe'],
      terms:
        'Presenta la dichiarazione entro 20 giorni dal trasferimento. La registriamo entro 2 giorni lavorativi, con effetto dal giorno in cui l’hai presentata; entro 45 giorni accertiamo che abiti davvero lì.',
      silence:
        'Se entro il termine non ricevi un preavviso di rigetto, la residenza si intende confermata (silenzio-assenso, DPR 223/1989, art. 18-bis).',
      cost: 'Il servizio è gratuito.',
      law: 'DL 5/2012, art. 5; DPR 223/1989, artt. 13, 18 e 18-bis; DL 47/2014, art. 5; DPR 445/2000, artt. 75 e 76.',
    },
    en: {
      summary: 'Declare that you have moved to this town, or to another dwelling in it.',
      description:
        'Whoever moves must declare it within 20 days to the town to which they move. One declaration moves the whole family. The new residence holds from the day on which you file; the town you come from is told by us, you need not tell it.',
      forWhom: 'For those who have moved to this town, or within it, alone or with their family.',
      needed: [
        'to sign in with your digital identity',
        'the address of the new dwelling, with its house number',
        'the details of your title to the dwelling: property, lease, loan for use, usufruct; without a title the declaration is void',
        'name and tax code of whoever moves with you',
      ],
      achieved:
        'Your entry in the population register at the new address, with effect from the day of the declaration. From then on you may ask for certificates, and the address on the vehicle registration is updated for you.',
      calendar: [
        ['at once', 'you get the receipt with registration number, person responsible and due date'],
        ['2 working days', 'we enter the declaration in the population register'],
        ['45 days', 'we check that you really live there; if we say nothing the residence is confirmed'],
      ],
      special: [
        'If you are the guest of somebody with a title to the dwelling, their consent is needed.',
        'Minors move with the parent who declares: add them among those who come with you.',
        'For another person you may file at the counter, with their mandate and a copy of their document.',
        'If you cannot use the online service, the counter takes the same declaration.',
      ],
      unverified: [
        'whether a forty-fifth day that is a holiday moves to the next day that is none',
        'the amount of the fine for declaring late (L. 1228/1954, art. 11)',
      ],
      topics: ['Residence', 'Home', 'Population register'],
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
