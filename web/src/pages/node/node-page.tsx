import { useComputed } from '@preact/signals'
import type { NodeDetail } from '../../../../src/head/api/contract/node-detail.ts'
import type { NodeView } from '../../../../src/head/api/contract/node-view.ts'
import { LogLines } from '../../parts/log-lines.tsx'
import { NodeSwatch } from '../../parts/node-chip.tsx'
import { NodeStateMark } from '../../parts/node-state-mark.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAnswer } from '../../parts/use-answer.ts'
import { fleetState } from '../../state/current.ts'
import { Decision } from './decision.tsx'
import { LeasesInHand } from './leases-in-hand.tsx'
import { NodeFigures } from './node-figures.tsx'
import { NodeHistory } from './node-history.tsx'
import { PowerControls } from './power-controls.tsx'
import { ProofTable } from './proof-table.tsx'
import './node-page.css'

/** What has to be asked for rather than told comes so often; a change of the node's state brings it at once. */
const askEveryMs = 5_000

/** One node: what it can, what it did, and why. */
export function NodePage({ name }: { readonly name: string }) {
  const live = useComputed(() => {
    const { nodes } = fleetState
    return nodes.ids.value
      .map((id) => nodes.of(id)?.value)
      .find((node) => node?.name === name || node?.id === name)
  }).value
  const detail = useAnswer<NodeDetail>(`nodes/${encodeURIComponent(name)}`, askEveryMs, live?.state)
  const node = live ?? detail.value?.node
  if (!node) return <NoNode name={name} failure={detail.failure} />
  return (
    <>
      <NodeHead node={node} />
      <div class="node-page">
        <div class="section">
          <PowerControls node={node} onDone={detail.again} />
          <Decision decision={detail.value?.decision ?? null} />
          <LeasesInHand leases={node.leases} />
        </div>
        <div class="section">
          <ProofTable proofs={detail.value?.proofs ?? null} keptOff={detail.value?.keptOff ?? []} />
          <NodeHistory moments={detail.value?.history ?? null} />
        </div>
      </div>
      <LogLines lines={detail.value?.log ?? null} isAsked={detail.value !== null} />
      <ProblemNote failure={detail.failure} />
    </>
  )
}

function NodeHead({ node }: { readonly node: NodeView }) {
  return (
    <header>
      <PageTitle title={node.name}>
        <NodeSwatch node={node.name} /> {node.name}
      </PageTitle>
      <p>
        <NodeStateMark node={node} />
        {node.isFirstResponder ? <span class="tag">first responder</span> : null}
      </p>
      {node.troubles.map((trouble) => (
        <p key={trouble} class="warning">
          {trouble}
        </p>
      ))}
      <NodeFigures node={node} />
    </header>
  )
}

function NoNode({ name, failure }: { readonly name: string; readonly failure: unknown }) {
  return (
    <header>
      <PageTitle title={name}>{name}</PageTitle>
      {failure ? <ProblemNote failure={failure} /> : <p class="quiet">Asking the head …</p>}
    </header>
  )
}
