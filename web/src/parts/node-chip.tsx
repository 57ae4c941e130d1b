import { useLayoutEffect, useRef } from 'preact/hooks'
import { nodeAddress } from '../state/route.ts'
import './node-chip.css'
import { nodeColours } from '../strip/node-colour.ts'

/** The colour of a node, as on the strips. */
export function NodeSwatch({ node }: { readonly node: string }) {
  const element = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    if (element.current) element.current.style.background = nodeColours.of(node)
  }, [node])
  return <span ref={element} class="swatch" aria-hidden="true" />
}

/** A node's colour and name, which leads to its page. */
export function NodeChip({ node, after }: { readonly node: string; readonly after?: string }) {
  return (
    <span class="node-chip">
      <NodeSwatch node={node} /> <a href={nodeAddress(node)}>{node}</a>
      {after === undefined ? null : <span class="quiet"> {after}</span>}
    </span>
  )
}
