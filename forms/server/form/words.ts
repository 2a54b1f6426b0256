/** The words around a form, in the languages of the pages. */
import type { Language } from './faults.ts'

interface Words {
  readonly legend: string
  readonly optional: string
  readonly choose: string
  readonly refresh: string
  readonly refreshHelp: string
  readonly source: (source: string) => string
  readonly add: (list: string) => string
  readonly remove: (list: string, row: number) => string
  readonly row: (list: string, row: number, rows: number) => string
  readonly noRows: string
  readonly faultsTitle: string
  readonly faultsIntroduction: string
  readonly unaskedTitle: string
  readonly unaskedIntroduction: string
  readonly appeared: (questions: readonly string[]) => string
  readonly gone: (questions: readonly string[]) => string
  readonly notShown: (component: string) => string
  readonly noTableRows: string
  readonly notGiven: string
  readonly date: string
  readonly time: string
  readonly sources: Readonly<Record<string, string>>
}

export const words: Readonly<Record<Language, Words>> = {
  it: {
    legend: 'I campi contraddistinti dal simbolo asterisco sono obbligatori.',
    optional: '(facoltativo)',
    choose: 'Scegli una risposta',
    refresh: 'Aggiorna le domande',
    refreshHelp: 'Le domande che seguono dipendono da questa risposta.',
    source: (source) => `Fonte: ${source}. Campo non modificabile.`,
    add: (list) => `Aggiungi a «${list}»`,
    remove: (list, row) => `Rimuovi «${list}» ${row}`,
    row: (list, row, rows) => `${list}: ${row} di ${rows}`,
    noRows: 'Nessuna voce.',
    faultsTitle: 'Ci sono alcune informazioni mancanti o errate',
    faultsIntroduction: 'Controlla questi campi:',
    unaskedTitle: 'Ci sono altre domande',
    unaskedIntroduction: 'Le tue risposte ne hanno aggiunte: rispondi, poi vai avanti.',
    appeared: (questions) => `Aggiunto: ${questions.join('; ')}.`,
    gone: (questions) => `Tolto: ${questions.join('; ')}.`,
    notShown: (component) => `Questa parte del modulo (${component}) non può ancora essere mostrata qui.`,
    noTableRows: 'Nessun dato.',
    notGiven: 'non indicato',
    date: 'data',
    time: 'ora',
    sources: { spid: 'SPID o CIE', anpr: 'ANPR', contatti: 'i tuoi contatti' },
  },
  en: {
    legend: 'Fields marked with an asterisk are required.',
    optional: '(optional)',
    choose: 'Choose an answer',
    refresh: 'Refresh the questions',
    refreshHelp: 'The questions that follow depend on this answer.',
    source: (source) => `Source: ${source}. This field cannot be changed.`,
    add: (list) => `Add to “${list}”`,
    remove: (list, row) => `Remove “${list}” ${row}`,
    row: (list, row, rows) => `${list}: ${row} of ${rows}`,
    noRows: 'None.',
    faultsTitle: 'Some information is missing or wrong',
    faultsIntroduction: 'Check these fields:',
    unaskedTitle: 'There are more questions',
    unaskedIntroduction: 'Your answers have added them: answer, then go on.',
    appeared: (questions) => `Added: ${questions.join('; ')}.`,
    gone: (questions) => `Removed: ${questions.join('; ')}.`,
    notShown: (component) => `This part of the form (${component}) cannot be shown here yet.`,
    noTableRows: 'No data.',
    notGiven: 'not given',
    date: 'date',
    time: 'time',
    sources: { spid: 'SPID or CIE', anpr: 'ANPR', contatti: 'your contacts' },
  },
}
