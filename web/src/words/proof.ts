import type { NodeView } from '../../../src/head/api/contract/node-view.ts'
import { countText } from './counts.ts'

const isDown: ReadonlySet<NodeView['state']> = new Set(['off', 'asleep', 'waking', 'failed', 'away'])

/** What a node has shown that it can do, in a line. */
export function proofText({
  state,
  proof,
  isFirstResponder,
}: Pick<NodeView, 'state' | 'proof' | 'isFirstResponder'>): string {
  if (isFirstResponder) return 'Part of the head: it works until a node is awake'
  if (proof === null && isDown.has(state)) return 'Says what it can when it is awake'
  if (proof === null || (proof.proved === 0 && proof.failed === 0)) return 'Nothing proved yet'
  const failed = proof.failed > 0 ? `, ${proof.failed} failed` : ''
  const keptOff = proof.keptOff > 0 ? `, kept off ${countText(proof.keptOff, 'kind')} of work` : ''
  const platforms = proof.platforms.length > 0 ? ` on ${proof.platforms.join(', ')}` : ''
  return `${countText(proof.proved, 'ability', 'abilities')} proved${platforms}${failed}${keptOff}`
}
