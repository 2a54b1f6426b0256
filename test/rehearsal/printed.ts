/** A scenario that was played, as its lines on a terminal: held or not, why, and the steps that led there. */
import type { Played } from './rehearsal.ts'

const STEPS = 30

/** `isTraced`: every step, not only the last of one that failed. */
export function printed({ scenario, fault, told }: Played, file: string, isTraced: boolean): readonly string[] {
  const steps = isTraced ? told.trace : fault === null ? [] : told.trace.slice(-STEPS)
  return [
    `${fault === null ? '✔' : '✖'} ${scenario.name}`,
    ...(fault === null ? [] : [`  ${file}:${fault.line}: ${fault.message}`]),
    ...steps.map((step) => `    ${step}`),
  ]
}
