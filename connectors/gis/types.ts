/**
 * The town's map: streets and house numbers, tariff zones, constraints, and who occupies public land when. The port is ours; behind it
 * stands a GIS that speaks OGC API - Features (Part 1: Core, OGC 17-069r4; Part 4: Create, Replace, Update and Delete, OGC 20-002) with
 * the collections `confini`, `strade`, `civici`, `zone`, `vincoli` and `occupazioni` (docs/connectors.md says their properties).
 * What areas share is computed here, so that a server need not: it is asked for what lies in a box, and in a span of days.
 */
import type { EffectClass } from '../effect.ts'
import type { Area, Position } from './geometry/plane.ts'
import type { MapSheet } from './geometry/sheet.ts'

export type { Area, Position } from './geometry/plane.ts'
export type { MapSheet } from './geometry/sheet.ts'

export interface Address {
  readonly via: string
  /** Without one, or with one that the street does not have, the middle of the street is meant. */
  readonly civico: string | null
}

/** As the register of roads has it: whose a state road is inside a town (D.Lgs. 285/1992 art. 2 c. 7) is for the procedure to say. */
export const ROAD_CLASSES = ['COMUNALE', 'PROVINCIALE', 'REGIONALE', 'STATALE'] as const
export interface Road {
  readonly nome: string
  readonly categoria: (typeof ROAD_CLASSES)[number]
  /** `SS 999`. */
  readonly sigla: string | null
  /** Who manages it: whose consent may be needed. */
  readonly gestore: string
  /** The built-up area that it passes through (art. 4); null outside. */
  readonly centroAbitato: { readonly nome: string; readonly abitanti: number } | null
}

export interface Located {
  readonly punto: Position
  /** Whether the house number is one of the street's. */
  readonly haCivico: boolean
  readonly strada: Road
}
/** Where an area lies. */
export interface Whereabouts {
  /** Whether all of it lies in the town. */
  readonly nelComune: boolean
  /** Tariff zones, the one that has most of it first; square metres. */
  readonly zone: readonly { readonly zona: string; readonly mq: number }[]
  /** Whose carriageway or square it stands on, the one that has most of it first. */
  readonly strade: readonly Road[]
}

export const CONSTRAINT_KINDS = ['PAESAGGISTICO', 'MONUMENTALE', 'NON_CONCEDIBILE'] as const
export interface Constraint {
  readonly tipo: (typeof CONSTRAINT_KINDS)[number]
  readonly descrizione: string
  /** The rule it comes from. */
  readonly norma: string
  /** Square metres of the area that it touches. */
  readonly mq: number
}

/** First and last day, ISO; without a last day it has no end. */
export interface Period {
  readonly dal: string
  readonly al: string | null
}
export const OCCUPATION_KINDS = ['LAVORI', 'OCCUPAZIONE'] as const
export interface Overlap extends Period {
  /** The occupation's own; of one registered here, the practice. */
  readonly riferimento: string
  /** LAVORI are road works. */
  readonly tipo: (typeof OCCUPATION_KINDS)[number]
  readonly descrizione: string
  /** Square metres that both want. */
  readonly mq: number
}
/** Of whom it is, is not told. */
export interface Occupation extends Period {
  /** Ours, and its key: registered again, it replaces what was there. */
  readonly riferimento: string
  readonly descrizione: string
  readonly area: Area
}

export interface TownMap {
  /** Null when no street of the town is called so. */
  locate(address: Address): Promise<Located | null>
  describe(area: Area): Promise<Whereabouts>
  /** The one that touches most first. */
  constraintsOn(area: Area): Promise<readonly Constraint[]>
  /** The one that overlaps most first. */
  overlapsWith(area: Area, period: Period): Promise<readonly Overlap[]>
  register(occupation: Occupation): Promise<void>
  /** Of one that is gone already, nothing. */
  remove(riferimento: string): Promise<void>
  /** `reach`: metres from the centre to each side. Null when no street of the town is called so. */
  sheet(around: Address | { readonly punto: Position }, reach: number): Promise<MapSheet | null>
}

export const mapEffects = {
  locate: 'none',
  describe: 'none',
  constraintsOn: 'none',
  overlapsWith: 'none',
  register: 'keyed',
  remove: 'keyed',
  sheet: 'none',
} as const satisfies Record<keyof TownMap, EffectClass>
