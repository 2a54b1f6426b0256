/**
 * The structure of a tagged PDF that is there already: what is added to a page is read with the rest.
 * Source: ISO 32000-1 §14.7 (logical structure), §14.7.4.4 (the parent tree leads from content back to its element).
 */
import { PDFArray, PDFDict, type PDFDocument, PDFName, PDFNumber, type PDFObject, PDFRef } from '@cantoo/pdf-lib'

const name = PDFName.of

/** Undefined when the document is not tagged. */
export interface Structure {
  readonly root: PDFDict
  /** The element that holds the whole document, or the root where there is none. */
  readonly top: PDFDict
  readonly topRef: PDFRef
}

export function structureOf({ catalog, context }: PDFDocument): Structure | undefined {
  const rootRef = catalog.get(name('StructTreeRoot'))
  const root = catalog.lookupMaybe(name('StructTreeRoot'), PDFDict)
  if (!root || !(rootRef instanceof PDFRef)) return undefined
  const [first] = kidsOf(root)
  const element = first instanceof PDFRef ? context.lookup(first) : undefined
  return first instanceof PDFRef && element instanceof PDFDict && element.has(name('S'))
    ? { root, top: element, topRef: first }
    : { root, top: root, topRef: rootRef }
}

function kidsOf(element: PDFDict): readonly PDFObject[] {
  const kids = element.lookup(name('K'))
  if (kids instanceof PDFArray) return kids.asArray()
  const only = element.get(name('K'))
  return only === undefined ? [] : [only]
}

/** Puts an element where the document is read, at its begin or its end. Returns its reference. */
export function addElement(
  { context }: PDFDocument,
  { top, topRef }: Structure,
  type: string,
  more: Readonly<Record<string, PDFObject>>,
  where: 'first' | 'last',
): PDFRef {
  const element = context.register(context.obj({ Type: 'StructElem', S: type, P: topRef, ...more }))
  const kids = kidsOf(top)
  top.set(name('K'), context.obj(where === 'first' ? [element, ...kids] : [...kids, element]))
  return element
}

/** The elements of a page's pieces of content, by their number. */
export function elementsOfPage({ context }: PDFDocument, { root }: Structure, page: PDFDict): PDFArray {
  const key = page.lookupMaybe(name('StructParents'), PDFNumber)?.asNumber()
  const known = key === undefined ? undefined : entryOf(parentTree(context, root), key)
  if (known instanceof PDFArray) return known
  const elements = context.obj([]) as PDFArray
  const taken = addEntry(context, root, context.register(elements))
  page.set(name('StructParents'), PDFNumber.of(taken))
  return elements
}

/** Gives what has one element (an annotation) its entry. Returns the number for its `StructParent`. */
export function addEntry(context: PDFDocument['context'], root: PDFDict, value: PDFObject): number {
  const tree = parentTree(context, root)
  const next = root.lookupMaybe(name('ParentTreeNextKey'), PDFNumber)?.asNumber()
  const key = next ?? 1 + Math.max(-1, ...keysOf(tree))
  const numbers = lastLeaf(tree)
  numbers.push(PDFNumber.of(key))
  numbers.push(value)
  root.set(name('ParentTreeNextKey'), PDFNumber.of(key + 1))
  return key
}

function parentTree(context: PDFDocument['context'], root: PDFDict): PDFDict {
  const known = root.lookupMaybe(name('ParentTree'), PDFDict)
  if (known) return known
  const tree = context.obj({ Nums: [] }) as PDFDict
  root.set(name('ParentTree'), context.register(tree))
  return tree
}

/** Of a tree that a stranger wrote. */
const DEPTH_MAX = 20

function leavesOf(node: PDFDict, depth = 0): readonly PDFDict[] {
  const kids = node.lookupMaybe(name('Kids'), PDFArray)
  if (!kids || depth > DEPTH_MAX) return [node]
  return kids.asArray().flatMap((_, index) => leavesOf(kids.lookup(index, PDFDict), depth + 1))
}

const pairsOf = (leaf: PDFDict): PDFArray | undefined => leaf.lookupMaybe(name('Nums'), PDFArray)

const keysOf = (tree: PDFDict): readonly number[] =>
  leavesOf(tree).flatMap((leaf) => {
    const pairs = pairsOf(leaf)
    return pairs
      ? pairs.asArray().flatMap((_, at) => (at % 2 === 0 ? [pairs.lookup(at, PDFNumber).asNumber()] : []))
      : []
  })

function entryOf(tree: PDFDict, key: number): PDFObject | undefined {
  for (const leaf of leavesOf(tree)) {
    const pairs = pairsOf(leaf)
    for (let at = 0; pairs && at + 1 < pairs.size(); at += 2)
      if (pairs.lookup(at, PDFNumber).asNumber() === key) return pairs.lookup(at + 1)
  }
  return undefined
}

function lastLeaf(tree: PDFDict): PDFArray {
  const leaf = leavesOf(tree).at(-1) ?? tree
  // Its limits would have to grow with it; a tree without limits in a leaf is read from its begin.
  leaf.delete(name('Limits'))
  const known = pairsOf(leaf)
  if (known) return known
  const numbers = leaf.context.obj([]) as PDFArray
  leaf.set(name('Nums'), numbers)
  return numbers
}
