/** The page on which the sandboxed map shows itself: its streets and zones, and who occupies what. */
import { sandboxPage } from '../sandbox-page.ts'
import { escapeXml } from '../xml.ts'
import { boxAround, type Point, type Position, planeAt } from './geometry/plane.ts'
import type { MapFeature } from './sample.ts'

type Shown = Readonly<Record<'confini' | 'strade' | 'zone' | 'vincoli' | 'occupazioni', readonly MapFeature[]>>

const ZONE_COLOURS: Readonly<Record<string, string>> = { A: '#f3d6c8', B: '#f6ebcf', C: '#e3efdd' }

/** `today`: ISO day; what is over by then is not shown. */
export function mapPage({ confini, strade, zone, vincoli, occupazioni }: Shown, today: string): string {
  const corners = confini.flatMap(ringsOf).flat()
  const { flat } = planeAt(corners[0] ?? [0, 0])
  const [west, south, east, north] = boxAround(corners.map(flat))
  const draw = drawer((position) => {
    const [x, y] = flat(position)
    return [x - west, north - y]
  })
  const present = occupazioni.filter(({ properties: { al } }) => al === null || String(al) >= today)
  const shapes = [
    ...zone.map((one) => draw(one, `fill="${ZONE_COLOURS[String(one.properties.zona)] ?? '#eee'}" stroke="#999"`)),
    ...strade.map((one) => draw(one, `fill="none" stroke="#777" stroke-width="${one.properties.larghezza}"`)),
    ...vincoli.map((one) => draw(one, 'fill="#06c" fill-opacity=".25" stroke="#06c"')),
    ...present.map((one) => draw(one, 'fill="#c00" fill-opacity=".5" stroke="#c00"')),
  ]
  const size = `0 0 ${Math.round(east - west)} ${Math.round(north - south)}`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${size}" role="img" aria-label="Mappa">${shapes.join('')}</svg>`
  return sandboxPage('Mappa del Comune di Esempio', svg + tableOf(present))
}

function tableOf(present: readonly MapFeature[]): string {
  const rows = present.map(({ id, properties: { tipo, descrizione, dal, al } }) => {
    const cells = [id, tipo, descrizione, dal, al ?? 'senza termine'].map(
      (cell) => `<td>${escapeXml(String(cell))}</td>`,
    )
    return `<tr>${cells.join('')}</tr>`
  })
  const heads = ['Riferimento', 'Tipo', 'Descrizione', 'Dal', 'Al'].map((head) => `<th scope="col">${head}</th>`)
  return `<table><caption>Lavori e occupazioni</caption><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** Lines of positions; a point has none. */
function ringsOf({ geometry }: MapFeature): readonly (readonly Position[])[] {
  switch (geometry.type) {
    case 'Point':
      return []
    case 'LineString':
      return [geometry.coordinates]
    case 'Polygon':
      return geometry.coordinates
    case 'MultiPolygon':
      return geometry.coordinates.flat()
  }
}

const drawer =
  (place: (position: Position) => Point) =>
  (feature: MapFeature, look: string): string => {
    const path = ringsOf(feature).map(
      (ring) => `M${ring.map((position) => place(position).map(Math.round).join(' ')).join('L')}`,
    )
    const { nome, zona, descrizione } = feature.properties
    const title = escapeXml(String(nome ?? descrizione ?? `Zona ${zona}`))
    return `<path d="${path.join('')}" fill-rule="evenodd" ${look}><title>${title}</title></path>`
  }
