/** The part of the package we use; it brings no types. */
declare module '@bpmn-io/element-templates-validator' {
  interface Validated {
    readonly valid: boolean
    readonly errors?: readonly { readonly message: string; readonly instancePath?: string }[]
  }
  /** Against the schema of templates for Zeebe. */
  export function validateZeebe(template: object): Validated
}
