/** Who lives in the sandboxed ANPR, as C001 writes a person. Names and codes are invented; places are real but for the sample town. */

interface Place {
  readonly nomeComune: string
  readonly codiceIstat: string
  readonly siglaProvinciaIstat: string
}
interface Sample {
  readonly cf: string
  readonly cognome: string
  readonly nome: string
  readonly sesso: 'M' | 'F'
  readonly nascita: string
  readonly natoA: Place
  /** Null: registered abroad (AIRE). */
  readonly residenza: {
    readonly comune: Place
    readonly via: string
    readonly civico: string
    readonly dal: string
  } | null
}

const PALERMO: Place = { nomeComune: 'PALERMO', codiceIstat: '082053', siglaProvinciaIstat: 'PA' }
const PRATO: Place = { nomeComune: 'PRATO', codiceIstat: '100005', siglaProvinciaIstat: 'PO' }
const ESEMPIO: Place = { nomeComune: 'ESEMPIO', codiceIstat: '999001', siglaProvinciaIstat: 'EE' }

const inPrato = { comune: PRATO, via: 'DELLA REPUBBLICA', civico: '12', dal: '2015-06-01' }

const PEOPLE: readonly Sample[] = [
  {
    ...{ cf: 'RSSMRA85C01G273I', cognome: 'ROSSI', nome: 'MARIO', sesso: 'M', nascita: '1985-03-01' },
    ...{ natoA: PALERMO, residenza: inPrato },
  },
  {
    ...{ cf: 'RSSGLI18P54G999I', cognome: 'ROSSI', nome: 'GIULIA', sesso: 'F', nascita: '2018-09-14' },
    ...{ natoA: PRATO, residenza: { ...inPrato, dal: '2018-09-14' } },
  },
  {
    ...{ cf: 'BNCLCU90E45G999C', cognome: 'BIANCHI', nome: 'LUCIA', sesso: 'F', nascita: '1990-05-05' },
    ...{ natoA: PRATO, residenza: { comune: ESEMPIO, via: 'LIBERTA', civico: '3', dal: '2019-11-04' } },
  },
  {
    ...{ cf: 'GLLPTR55D10G273Y', cognome: 'GALLO', nome: 'PIETRO', sesso: 'M', nascita: '1955-04-10' },
    ...{ natoA: PALERMO, residenza: null },
  },
]

/** The entry `datiSoggetto` of C001, or null for who is not there. */
export function subjectOf(codiceFiscale: string): object | null {
  const person = PEOPLE.find(({ cf }) => cf === codiceFiscale)
  if (person === undefined) return null
  const { cf, cognome, nome, sesso, nascita, natoA, residenza } = person
  return {
    generalita: {
      codiceFiscale: { codFiscale: cf, validitaCF: '1' },
      ...{ cognome, nome, sesso, dataNascita: nascita, luogoNascita: { comune: natoA } },
      ...(residenza === null && { soggettoAIRE: 'S' }),
    },
    ...(residenza && { residenza: [residenceOf(residenza)] }),
    identificativi: { idANPR: `${cf.slice(0, 6)}${cf.slice(-3)}` },
  }
}

const residenceOf = ({ comune, via, civico, dal }: NonNullable<Sample['residenza']>) => ({
  tipoIndirizzo: '1',
  indirizzo: {
    comune,
    toponimo: { specie: 'VIA', denominazioneToponimo: via },
    numeroCivico: { numero: civico },
  },
  dataDecorrenzaResidenza: dal,
})
