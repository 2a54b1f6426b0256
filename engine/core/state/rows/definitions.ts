/** What has been deployed. */
import type {
  DecisionMetadata,
  DecisionRequirementsMetadata,
  FormMetadata,
  Instant,
  Key,
  ProcessMetadata,
} from '../../../protocol/records.ts'

interface Deployed {
  readonly key: Key
  /** A deleted definition keeps its row, so that its number is not used again and its history stays readable. */
  readonly deleted: boolean
}
export type ProcessDefinition = ProcessMetadata &
  Deployed & {
    readonly name: string
    /** Names of the elements that have one, by element id; what searches show beside the id. */
    readonly elementNames: Readonly<Record<string, string>>
    /** The form linked to the none start event; '' when there is none. */
    readonly startFormId: string
    readonly createdAt: Instant
  }
export type Decision = DecisionMetadata & Deployed
export type DecisionRequirements = DecisionRequirementsMetadata & Deployed
export type Form = FormMetadata & Deployed
/** The text of a deployed resource, by the key of its definition. */
export interface Resource {
  readonly key: Key
  readonly tenantId: string
  readonly text: string
}
