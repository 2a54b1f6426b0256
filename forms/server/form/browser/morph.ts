/**
 * Makes what is on the page the same as new markup, and touches nothing that is the same already: what has the focus keeps it,
 * with the place of its cursor, and what is half typed stays.
 */
/// <reference lib="dom" />

export function morph(place: HTMLElement, markup: string): void {
  const fresh = document.createElement('template')
  fresh.innerHTML = markup
  const focus = document.activeElement
  matchChildren(place, fresh.content)
  // Only where an element had to be made anew.
  if (focus !== null && focus.id !== '' && !focus.isConnected) document.getElementById(focus.id)?.focus()
}

/** Children never change their order, so that none has to be moved: what is not met again goes, what is new is put between. */
function matchChildren(old: ParentNode & Node, fresh: ParentNode & Node): void {
  let at = old.firstChild
  for (const wanted of [...fresh.childNodes]) {
    const found = following(at, wanted)
    if (found === null) {
      old.insertBefore(wanted, at)
      continue
    }
    at = removeUntil(at, found).nextSibling
    matchNode(found, wanted)
  }
  while (at !== null) at = removed(at)
}

/** The next sibling that stands for the same thing; null when there is none. */
function following(from: ChildNode | null, wanted: ChildNode): ChildNode | null {
  for (let one = from; one !== null; one = one.nextSibling) if (isSame(one, wanted)) return one
  return null
}

function removeUntil(from: ChildNode | null, found: ChildNode): ChildNode {
  for (let one = from; one !== null && one !== found; ) one = removed(one)
  return found
}

function removed(node: ChildNode): ChildNode | null {
  const next = node.nextSibling
  node.remove()
  return next
}

/** Of the same kind, and about the same controls. */
function isSame(old: ChildNode, fresh: ChildNode): boolean {
  if (!(old instanceof Element) || !(fresh instanceof Element)) return old.nodeType === fresh.nodeType
  if (old.localName !== fresh.localName || nameOf(old) !== nameOf(fresh)) return false
  const [ids, wanted] = [idsIn(old), idsIn(fresh)]
  return ids.length === 0 ? wanted.length === 0 : ids.some((id) => wanted.includes(id))
}

const nameOf = (element: Element): string | null => element.getAttribute('name')
const idsIn = (element: Element): readonly string[] =>
  [element, ...element.querySelectorAll('[id]')].map(({ id }) => id).filter((id) => id !== '')

function matchNode(old: ChildNode, fresh: ChildNode): void {
  // What a script draws inside its place is the script's.
  if (old instanceof Element && old.hasAttribute('data-own')) return
  if (old.isEqualNode(fresh) && !(fresh instanceof Element && holdsControl(fresh))) return
  if (!(old instanceof Element) || !(fresh instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue
    return
  }
  matchAttributes(old, fresh)
  if (!(old instanceof HTMLTextAreaElement)) matchChildren(old, fresh)
  matchState(old, fresh)
}

const CONTROLS = 'input, select, textarea'
const holdsControl = (element: Element): boolean =>
  element.matches(CONTROLS) || element.querySelector(CONTROLS) !== null

/** A control that is being typed into does not change its kind under the fingers. */
function matchAttributes(old: Element, fresh: Element): void {
  // Whoever unfolded a row keeps it unfolded.
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.localName === 'details')) old.removeAttribute(name)
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value && !(name === 'type' && old === document.activeElement))
      old.setAttribute(name, value)
}

/** What a person entered is not in the attributes. It is set only where it differs, or a half typed date would be lost. */
function matchState(old: Element, fresh: Element): void {
  if (old instanceof HTMLInputElement && fresh instanceof HTMLInputElement) {
    if (old.checked !== fresh.checked) old.checked = fresh.checked
    // A file that was chosen stays chosen: only the person can choose one.
    if (old.type !== 'file' && old.value !== fresh.value) old.value = fresh.value
  }
  if (old instanceof HTMLTextAreaElement && fresh instanceof HTMLTextAreaElement && old.value !== fresh.value)
    old.value = fresh.value
  if (old instanceof HTMLSelectElement && fresh instanceof HTMLSelectElement && old.value !== fresh.value)
    old.value = fresh.value
}
