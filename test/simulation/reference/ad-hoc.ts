/** Ad-hoc sub-processes: what begins in them when, and when they are over. */
import { open, startsIn } from './catching.ts'
import type { Instance, Variables } from './instance.ts'

export function adHocBegins(instance: Instance, now: number): void {
  open(instance, [...startsIn(instance), ...instance.boundaries], now)
  const { begin } = instance.node.planned.adHoc!
  if (begin === 'as a worker says') instance.job = 'AD_HOC_SUB_PROCESS'
  else for (const element of begin) wantInside(instance, element, {})
}
export function wantInside(adHoc: Instance, element: string, own: Variables): void {
  adHoc.wanted.push({ id: `${adHoc.node.id}#innerInstance`, variables: { element, own } })
}
export function innerCompleted(adHoc: Instance): void {
  const { begin, untilOver, keepsRest } = adHoc.node.planned.adHoc!
  if (adHoc.phase !== 'active') return
  if (begin === 'as a worker says') {
    adHoc.incident = null
    adHoc.job = adHoc.isFulfilled ? null : 'AD_HOC_SUB_PROCESS'
    if (adHoc.isFulfilled) fulfil(adHoc, true)
  } else if (untilOver) {
    if (adHoc.lookup('again') === false) fulfil(adHoc, !keepsRest)
  } else if (adHoc.isQuiet) adHoc.mustComplete()
}
/** The worker of an ad-hoc sub-process has said how it goes on. */
export function decided(
  adHoc: Instance,
  variables: Variables,
  begin: readonly { element: string; own: Variables }[],
): void {
  adHoc.job = null
  adHoc.merge(variables)
  for (const { element, own } of begin) wantInside(adHoc, element, own)
}
/** It is to complete: at once, or when the rest has ended. */
export function fulfil(adHoc: Instance, cancelsRest: boolean): void {
  if (cancelsRest) cancelInside(adHoc)
  if (adHoc.isQuiet) adHoc.mustComplete()
}

/** Its children end, unless they complete first. */
export function cancelInside(adHoc: Instance): void {
  for (const child of adHoc.children) child.isCancelled = true
}
