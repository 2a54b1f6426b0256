/** What the pages ask of the town's map. Owns the port. Does not own the map, which main.ts puts behind it. */
import type { Position } from '../../connectors/gis/geometry/plane.ts'
import type { MapSheet } from '../../connectors/gis/geometry/sheet.ts'

/** An address, or a position. */
export type MapPlace = { readonly via: string; readonly civico: string | null } | { readonly punto: Position }

/** `reach`: metres from the centre to each side. Null when nobody knows the address. Rejects when the map is away. */
export type MapLookup = (place: MapPlace, reach: number) => Promise<MapSheet | null>
