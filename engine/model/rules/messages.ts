/** Rules on messages: what a message needs depends on who refers to it. */
import type { ModdleElement } from 'bpmn-moddle'
import { extensions, is } from '../source.ts'
import { type Rule, rule } from './rule.ts'

type Role = 'caught' | 'thrown' | 'starts a process'

const NAME_LENGTH_MAX = 255

/** Message names are parts of keys in the store's indexes. */
export const messageNameIsNotTooLong = rule('bpmn:Message', ({ name = '' }, report) => {
  if (!name.startsWith('=') && name.length > NAME_LENGTH_MAX) {
    report(`Message names must not be longer than the configured max-name-length of ${NAME_LENGTH_MAX} characters.`)
  }
})

export const messageIsComplete = rule('bpmn:Message', (message, report, { topology }) => {
  const roles = topology.usersOf(message).map(roleOf)
  const caught = roles.includes('caught')
  const starts = roles.filter((role) => role === 'starts a process').length
  if (!caught && !roles.includes('thrown') && starts > 1) {
    report('A message cannot be referred by more than one start event')
    return
  }
  if (roles.length > 0 && !message.name) report('Name must be present and not empty')
  if (caught && extensions(message, 'zeebe:Subscription').length !== 1) {
    report('Must have exactly one zeebe:subscription extension element')
  }
})

function roleOf(user: ModdleElement): Role {
  if (is(user, 'bpmn:ThrowEvent') || is(user, 'bpmn:SendTask')) return 'thrown'
  return is(user, 'bpmn:StartEvent') && is(user.$parent, 'bpmn:Process') ? 'starts a process' : 'caught'
}

export const messageRules: readonly Rule[] = [messageNameIsNotTooLong, messageIsComplete]
