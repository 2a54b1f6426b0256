/** Diagrams for tests: our own small ones, and the recorded ones beside the repository. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileBpmn } from '../../engine/model/compile-resource.ts'
import type { ElementKind, ElementOf, ExecutableProcess } from '../../engine/model/executable.ts'

const shared = process.env.ITER_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url))

/** The reason to skip what needs the shared data, or false. */
export const withoutShared: string | false = existsSync(shared) ? false : 'shared data is absent'
export const sharedText = (path: string): string => readFileSync(join(shared, path), 'utf8')
export const sharedFiles = (pattern: string): readonly string[] => globSync(pattern, { cwd: shared }).sort()

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="test">`

export const file = (content: string): string => `${HEAD}${content}</bpmn:definitions>`
/** A process of its own around the content, with root elements before it. */
export const diagram = (content: string, rootElements = ''): string =>
  file(`${rootElements}<bpmn:process id="p" isExecutable="true">${content}</bpmn:process>`)

export const flow = (source: string, target: string, inside = ''): string =>
  `<bpmn:sequenceFlow id="${source}_${target}" sourceRef="${source}" targetRef="${target}">${inside}</bpmn:sequenceFlow>`
export const extended = (inside: string): string => `<bpmn:extensionElements>${inside}</bpmn:extensionElements>`
export const START = '<bpmn:startEvent id="s"/>'

export async function compiled(xml: string): Promise<ExecutableProcess> {
  const result = await compileBpmn('test.bpmn', xml)
  if (!result.ok) throw new Error(result.message)
  const [process] = result.processes
  if (process === undefined) throw new Error('no process')
  return process
}

export function element<K extends ElementKind>(process: ExecutableProcess, kind: K, id: string): ElementOf<K> {
  const found = process.elements.get(id)
  if (found?.kind !== kind) throw new Error(`${id} is ${found?.kind}, not ${kind}`)
  return found as ElementOf<K>
}

/** The refusal without the resource name; '' when the diagram is accepted. */
export async function refusal(xml: string): Promise<string> {
  const result = await compileBpmn('test.bpmn', xml)
  return result.ok ? '' : result.message.replace(/^['`]test\.bpmn['`]: /, '')
}
