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
  /** What ANPR finds wrong with the card. */
  readonly anomalia?: { readonly codiceErroreAnomalia: string; readonly testoErroreAnomalia: string }
  /** Null: registered abroad (AIRE). */
  readonly residenza: {
    readonly comune: Place
    readonly via: string
    readonly civico: string
    readonly dal: string
  } | null
}

const PALERMO: Place = { nomeComune: 'PALERMO', codiceIstat: '082053', siglaProvinciaIstat: 'PA' }
const ROMA: Place = { nomeComune: 'ROMA', codiceIstat: '058091', siglaProvinciaIstat: 'RM' }
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
  {
    ...{ cf: 'NRELSE88T60H501L', cognome: 'NERI', nome: 'ELISA', sesso: 'F', nascita: '1988-12-20' },
    ...{ natoA: ROMA, residenza: { ...inPrato, dal: '2021-03-15' } },
    anomalia: { codiceErroreAnomalia: 'EA030', testoErroreAnomalia: 'CF di un soggetto residente in più comuni' },
  },
]

/** The lists of C001's answer, or null for who is not there. */
export function findingOf(codiceFiscale: string): object | null {
  const person = PEOPLE.find(({ cf }) => cf === codiceFiscale)
  if (person === undefined) return null
  const { anomalia } = person
  return {
    listaSoggetti: { datiSoggetto: [subjectOf(person)] },
    ...(anomalia && { listaAnomalie: [{ ...anomalia, tipoErroreAnomalia: 'W' }] }),
  }
}

function subjectOf(person: Sample): object {
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
