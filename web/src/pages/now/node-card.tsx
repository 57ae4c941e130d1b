import { useRef } from 'preact/hooks'
import type { NodeView } from '../../../../src/head/api/contract/node-view.ts'
import { LoadBar } from '../../parts/load-bar.tsx'
import { NodeSwatch } from '../../parts/node-chip.tsx'
import { NodeStateMark } from '../../parts/node-state-mark.tsx'
import { useOnScreen } from '../../parts/on-screen.ts'
import { WattsFigure } from '../../parts/watts-figure.tsx'
import { fleetState } from '../../state/current.ts'
import { nodeAddress } from '../../state/route.ts'
import { celsiusText } from '../../words/amounts.ts'
import { proofText } from '../../words/proof.ts'
import './node-card.css'

/** One node: what it does, what it draws, and what it has proved. */
export function NodeCard({ id }: { readonly id: string }) {
  const card = useRef<HTMLLIElement>(null)
  const isOnScreen = useOnScreen(card)
  const node = fleetState.nodes.of(id)
  if (!node) return null
  const view = isOnScreen.value ? node.value : node.peek()
  return (
    <li
      ref={card}
      class={`node-card${view.troubles.length === 0 ? ' even' : ''}`}
      data-node={view.name}
      data-state={view.state}
    >
      <div class="heading">
        <h3>
          <NodeSwatch node={view.name} /> <a href={nodeAddress(view.name)}>{view.name}</a>
        </h3>
        <NodeStateMark node={view} />
      </div>
      <CardFigures view={view} />
      <p class="quiet small proof">{proofText(view)}</p>
      {view.troubles.map((trouble) => (
        <p key={trouble} class="warning">
          {trouble}
        </p>
      ))}
    </li>
  )
}

function CardFigures({ view }: { readonly view: NodeView }) {
  return (
    <dl class="figures">
      <div>
        <dt>Power</dt>
        <dd>
          <WattsFigure watts={view.watts} />
        </dd>
      </div>
      <div>
        <dt>Load</dt>
        <dd>
          <LoadBar load={view.load} />
        </dd>
      </div>
      <div>
        <dt>Warmest</dt>
        <dd>{celsiusText(view.celsius)}</dd>
      </div>
    </dl>
  )
}
