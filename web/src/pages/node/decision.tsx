import type { NodeDecision } from '../../../../src/head/api/contract/node-detail.ts'
import { headNowMs } from '../../state/current.ts'
import { agoText } from '../../words/times.ts'

/** The head's last decision about this node, and its reason. */
export function Decision({ decision }: { readonly decision: NodeDecision | null }) {
  return (
    <section class="section" aria-labelledby="decision-heading">
      <h2 id="decision-heading">Last decision</h2>
      {decision === null ? (
        <p class="quiet">Nothing has been decided about it yet.</p>
      ) : (
        <p>
          <strong>{decision.what}</strong>: {decision.reason}{' '}
          <span class="quiet small">{agoText(decision.atMs, headNowMs.value)}</span>
        </p>
      )}
    </section>
  )
}
