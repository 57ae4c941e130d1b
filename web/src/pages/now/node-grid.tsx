import { useGrowing } from '../../parts/use-growing.ts'
import { fleetState } from '../../state/current.ts'
import { NodeCard } from './node-card.tsx'

/** All nodes, in the head's order. */
export function NodeGrid() {
  const ids = fleetState.nodes.ids.value
  const shown = useGrowing(ids.length)
  const isKnown = fleetState.head.value !== null
  return (
    <section class="section" aria-labelledby="nodes-heading">
      <header>
        <h2 id="nodes-heading">
          Nodes <span class="quiet">{ids.length > 0 ? ids.length : ''}</span>
        </h2>
        <a class="small quiet" href="#/join">
          Add a node
        </a>
      </header>
      {ids.length === 0 && isKnown ? (
        <p class="empty">
          No node has joined. <a href="#/join">Add the first one</a>: it takes one command.
        </p>
      ) : null}
      <ul class="node-grid">
        {ids.slice(0, shown).map((id) => (
          <NodeCard key={id} id={id} />
        ))}
      </ul>
    </section>
  )
}
