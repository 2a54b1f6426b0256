/** Why a file was not taken, and what a person can do about it. The file's name comes first; nothing of its content is told. */
import type { Language } from '../catalogue.ts'
import { FILE_BYTES_MAX, type FileKind, kindNames, PAGE_BYTES_MAX, PAGE_FILES_MAX, sizeText } from './files.ts'

export type Reason =
  | 'empty'
  | 'tooBig'
  | 'tooMany'
  | 'tooMuch'
  | 'kind'
  | 'office'
  | 'archive'
  | 'program'
  | 'page'
  | 'mismatch'
  | 'damaged'
  | 'hidden'
  | 'active'
  | 'embedded'
  | 'protected'
  | 'unpacks'
  | 'pixels'
  | 'detached'
  | 'virus'
  | 'unscanned'
  | 'gone'

export interface Refusal {
  /** The file, by its name made safe. */
  readonly nome: string
  readonly reason: Reason
  /** Those the field takes. */
  readonly kinds: readonly FileKind[]
}

type Sentence = (kinds: string) => string
const sentences: Readonly<Record<Reason, Readonly<Record<Language, Sentence>>>> = {
  empty: { it: () => 'il file è vuoto', en: () => 'the file is empty' },
  tooBig: {
    it: () => `il file supera ${sizeText(FILE_BYTES_MAX)}: riduci la risoluzione della scansione o dividilo`,
    en: () => `the file is larger than ${sizeText(FILE_BYTES_MAX)}: scan it at a lower resolution or split it`,
  },
  tooMany: {
    it: () => `qui non si possono allegare altri file (in tutto al massimo ${PAGE_FILES_MAX}): rimuovine uno`,
    en: () => `no more files can be attached here (at most ${PAGE_FILES_MAX} in all): remove one`,
  },
  tooMuch: {
    it: () => `gli allegati superano insieme ${sizeText(PAGE_BYTES_MAX)}: rimuovine uno`,
    en: () => `the attachments together exceed ${sizeText(PAGE_BYTES_MAX)}: remove one`,
  },
  kind: {
    it: (kinds) => `questo tipo di file non è ammesso; scegli un file ${kinds}`,
    en: (kinds) => `this type of file is not accepted; choose a ${kinds} file`,
  },
  office: {
    it: () => 'è un documento di testo o un foglio di calcolo: salvalo come PDF e allega quello',
    en: () => 'it is a text document or a spreadsheet: save it as PDF and attach that',
  },
  archive: {
    it: () => 'è un archivio compresso: allega uno per uno i file che contiene',
    en: () => 'it is a compressed archive: attach the files in it one by one',
  },
  program: { it: () => 'è un programma: non si può allegare', en: () => 'it is a program: it cannot be attached' },
  page: {
    it: () => 'è una pagina web, un disegno SVG o uno script: salvalo come PDF e allega quello',
    en: () => 'it is a web page, an SVG drawing or a script: save it as PDF and attach that',
  },
  mismatch: {
    it: () =>
      'il nome o il tipo dichiarato non corrispondono a quello che il file contiene: correggi l’estensione del nome',
    en: () => 'its name or declared type does not fit what the file contains: correct the extension of the name',
  },
  damaged: {
    it: () => 'il file è danneggiato o incompleto: aprilo, salvalo di nuovo e allega la copia',
    en: () => 'the file is damaged or incomplete: open it, save it again and attach the copy',
  },
  hidden: {
    it: () => 'il file contiene anche dati di un altro tipo: aprilo, salvalo di nuovo e allega la copia',
    en: () => 'the file also contains data of another type: open it, save it again and attach the copy',
  },
  active: {
    it: () => 'il PDF contiene istruzioni che si eseguono da sole: apri il file, stampalo come PDF e allega la stampa',
    en: () => 'the PDF contains instructions that run by themselves: open it, print it to PDF and attach that',
  },
  embedded: {
    it: () => 'il PDF contiene altri file: allegali uno per uno',
    en: () => 'the PDF contains other files: attach them one by one',
  },
  protected: {
    it: () => 'il PDF è protetto da password o cifrato: togli la protezione e allegalo di nuovo',
    en: () => 'the PDF is protected by a password or encrypted: remove the protection and attach it again',
  },
  unpacks: {
    it: () => 'il contenuto, una volta aperto, è troppo grande: salvalo di nuovo a una risoluzione più bassa',
    en: () => 'its content is too large once opened: save it again at a lower resolution',
  },
  pixels: {
    it: () => 'l’immagine è troppo grande: riduci le dimensioni e allegala di nuovo',
    en: () => 'the image is too large: reduce its size and attach it again',
  },
  detached: {
    it: () => 'è una firma senza il documento firmato: allega il file .p7m che contiene anche il documento',
    en: () => 'it is a signature without the signed document: attach the .p7m file that holds the document too',
  },
  virus: {
    it: () => 'il controllo antivirus lo ha respinto: controlla il tuo dispositivo',
    en: () => 'the virus scanner rejected it: check your device',
  },
  unscanned: {
    it: () => 'il controllo antivirus non è al momento disponibile: riprova fra qualche minuto',
    en: () => 'the virus scanner is not available at the moment: try again in a few minutes',
  },
  gone: {
    it: () => 'il file non è più disponibile: allegalo di nuovo',
    en: () => 'the file is no longer available: attach it again',
  },
}

export const refusalText = ({ nome, reason, kinds }: Refusal, language: Language): string =>
  `«${nome}»: ${sentences[reason][language](kindNames(kinds))}`
