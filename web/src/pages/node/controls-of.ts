import type { NodeView } from '../../../../src/head/api/contract/node-view.ts'

/** An order that somebody may give about a node. */
export interface NodeControl {
  readonly order: 'wake' | 'sleep' | 'drain' | 'resume' | 'keep-warm'
  readonly words: string
  /** What to send with it. */
  readonly body: object
  /** The one to do first in this state. */
  readonly isMain: boolean
}

const warmMinutes = 120

/** What makes sense in the state that a node is in. */
export function controlsOf(
  node: Pick<NodeView, 'state' | 'hasPowerControl' | 'keepWarmUntilMs'>,
): NodeControl[] {
  const { state, hasPowerControl, keepWarmUntilMs } = node
  const isDown = state === 'off' || state === 'asleep' || state === 'going-to-sleep' || state === 'failed'
  const isDrained = state === 'draining' || state === 'drained'
  const isUp = state === 'ready' || state === 'busy' || isDrained
  const controls: (NodeControl | false)[] = [
    hasPowerControl &&
      (isDown || state === 'away') && {
        order: 'wake',
        words: 'Wake',
        body: {},
        isMain: true,
      },
    isDrained && { order: 'resume', words: 'Resume', body: {}, isMain: true },
    isUp && !isDrained && { order: 'drain', words: 'Drain', body: {}, isMain: false },
    hasPowerControl && isUp && { order: 'sleep', words: 'Put to sleep', body: {}, isMain: false },
    hasPowerControl &&
      (keepWarmUntilMs === null
        ? { order: 'keep-warm', words: 'Keep warm for 2 h', body: { minutes: warmMinutes }, isMain: false }
        : { order: 'keep-warm', words: 'No longer keep warm', body: { minutes: 0 }, isMain: false }),
  ]
  return controls.filter((control) => control !== false)
}
