/** The words around a form, in the languages of the pages. */
import type { Language } from './faults.ts'

/** What the map says while somebody draws. */
interface MapWords {
  readonly open: string
  readonly loading: string
  readonly unknown: string
  readonly away: string
  readonly label: string
  readonly help: string
  readonly add: string
  readonly undo: string
  readonly clear: string
  readonly closer: string
  readonly wider: string
  readonly zone: (zone: string) => string
  readonly constraint: (what: string) => string
  readonly cursor: (east: number, north: number, street: string | null) => string
  readonly corner: (count: number) => string
  readonly cleared: string
}

interface Words {
  readonly legend: string
  readonly optional: string
  readonly choose: string
  readonly refresh: string
  readonly refreshHelp: string
  readonly source: (source: string) => string
  readonly add: string
  /** For readers, who hear a button without what stands around it. */
  readonly addTo: (list: string) => string
  readonly remove: string
  readonly removeOf: (list: string, row: number) => string
  readonly row: (row: number, rows: number) => string
  readonly noRows: string
  readonly faultsTitle: string
  readonly faultsIntroduction: string
  readonly unaskedTitle: string
  readonly unaskedIntroduction: string
  readonly appeared: (questions: readonly string[]) => string
  readonly gone: (questions: readonly string[]) => string
  readonly notShown: (component: string) => string
  readonly noImage: (alt: string) => string
  readonly noFrame: (label: string) => string
  readonly foreignFrame: string
  readonly newTab: string
  readonly documents: string
  readonly noDocuments: string
  readonly table: string
  readonly sort: string
  readonly page: (page: number, pages: number) => string
  readonly pageBefore: string
  readonly pageAfter: string
  readonly reset: string
  readonly chooseFile: (max: number) => string
  readonly fileHelp: (kinds: string, size: string, max: number) => string
  readonly filesFull: (max: number) => string
  readonly noKind: string
  readonly upload: string
  readonly corners: string
  readonly cornersAsText: string
  readonly drawnSize: (size: string) => string
  readonly drawnCounts: (declared: string) => string
  readonly map: MapWords
  readonly removeFile: string
  readonly steps: string
  readonly position: (step: number, steps: number, label: string) => string
  readonly stepDone: string
  readonly stepHere: string
  readonly back: string
  readonly change: string
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
    add: 'Aggiungi',
    addTo: (list) => `a «${list}»`,
    remove: 'Rimuovi',
    removeOf: (list, row) => `«${list}» ${row}`,
    row: (row, rows) => `${row} di ${rows}`,
    noRows: 'Nessuna voce.',
    faultsTitle: 'Ci sono alcune informazioni mancanti o errate',
    faultsIntroduction: 'Controlla questi campi:',
    unaskedTitle: 'Ci sono altre domande',
    unaskedIntroduction: 'Le tue risposte ne hanno aggiunte: rispondi, poi vai avanti.',
    appeared: (questions) => `Aggiunto: ${questions.join('; ')}.`,
    gone: (questions) => `Tolto: ${questions.join('; ')}.`,
    notShown: (component) =>
      `Questa parte del modulo («${component}») non è prevista da questo programma e non è mostrata. Se ti serve per rispondere, scrivi all’ufficio; chi gestisce i moduli deve sostituirla con un componente di Camunda Form 8.8.`,
    noImage: (alt) =>
      `Un’immagine${alt && ` («${alt}»)`} non è mostrata, perché sta su un altro sito. Chi gestisce i moduli deve inserirla nel modulo.`,
    noFrame: (label) =>
      `Una pagina esterna${label && ` («${label}»)`} non è mostrata, perché il suo indirizzo non è valido: deve cominciare con https. Avvisa chi gestisce i moduli.`,
    foreignFrame:
      'Questa parte del modulo è una pagina di un altro sito, che qui non può essere mostrata. La trovi a questo indirizzo:',
    newTab: 'si apre in una nuova scheda',
    documents: 'Documenti',
    noDocuments: 'nessun documento.',
    table: 'Tabella',
    sort: 'ordina',
    page: (page, pages) => `Pagina ${page} di ${pages}`,
    pageBefore: 'Pagina precedente',
    pageAfter: 'Pagina successiva',
    reset: 'Annulla le modifiche',
    chooseFile: (max) => (max === 1 ? 'Scegli il file' : 'Scegli uno o più file'),
    fileHelp: (kinds, size, max) =>
      `Tipi ammessi: ${kinds}. Al massimo ${size} per file${max === 1 ? '' : `, ${max} file`}. Il file si carica con il pulsante, oppure quando vai avanti.`,
    filesFull: (max) =>
      max === 1
        ? 'Per allegare un altro file, prima rimuovi questo.'
        : 'Per allegare un altro file, prima rimuovine uno.',
    noKind:
      'Qui il modulo chiede tipi di file che non si possono accettare. Prosegui senza allegati e avvisa l’ufficio: chi gestisce i moduli deve correggerlo.',
    upload: 'Carica',
    corners: 'Vertici dell’area, per chi ne ha le coordinate',
    cornersAsText: 'Vertici: POLYGON((longitudine latitudine, …))',
    drawnSize: (size) => `Area disegnata: ${size} mq.`,
    drawnCounts: (declared) => `Hai scritto ${declared} mq: vale il disegno.`,
    map: {
      open: 'Disegna sulla mappa',
      loading: 'La mappa si apre.',
      unknown: 'La mappa non conosce questo indirizzo. Correggi via e civico, oppure scrivi soltanto i metri quadrati.',
      away: 'La mappa non risponde. Scrivi soltanto i metri quadrati, oppure riprova.',
      label: 'Mappa per disegnare l’area',
      help: 'Tocca la mappa a ogni vertice dell’area. Con la tastiera: le frecce spostano il cursore di un metro, con Maiuscole di cinque; Invio mette un vertice, Backspace toglie l’ultimo, + e − cambiano la scala. Da tre vertici l’area si chiude da sola.',
      add: 'Metti un vertice al cursore',
      undo: 'Togli l’ultimo vertice',
      clear: 'Cancella il disegno',
      closer: 'Ingrandisci',
      wider: 'Riduci',
      zone: (zone) => `Zona tariffaria ${zone}`,
      constraint: (what) => `Vincolo: ${what}`,
      cursor: (east, north, street) =>
        `Cursore ${Math.abs(east)} m a ${east < 0 ? 'ovest' : 'est'}, ${Math.abs(north)} m a ${north < 0 ? 'sud' : 'nord'} dell’indirizzo${street === null ? '' : `, su ${street}`}.`,
      corner: (count) => (count === 1 ? '1 vertice.' : `${count} vertici.`),
      cleared: 'Il disegno è cancellato.',
    },
    removeFile: 'Rimuovi',
    steps: 'Passi della richiesta',
    position: (step, steps, label) => `Passo ${step} di ${steps}: ${label}`,
    stepDone: 'compilato',
    stepHere: 'passo attuale',
    back: 'Indietro',
    change: 'Modifica',
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
    add: 'Add',
    addTo: (list) => `to “${list}”`,
    remove: 'Remove',
    removeOf: (list, row) => `“${list}” ${row}`,
    row: (row, rows) => `${row} of ${rows}`,
    noRows: 'None.',
    faultsTitle: 'Some information is missing or wrong',
    faultsIntroduction: 'Check these fields:',
    unaskedTitle: 'There are more questions',
    unaskedIntroduction: 'Your answers have added them: answer, then go on.',
    appeared: (questions) => `Added: ${questions.join('; ')}.`,
    gone: (questions) => `Removed: ${questions.join('; ')}.`,
    notShown: (component) =>
      `This part of the form (“${component}”) is not known to this program and is not shown. If you need it to answer, write to the office; whoever manages the forms has to replace it by a component of Camunda Form 8.8.`,
    noImage: (alt) =>
      `An image${alt && ` (“${alt}”)`} is not shown because it is on another site. Whoever manages the forms has to put it into the form.`,
    noFrame: (label) =>
      `An external page${label && ` (“${label}”)`} is not shown because its address is not valid: it must begin with https. Tell whoever manages the forms.`,
    foreignFrame:
      'This part of the form is a page of another site, which cannot be shown here. You find it at this address:',
    newTab: 'opens in a new tab',
    documents: 'Documents',
    noDocuments: 'no documents.',
    table: 'Table',
    sort: 'sort',
    page: (page, pages) => `Page ${page} of ${pages}`,
    pageBefore: 'Previous page',
    pageAfter: 'Next page',
    reset: 'Undo the changes',
    chooseFile: (max) => (max === 1 ? 'Choose the file' : 'Choose one or more files'),
    fileHelp: (kinds, size, max) =>
      `Accepted types: ${kinds}. At most ${size} a file${max === 1 ? '' : `, ${max} files`}. The file is sent by the button, or when you go on.`,
    filesFull: (max) =>
      max === 1 ? 'To attach another file, remove this one first.' : 'To attach another file, remove one first.',
    noKind:
      'The form asks for types of files that cannot be accepted here. Go on without attachments and tell the office: whoever manages the forms has to correct it.',
    upload: 'Upload',
    corners: 'Corners of the area, for who has their coordinates',
    cornersAsText: 'Corners: POLYGON((longitude latitude, …))',
    drawnSize: (size) => `Area drawn: ${size} m².`,
    drawnCounts: (declared) => `You wrote ${declared} m²: the drawing counts.`,
    map: {
      open: 'Draw on the map',
      loading: 'The map opens.',
      unknown: 'The map does not know this address. Correct street and number, or write the square metres alone.',
      away: 'The map does not answer. Write the square metres alone, or try again.',
      label: 'Map to draw the area',
      help: 'Press on the map at each corner of the area. By keyboard: the arrows move the cursor by a metre, with Shift by five; Enter places a corner, Backspace takes the last away, + and − change the scale. From three corners on the area closes by itself.',
      add: 'Place a corner at the cursor',
      undo: 'Take the last corner away',
      clear: 'Clear the drawing',
      closer: 'Closer',
      wider: 'Wider',
      zone: (zone) => `Tariff zone ${zone}`,
      constraint: (what) => `Constraint: ${what}`,
      cursor: (east, north, street) =>
        `Cursor ${Math.abs(east)} m ${east < 0 ? 'west' : 'east'}, ${Math.abs(north)} m ${north < 0 ? 'south' : 'north'} of the address${street === null ? '' : `, on ${street}`}.`,
      corner: (count) => (count === 1 ? '1 corner.' : `${count} corners.`),
      cleared: 'The drawing is cleared.',
    },
    removeFile: 'Remove',
    steps: 'Steps of the request',
    position: (step, steps, label) => `Step ${step} of ${steps}: ${label}`,
    stepDone: 'done',
    stepHere: 'current step',
    back: 'Back',
    change: 'Change',
    noTableRows: 'No data.',
    notGiven: 'not given',
    date: 'date',
    time: 'time',
    sources: { spid: 'SPID or CIE', anpr: 'ANPR', contatti: 'your contacts' },
  },
}
