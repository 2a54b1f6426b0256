/**
 * A text field that holds an area of the town's map: property `map`, value `area`. Owns which field that is, the fields it goes with, and
 * what its text says. Without a script it stays the text that it is, and nobody needs it: the fields beside it say enough.
 */
import { type Area, sizeOf } from '../../../connectors/gis/geometry/plane.ts'
import { polygonIn } from '../../../connectors/gis/geometry/polygon.ts'
import type { Value } from '../../../engine/feel/index.ts'
import type { Input } from './schema.ts'

/** Where pages get sheets of the map. */
export const MAP = '/mappa'
/** Metres from the centre of a sheet to its edges. */
export const MAP_REACH = 150

export const isMapField = ({ type, properties }: Input): boolean => type === 'textfield' && properties.map === 'area'

/** Its neighbours, under the same path: what `gis.localizza` reads. */
export type Beside = 'via' | 'civico' | 'mq'
/** By key or by name of control: `istanza.area.poligono` → `istanza.area.mq`. */
export const besideOf = (own: string, field: Beside): string => own.replace(/\w+$/, field)

/** Null when the text is no polygon. */
export function drawnIn(value: Value): Area | null {
  const read = typeof value === 'string' && value !== '' ? polygonIn(value) : null
  return read !== null && read.fault === null ? read.polygon : null
}

/** Square metres, to the tenth: what a hand on a map can mean. */
export const roundedSize = (area: Area): number => Math.round(sizeOf(area) * 10) / 10
