/** Thrown while a text is read or its tree compiled; a tree may still hold what the dialect does not know. */
export class SyntaxFailure extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}
