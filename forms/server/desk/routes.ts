/** The desk's addresses, for the shell to mount: it signs people in, checks the token of a post, and frames the page. */
import { fileURLToPath } from 'node:url'
import { counter } from './counter.ts'
import type { Desk, DeskAnswer, DeskRequest } from './desk.ts'
import { type DIAGRAM_SCRIPTS, showInstance } from './instance.ts'
import { DESK, showQueue } from './queue.ts'
import { claimTask, refusal, releaseTask, showTask, submitTask } from './task.ts'

export interface DeskRoute {
  readonly method: 'get' | 'post'
  /** In Express's words; `key` is the one parameter: of a task or instance, or the id of a procedure. */
  readonly path: string
  answer(desk: Desk, request: DeskRequest, key: string): Promise<DeskAnswer>
}

const KEY = /^\d{1,19}$/

const withKey = (
  method: DeskRoute['method'],
  path: string,
  answer: (desk: Desk, request: DeskRequest, key: string) => Promise<DeskAnswer>,
): DeskRoute => ({
  method,
  path,
  answer: async (desk, request, key) =>
    KEY.test(key) ? answer(desk, request, key) : refusal(404, 'Pagina non trovata', 'Questo indirizzo non esiste.'),
})

export const deskRoutes: readonly DeskRoute[] = [
  { method: 'get', path: DESK, answer: showQueue },
  withKey('get', `${DESK}/compiti/:key`, showTask),
  withKey('post', `${DESK}/compiti/:key`, submitTask),
  withKey('post', `${DESK}/compiti/:key/prendi`, claimTask),
  withKey('post', `${DESK}/compiti/:key/rilascia`, releaseTask),
  withKey('get', `${DESK}/pratiche/:key`, showInstance),
  { method: 'get', path: `${DESK}/sportello/:key`, answer: counter },
  { method: 'post', path: `${DESK}/sportello/:key`, answer: counter },
]

/** Scripts that the desk's pages name, and the files that hold them. */
export const deskScripts: Readonly<Record<(typeof DIAGRAM_SCRIPTS)[number], string>> = {
  '/script/bpmn-visualization.js': fileURLToPath(
    new URL('./bpmn-visualization.min.js', import.meta.resolve('bpmn-visualization')),
  ),
  '/script/diagram.js': fileURLToPath(new URL('./browser/diagram.js', import.meta.url)),
}
