/** The areas of job types (`area.azione`): what each is called, and its icon, drawn for this project on a grid of 18 by 18. */
export interface Area {
  readonly name: string
  /** The icon's outline, as the data of an SVG path. */
  readonly outline: string
}

const ENVELOPE = 'M2 4.5h14v9H2zM2 5l7 5 7-5'
const SHEET = 'M4.5 2h6l3 3v11h-9zM10.5 2v3h3'

export const AREAS: Readonly<Record<string, Area>> = {
  albo: { name: 'Albo pretorio', outline: 'M3 3h12v9H3zM6 6h6M6 9h4M9 12v4' },
  anagrafe: { name: 'Anagrafe', outline: 'M9 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 16c0-4 2.5-5.5 6-5.5s6 1.5 6 5.5z' },
  anpr: {
    name: 'Anagrafe nazionale (ANPR)',
    outline: 'M9 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM4 13c0-3 2-4 5-4s5 1 5 4zM2 16h14',
  },
  archivio: { name: 'Conservazione', outline: 'M2.5 3h13v4h-13zM3.5 7h11v8.5h-11zM7 10h4' },
  bollo: { name: 'Imposta di bollo', outline: 'M4 3h10v12H4zM7 6h4v6H7z' },
  catasto: { name: 'Catasto', outline: 'M2 15h14M3 15V7l6-4 6 4v8M7 15v-4h4v4' },
  contabilita: { name: 'Conto della pratica', outline: 'M3 2.5h12v13H3zM5.5 6h7M5.5 9h4M5.5 12h4M12.5 9v4.5' },
  documento: { name: 'Documenti', outline: `${SHEET}M6.5 8h5M6.5 10.5h5M6.5 13h3` },
  domicilio: { name: 'Domicilio digitale', outline: 'M2 9l7-6 7 6M4 8v7.5h10V8M7 11h4v2.5H7z' },
  email: { name: 'Posta elettronica', outline: ENVELOPE },
  emergenza: { name: 'Registro di emergenza', outline: 'M3 3h12v12.5H3zM9 6v4.5M9 12.5v1' },
  fascicolo: { name: 'Fascicolo', outline: 'M2 4h5l1.5 2H16v9H2z' },
  firma: { name: 'Firma', outline: 'M2 15h14M4 12l7-8 2.5 2-7 8-3 .5z' },
  gis: {
    name: 'Mappa del comune (GIS)',
    outline: 'M9 16C5.5 11.5 4 9 4 7a5 5 0 0 1 10 0c0 2-1.5 4.5-5 9zM9 8.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  },
  inad: { name: 'Indice dei domicili digitali (INAD)', outline: `${ENVELOPE}M9 10v6` },
  io: { name: 'App IO', outline: 'M5.5 2h7v14h-7zM8 14h2' },
  istanza: { name: 'Istanza', outline: `${SHEET}M6.5 10l2 2 3.5-4` },
  messaggio: { name: 'Messaggi fra processi', outline: 'M2.5 3.5h13v8h-7l-3 3v-3h-3z' },
  messi: { name: 'Messi comunali', outline: 'M9 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 6v5M9 11l-3 5M9 11l3 5M5 8.5h8' },
  motorizzazione: {
    name: 'Motorizzazione',
    outline: 'M2 11l2-5h10l2 5v3.5H2zM2 11h14M4 14.5V16M14 14.5V16M5.5 12.75h1M11.5 12.75h1',
  },
  pagopa: { name: 'Pagamenti (pagoPA)', outline: 'M2 4h14v10H2zM2 7h14M4.5 11h4M11 11h2.5' },
  pdnd: { name: 'Piattaforma digitale nazionale dati (PDND)', outline: 'M9 2v14M3 5l6 4 6-4M3 13l6-4 6 4' },
  pec: { name: 'Posta elettronica certificata', outline: `${ENVELOPE}M12 12l1.5 1.5L16 10.5` },
  pm: { name: 'Polizia municipale', outline: 'M9 2l6 2v5c0 4-2.5 6-6 7.5C5.5 15 3 13 3 9V4z' },
  protocollo: { name: 'Protocollo', outline: 'M3 12h12v3.5H3zM6 12V9h6v3M7.5 9L7 3h4l-.5 6' },
  rest: { name: 'Chiamate REST configurate', outline: 'M6 4L2 9l4 5M12 4l4 5-4 5M10 3L8 15' },
  scuola: { name: 'Servizi scolastici', outline: 'M1.5 7L9 3.5 16.5 7 9 10.5zM5 9v4c2.5 2 5.5 2 8 0V9' },
  send: { name: 'Notifiche digitali (SEND)', outline: `${SHEET}M6 11h6M10 9l2 2-2 2` },
  sigillo: { name: 'Sigillo elettronico', outline: 'M9 11a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM6 10l-1 6 4-2 4 2-1-6' },
  sms: { name: 'SMS', outline: 'M2.5 3.5h13v8h-7l-3 3v-3h-3zM5.5 7.5h1M8.5 7.5h1M11.5 7.5h1' },
  sociale: {
    name: 'Servizi sociali',
    outline: 'M9 15.5C3 11 2 8.5 2 6.5a3.5 3.5 0 0 1 7-.5 3.5 3.5 0 0 1 7 .5c0 2-1 4.5-7 9z',
  },
  tari: { name: 'Tassa sui rifiuti (TARI)', outline: 'M3 5h12M7 5V3h4v2M4.5 5l1 11h7l1-11M7.5 8v5M10.5 8v5' },
  termini: { name: 'Termini di legge', outline: 'M9 16A7 7 0 1 0 9 2a7 7 0 0 0 0 14zM9 5v4l3 2' },
  utenze: { name: 'Utenze', outline: 'M10 2L4 10h4l-1 6 7-9H9.5z' },
  /** Call activities that any procedure may call. */
  comuni: { name: 'Passi comuni', outline: 'M3 3h12v12H3zM6 9h6M9 6v6' },
}

/** Throws an `Error` that says where to add the area. */
export function areaOf(id: string): Area {
  const area = AREAS[id]
  if (area) return area
  throw new Error(
    `Expected the area ${id} to have a name and an icon, but it has none. Add it to workers/kit/areas.ts.`,
  )
}

/** The icon as the Modeler takes it: neutral, one line weight, no text. */
export function iconOf({ outline }: Area): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18" viewBox="0 0 18 18"><path fill="none" stroke="#17324d" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round" d="${outline}"/></svg>`
  return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`
}
