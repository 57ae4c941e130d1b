import type { NodeState } from '../../../src/head/api/contract/node-view.ts'
import type { SessionState } from '../../../src/head/api/contract/session-view.ts'

/** How much a state asks for attention; it also picks the colour. */
export type Tone = 'active' | 'calm' | 'resting' | 'warn' | 'bad'

export interface StateWords {
  readonly words: string
  readonly tone: Tone
}

const nodeWords: Readonly<Record<NodeState, StateWords>> = {
  off: { words: 'Off', tone: 'resting' },
  asleep: { words: 'Asleep', tone: 'resting' },
  waking: { words: 'Waking', tone: 'active' },
  ready: { words: 'Ready', tone: 'calm' },
  busy: { words: 'Busy', tone: 'active' },
  draining: { words: 'Draining', tone: 'warn' },
  drained: { words: 'Drained', tone: 'warn' },
  'going-to-sleep': { words: 'Going to sleep', tone: 'calm' },
  failed: { words: 'Did not wake', tone: 'bad' },
  away: { words: 'Not heard', tone: 'warn' },
  outdated: { words: 'Needs an update', tone: 'warn' },
}

const sessionWords: Readonly<Record<SessionState, StateWords>> = {
  starting: { words: 'Starting', tone: 'active' },
  running: { words: 'Running', tone: 'active' },
  waiting: { words: 'Waiting', tone: 'warn' },
  throttled: { words: 'Far enough ahead', tone: 'calm' },
  finished: { words: 'Finished', tone: 'resting' },
  killed: { words: 'Stopped by the server', tone: 'resting' },
  failed: { words: 'Failed', tone: 'bad' },
  local: { words: 'Left to the server', tone: 'warn' },
}

export const nodeStateWords = (state: NodeState): StateWords => nodeWords[state]

/** What became of a node, for its history: a state by its name, anything else as the head has put it. */
export const momentWords = (what: string): string =>
  Object.hasOwn(nodeWords, what) ? nodeWords[what as NodeState].words : what

export const sessionStateWords = (state: SessionState): StateWords => sessionWords[state]
