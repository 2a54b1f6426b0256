/** Protocol signatures to write, seal and read. */
import type { Segnatura, Subject } from '../../connectors/protocollo/segnatura.ts'

export const everySubject: readonly Subject[] = [
  {
    kind: 'amministrazione',
    denominazione: 'Comune di "Prato" & altri',
    codiceIpa: 'c_g999',
    codiceAoo: 'AOO',
    email: 'pec@prato.example',
  },
  { kind: 'amministrazione', denominazione: 'Questura <di Prato>', codiceIpa: 'q_prato' },
  { kind: 'persona', nome: 'Mario', cognome: 'Rossi', codiceFiscale: 'RSSMRA85C01G273I', email: 'mario@posta.example' },
  { kind: 'persona', nome: 'Anna', cognome: "D'Alò\r\nRè" },
  { kind: 'giuridica', denominazione: 'Utenze S.p.A.', email: 'pec@utenze.example' },
]

export const segnatura = (more: Partial<Segnatura> = {}): Segnatura => ({
  codiceAmministrazione: 'c_e999',
  codiceAoo: 'AOO-ESEMPIO',
  registrazione: { numero: '0000001', anno: 2027, registro: 'PROTOCOLLO', data: '2027-03-01T09:00:00Z' },
  oggetto: 'Trasmissione per competenza: <dichiarazione> & "allegati"\ttab',
  classifica: { codice: 'XI.2', denominazione: 'Anagrafe' },
  fascicolo: { codice: '2027-XI.2-1', denominazione: 'Cambio di residenza' },
  mittente: {
    kind: 'amministrazione',
    denominazione: 'Comune di Esempio',
    codiceIpa: 'c_e999',
    codiceAoo: 'AOO-ESEMPIO',
  },
  destinatari: [everySubject[0]!, ...everySubject.slice(2)],
  documenti: [
    {
      nome: 'dichiarazione "1".pdf',
      tipo: 'application/pdf',
      impronta: 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=',
    },
    { nome: 'titolo.pdf', tipo: 'application/pdf', impronta: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
  ],
  ...more,
})
