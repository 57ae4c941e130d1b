import type { NodeView } from '../../../src/head/api/contract/node-view.ts'
import { headNowMs } from '../state/current.ts'
import { nodeStateWords } from '../words/states.ts'
import { leftText } from '../words/times.ts'
import { StateMark } from './state-mark.tsx'

/** A node's state, with what is left of a wait where it wakes. */
export function NodeStateMark({ node }: { readonly node: Pick<NodeView, 'state' | 'readyAtMs'> }) {
  const { words, tone } = nodeStateWords(node.state)
  if (node.state !== 'waking' || node.readyAtMs === null) return <StateMark tone={tone} words={words} />
  return <StateMark tone={tone} words={`${words}, ${leftText(node.readyAtMs, headNowMs.value)}`} />
}
