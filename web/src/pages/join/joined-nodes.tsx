import { NodeChip } from '../../parts/node-chip.tsx'
import { NodeStateMark } from '../../parts/node-state-mark.tsx'
import { fleetState } from '../../state/current.ts'
import { countText } from '../../words/counts.ts'
import { proofText } from '../../words/proof.ts'

/** Nodes that have come since the page was opened, as they come. */
export function JoinedNodes({ before }: { readonly before: ReadonlySet<string> }) {
  const come = fleetState.nodes.ids.value.filter((id) => !before.has(id))
  return (
    <div role="status">
      {come.length === 0 ? (
        <p class="empty">
          {before.size === 0 ? 'No node yet.' : `${countText(before.size, 'node')} so far.`} A new one shows
          up here a second after it has joined.
        </p>
      ) : (
        <ul class="joined">
          {come.map((id) => (
            <JoinedNode key={id} id={id} />
          ))}
        </ul>
      )}
    </div>
  )
}

function JoinedNode({ id }: { readonly id: string }) {
  const node = fleetState.nodes.of(id)?.value
  if (!node) return null
  return (
    <li class="card">
      <NodeChip node={node.name} /> <NodeStateMark node={node} />
      <p class="quiet small">{proofText(node)}</p>
    </li>
  )
}
