/**
 * Sheets of the town's map for those who draw on a form: the streets around an address. Owns what may be asked, and by whom. Does
 * not own the port (town-map.ts) nor what is drawn (form/browser/map).
 */
import { MAP, MAP_REACH } from './form/map-field.ts'
import type { Answer, PersonVisit, Route, TownHall } from './page.ts'
import type { MapPlace } from './town-map.ts'

/** Longer than any street's name. */
const NAME_MAX = 100
const POSITION = /^-?\d{1,3}(?:\.\d{1,15})?,-?\d{1,2}(?:\.\d{1,15})?$/

function placeIn(query: URLSearchParams): MapPlace | null {
  const punto = query.get('punto') ?? ''
  if (POSITION.test(punto)) {
    const [longitude = 0, latitude = 0] = punto.split(',').map(Number)
    return Math.abs(longitude) <= 180 && Math.abs(latitude) < 90 ? { punto: [longitude, latitude] } : null
  }
  const [via, civico] = [query.get('via')?.trim() ?? '', query.get('civico')?.trim() ?? '']
  return via === '' || via.length > NAME_MAX || civico.length > NAME_MAX ? null : { via, civico: civico || null }
}

/** Nothing, where nobody knows the address. */
async function sheet({ map }: TownHall, { query }: PersonVisit): Promise<Answer> {
  const place = placeIn(query)
  return { kind: 'data', data: place === null ? null : await map(place, MAP_REACH) }
}

export const mapRoutes: readonly Route[] = [{ method: 'get', path: MAP, access: 'person', answer: sheet }]
