/** A sheet of the town's map: what pages get of it. */
import type { Area, Position } from './plane.ts'

/** What a person who draws on the map sees around a place. */
export interface MapSheet {
  readonly centro: Position
  readonly strade: readonly {
    readonly nome: string
    readonly asse: readonly Position[]
    /** Metres. */
    readonly larghezza: number
  }[]
  readonly civici: readonly { readonly civico: string; readonly punto: Position }[]
  readonly zone: readonly { readonly zona: string; readonly area: Area }[]
  readonly vincoli: readonly { readonly descrizione: string; readonly area: Area }[]
}
