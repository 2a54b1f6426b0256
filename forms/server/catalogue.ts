/** What the pages say: Italian, English beside it. `{name}` stands for a value. The desk's part is catalogue/desk.ts. */
import { citizenMessages } from './catalogue/citizen.ts'
import { deskMessages } from './catalogue/desk.ts'

const messages = {
  ...citizenMessages,
  ...deskMessages,
  skipToContent: ['Vai al contenuto', 'Skip to content'],
  skipToFooter: ['Vai al piè di pagina', 'Skip to footer'],
  testEnvironment: ['Ambiente di prova', 'Test environment'],
  mainNavigation: ['Principale', 'Main'],
  otherLanguage: ['English', 'Italiano'],
  services: ['Servizi', 'Services'],
  myPractices: ['Le mie pratiche', 'My requests'],
  desk: ['Scrivania', 'Desk'],
  home: ['Home', 'Home'],
  trail: ['Percorso', 'Breadcrumb'],
  signIn: ['Accedi', 'Sign in'],
  signOut: ['Esci', 'Sign out'],
  signedInAs: ['Accesso come', 'Signed in as'],
  contacts: ['Contatti', 'Contacts'],
  needHelp: ['Hai bisogno di assistenza?', 'Do you need help?'],
  writeTo: ['Scrivi a {email}', 'Write to {email}'],
  privacy: ['Informativa sulla privacy', 'Privacy notice'],
  accessibility: ['Accessibilità', 'Accessibility'],
  usefulLinks: ['Link utili', 'Useful links'],
  testPeople: ['Scegli la persona di prova', 'Choose a test person'],
  testWarning: [
    'Questo è un ambiente di prova: le persone sono inventate e si entra senza password.',
    'This is a test environment: the people are invented and there is no password.',
  ],
  citizens: ['Cittadini', 'Citizens'],
  staff: ['Personale del comune', 'Municipal staff'],
  signInAs: ['Entra come {name}', 'Sign in as {name}'],
  welcome: ['Servizi online', 'Online services'],
  welcomeText: [
    'Presenta una richiesta al comune e segui la tua pratica fino all’esito.',
    'File a request with the municipality and follow it to its outcome.',
  ],
  fileOnline: ['Accedi e compila la richiesta', 'Sign in and fill in the request'],
  whoIsItFor: ['A chi è rivolto', 'Who it is for'],
  whatYouNeed: ['Cosa serve', 'What you need'],
  terms: ['Tempi e scadenze', 'Times and terms'],
  law: ['Norme', 'Legal basis'],
  howItWorks: ['Come fare', 'How it works'],
  howItWorksText: [
    'Accedi, compila il modulo, controlla il riepilogo e invia. Ricevi subito la ricevuta e puoi seguire la pratica da «Le mie pratiche».',
    'Sign in, fill in the form, check the summary and send. You get a receipt at once and can follow the request under “My requests”.',
  ],
  responsible: ['Responsabile del procedimento', 'Person responsible'],
  office: ['Ufficio', 'Office'],
  cost: ['Costi', 'Cost'],
  continue: ['Avanti', 'Continue'],
  change: ['Modifica', 'Change'],
  send: ['Conferma e invia', 'Confirm and send'],
  summary: ['Riepilogo', 'Summary'],
  summaryWarning: [
    'Le informazioni che hai fornito hanno valore di dichiarazione. Verifica che siano corrette.',
    'What you have entered counts as a declaration. Check that it is correct.',
  ],
  error: ['Errore: {title}', 'Error: {title}'],
  sent: ['Richiesta inviata', 'Request sent'],
  sentText: ['Abbiamo ricevuto la tua richiesta il {date}.', 'We received your request on {date}.'],
  protocol: ['Numero di protocollo', 'Registration number'],
  protocolPending: ['in corso di protocollazione', 'being registered'],
  practiceNumber: ['Identificativo della pratica', 'Request identifier'],
  filedOn: ['Presentata il', 'Filed on'],
  dueDate: ['Termine di conclusione', 'To be concluded by'],
  duePending: ['in corso di calcolo', 'being calculated'],
  downloadReceipt: ['Scarica la ricevuta (testo)', 'Download the receipt (text)'],
  toPractice: ['Segui la pratica', 'Follow the request'],
  refresh: ['Aggiorna la pagina', 'Refresh the page'],
  receiptMail: ['La ricevuta arriva anche a {email}.', 'The receipt is also sent to {email}.'],
  noPractices: ['Non hai ancora presentato richieste.', 'You have not filed any request yet.'],
  practicesCaption: ['Le tue richieste, dalla più recente', 'Your requests, newest first'],
  service: ['Servizio', 'Service'],
  state: ['Stato', 'State'],
  practice: ['Pratica', 'Request'],
  newer: ['Più recenti', 'Newer'],
  older: ['Meno recenti', 'Older'],
  pages: ['Pagine', 'Pages'],
  nextSteps: ['Prossimi passi', 'Next steps'],
  done: ['Fatto', 'Done'],
  planned: ['Previsto', 'Planned'],
  stepSent: ['Richiesta inviata', 'Request sent'],
  stepProtocol: ['Protocollata', 'Registered'],
  stepEnd: ['Termine entro cui la pratica verrà conclusa', 'Date by which the request will be concluded'],
  stepOutcome: ['Esito: {outcome}', 'Outcome: {outcome}'],
  stepWithdrawn: ['Rinuncia ricevuta', 'Withdrawal received'],
  reasons: ['Motivi', 'Reasons'],
  account: ['Conto della pratica', 'Account of the request'],
  accountCaption: [
    'Ogni importo, con ciò su cui si fonda. Pagati in tutto {paid} €',
    'Each amount, and what it rests on. Paid in all: € {paid}',
  ],
  accountItem: ['Voce', 'Item'],
  paymentOpen: ['Da pagare', 'To be paid'],
  paymentCaption: ['{amount} € entro il {day}, avviso pagoPA {number}', '€ {amount} by {day}, pagoPA notice {number}'],
  paymentPaper: ['Scarica l’avviso (PDF)', 'Download the notice (PDF)'],
  accountAmount: ['Importo', 'Amount'],
  accountDay: ['Giorno', 'Day'],
  accountSource: ['Fonte', 'Source'],
  accountNotice: ['Avviso {number}', 'Notice {number}'],
  accountTotal: ['Totale: {paid} €', 'Total: € {paid}'],
  downloadPaid: ['Scarica la ricevuta di pagamento (testo)', 'Download the receipt of payment (text)'],
  paidTitle: ['Ricevuta di pagamento', 'Receipt of payment'],
  accountFile: ['Scarica il conto (CSV)', 'Download the account (CSV)'],
  accountPaid: ['pagato', 'paid'],
  accountExcess: ['pagato senza essere dovuto', 'paid though not owed'],
  accountExempt: ['esente', 'exempt'],
  accountUnsettled: ['da regolarizzare', 'to be settled'],
  accountRefunded: ['rimborsato', 'refunded'],
  accountKept: ['trattenuto', 'kept'],
  accountOwed: ['credito del comune', 'owed to the town'],
  accountArrived: ['riversato al comune', 'arrived at the town'],
  accountRevoked: ['stornato da chi l’aveva incassato', 'taken back by who had collected it'],
  sourceReceipt: ['ricevuta', 'receipt'],
  sourceDocument: ['documento', 'document'],
  sourceDecision: ['tabella', 'table'],
  sourceOrder: ['mandato', 'order of payment'],
  sourceFlow: ['flusso di rendicontazione', 'statement of payments'],
  acts: ['Atti', 'Acts'],
  actNumber: ['Protocollo {number}, registrato il', 'Registration {number}, of'],
  notifying: ['Notifica in corso.', 'Being notified.'],
  notifiedPec: ['Notificato per PEC, consegnata il', 'Notified by certified mail, delivered on'],
  notifiedSend: ['Notificato con SEND, perfezionata il', 'Notified through SEND, completed on'],
  notifiedMessenger: ['Notificato dal messo comunale il', 'Notified by the town’s messenger on'],
  notifiedOther: ['Notificato nelle forme di legge il', 'Notified in the forms of the law on'],
  effectiveFrom: ['Ha effetto dal', 'It has effect from'],
  yourData: ['I dati che hai inviato', 'What you sent'],
  withdraw: ['Rinuncia alla pratica', 'Withdraw the request'],
  withdrawText: [
    'Con la rinuncia la pratica si ferma e viene archiviata: non si può annullare. Se la residenza è già registrata, l’ufficiale d’anagrafe decide come correggerla.',
    'Withdrawing stops the request, which is then archived: this cannot be undone. If the residence is already registered, the registrar decides how to correct it.',
  ],
  withdrawAfterText: [
    'Con la rinuncia finisce ciò che ti è stato concesso: non si può annullare. Ciò che hai pagato non torna.',
    'Withdrawing ends what you were granted: this cannot be undone. What you have paid is not given back.',
  ],
  withdrawReason: ['Motivo (facoltativo)', 'Reason (optional)'],
  withdrawConfirm: ['Conferma la rinuncia', 'Confirm the withdrawal'],
  observe: ['Presenta osservazioni', 'Submit observations'],
  observeText: [
    'Il comune ti ha comunicato i motivi per cui la richiesta non può essere accolta. Scrivi le tue osservazioni: la decisione risponderà a ciascuna.',
    'The municipality has told you why the request cannot be granted. Write your observations: the decision will answer each of them.',
  ],
  observations: ['Osservazioni', 'Observations'],
  observeEmpty: ['Osservazioni: scrivi almeno una frase', 'Observations: write at least one sentence'],
  observeSend: ['Invia le osservazioni', 'Send the observations'],
  extend: ['Chiedi una proroga', 'Ask for an extension'],
  extendText: [
    'Chiedila prima dell’ultimo giorno. Se è accolta ricevi un avviso per i giorni in più: la proroga vale solo se lo paghi prima che l’occupazione finisca.',
    'Ask before the last day. If it is granted you get a notice for the days added: the extension holds only if you pay it before the occupation ends.',
  ],
  extendDay: ['Nuovo ultimo giorno', 'New last day'],
  extendNoDay: ['Nuovo ultimo giorno: scegli un giorno', 'New last day: choose a day'],
  extendReason: ['Motivo (facoltativo)', 'Reason (optional)'],
  extendSend: ['Chiedi la proroga', 'Ask for the extension'],
  back: ['Torna alla pratica', 'Back to the request'],
  stateSent: ['inviata', 'sent'],
  stateUnderWay: ['in lavorazione', 'under way'],
  stateWithdrawing: ['rinuncia in corso', 'being withdrawn'],
  stateEnded: ['conclusa', 'concluded'],
  badRequest: ['Richiesta non valida', 'Bad request'],
  badRequestText: [
    'La richiesta non è leggibile. Torna indietro e riprova.',
    'The request cannot be read. Go back and try again.',
  ],
  forbidden: ['Accesso negato', 'Access denied'],
  forbiddenText: [
    'Con questo accesso non puoi aprire questa pagina. Torna alla home o entra con un’altra persona.',
    'You cannot open this page. Go back to the home page or sign in as another person.',
  ],
  forgedText: [
    'L’accesso è scaduto o la pagina non è nostra. Accedi in un’altra scheda, poi torna indietro, ricarica la pagina e invia di nuovo.',
    'Your session has expired or the page is not ours. Sign in in another tab, then go back, reload the page and send again.',
  ],
  notFound: ['Pagina non trovata', 'Page not found'],
  notFoundText: ['Questo indirizzo non esiste. Torna alla home.', 'There is no such page. Go back to the home page.'],
  tooLarge: ['Richiesta troppo grande', 'Request too large'],
  tooMany: ['Troppi tentativi', 'Too many attempts'],
  tooManyText: ['Attendi un minuto e riprova.', 'Wait a minute and try again.'],
  unknownPerson: [
    'Il comune non conosce questa persona, o manca il codice fiscale. Entra con un’altra identità.',
    'The municipality does not know this person, or the tax code is missing. Sign in with another identity.',
  ],
  signInFailed: ['L’accesso non è riuscito. Riprova da «Accedi».', 'Signing in failed. Try again from “Sign in”.'],
  trouble: ['Servizio non disponibile', 'Service unavailable'],
  troubleText: [
    'Qualcosa non ha funzionato da parte nostra. I dati inviati prima sono al sicuro: riprova tra poco.',
    'Something went wrong on our side. What you sent before is safe: try again shortly.',
  ],
  privacyText: [
    'Il comune tratta i dati della richiesta per l’esercizio dei propri compiti (Reg. UE 2016/679, art. 6, par. 1, lett. e). Il sito usa un solo cookie tecnico per tenere aperto l’accesso, uno per completarlo e uno per la lingua. Per i tuoi diritti scrivi a {email}.',
    'The municipality processes the data of your request to carry out its tasks (Regulation EU 2016/679, art. 6(1)(e)). The site uses technical cookies only: one to stay signed in, one to complete signing in, one for the language. For your rights write to {email}.',
  ],
  accessibilityText: [
    'Le pagine sono fatte per essere usate con la tastiera, con un lettore di schermo e senza JavaScript, secondo le WCAG 2.1 livello AA. Se incontri un ostacolo scrivi a {email} indicando la pagina e il problema.',
    'The pages are made to be used by keyboard, with a screen reader and without JavaScript, following WCAG 2.1 level AA. If you meet an obstacle write to {email}, naming page and problem.',
  ],
} as const satisfies Readonly<Record<string, readonly [it: string, en: string]>>

export const LANGUAGES = ['it', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
type Messages = typeof messages
export type MessageKey = keyof Messages

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Values<K extends MessageKey> = [Names<Messages[K][0]>] extends [never]
  ? []
  : [Readonly<Record<Names<Messages[K][0]>, string>>]

/** A message in the language of the visit; its placeholders are arguments that the compiler asks for. */
export type Say = <K extends MessageKey>(key: K, ...values: Values<K>) => string

export const sayIn =
  (language: Language): Say =>
  (key, ...[values]) => {
    const text: string = messages[key][LANGUAGES.indexOf(language)] ?? messages[key][0]
    if (values === undefined) return text
    const found = new Map<string, string>(Object.entries(values))
    return text.replace(/\{(\w+)\}/g, (_, name: string) => found.get(name) ?? '')
  }
