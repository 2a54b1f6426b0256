/** Of what is observed, what may not be. */
export class Violation extends Error {}
export function violated(message: string): never {
  throw new Violation(message)
}
