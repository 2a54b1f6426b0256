/** What the engine keeps, row by row. A row is never mutated (S1): what changes is a new row under the same key. */
export type * from './rows/batch-operations.ts'
export type * from './rows/definitions.ts'
export type * from './rows/element-instances.ts'
export type * from './rows/suspensions.ts'
export type * from './rows/waiting.ts'
export * from './rows/work.ts'
