import type { NodeState, NodeView } from '../../../src/head/api/contract/node-view.ts'
import type { SessionView } from '../../../src/head/api/contract/session-view.ts'
import { countText } from './counts.ts'

/** States in the order in which the sentence names them, and how it does. */
const named: readonly (readonly [words: string, states: readonly NodeState[]])[] = [
  ['busy', ['busy', 'draining']],
  ['ready', ['ready']],
  ['drained', ['drained']],
  ['waking', ['waking']],
  ['asleep', ['asleep', 'off', 'going-to-sleep']],
  ['out of reach', ['away', 'failed', 'outdated']],
]

/** What the nodes do, e.g. `1 node busy, 3 asleep.` The first responder is a part of the head, and counts where it works. */
export function nodesSentence(all: readonly Pick<NodeView, 'state' | 'isFirstResponder'>[]): string {
  const nodes = all.filter(({ state, isFirstResponder }) => !isFirstResponder || state === 'busy')
  if (nodes.length === 0) return 'No node has joined yet.'
  const counts = named
    .map(([words, states]) => [nodes.filter(({ state }) => states.includes(state)).length, words] as const)
    .filter(([count]) => count > 0)
  const parts = counts.map(([count, words], place) =>
    place === 0 ? `${countText(count, 'node')} ${words}` : `${count} ${words}`,
  )
  return `${parts.join(', ')}.`
}

/** What is going on, e.g. `No one is watching.`, `3 streams and a file.` */
export function sessionsSentence(sessions: readonly Pick<SessionView, 'mode'>[]): string {
  const streams = sessions.filter(({ mode }) => mode === 'stream').length
  const files = sessions.length - streams
  if (streams === 0 && files === 0) return 'No one is watching.'
  if (streams === 0) return `${countText(files, 'file')} being made.`
  const watching = streams === 1 ? 'One stream is playing' : `${streams} streams are playing`
  return files === 0 ? `${watching}.` : `${watching}, ${countText(files, 'file')} being made.`
}
