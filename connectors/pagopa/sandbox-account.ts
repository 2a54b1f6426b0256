/** Whom the sandbox of pagoPA knows: the body, and those who take money for it. */

/** What pagoPA knows the body by. */
export const SANDBOX_ACCOUNT = {
  chiave: 'chiave-pagopa',
  ente: { codiceFiscale: '00337360978', nome: 'Comune di Esempio' },
  segregazione: '01',
  iban: 'IT60X0542811101000000123456',
} as const

/** Accounts of the body that pagoPA knows: the one its money arrives on, and the one it may change to. */
export const SANDBOX_IBANS: ReadonlySet<string> = new Set([SANDBOX_ACCOUNT.iban, 'IT60X0542811101000000654321'])

/** Payment service providers: each sends money and flows of its own. */
export const PSPS = {
  BANCA: { id: 'ABI99990', codiceFiscale: '99999000010', nome: 'Banca di prova', metodo: 'HOME_BANKING' },
  POSTE: { id: 'ABI99991', codiceFiscale: '99999000028', nome: 'Poste di prova', metodo: 'SPORTELLO' },
} as const
export type PspName = keyof typeof PSPS
