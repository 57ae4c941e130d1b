import type { NodeView } from '../../../../src/head/api/contract/node-view.ts'
import { LoadBar } from '../../parts/load-bar.tsx'
import { WattsFigure } from '../../parts/watts-figure.tsx'
import { headNowMs } from '../../state/current.ts'
import { celsiusText, speedText } from '../../words/amounts.ts'
import { countText } from '../../words/counts.ts'
import { agoText } from '../../words/times.ts'

/** A node's numbers in one line. */
export function NodeFigures({ node }: { readonly node: NodeView }) {
  const rows: readonly (readonly [string, preact.ComponentChildren])[] = [
    ['Power', <WattsFigure key="watts" watts={node.watts} />],
    ['Load', <LoadBar key="load" load={node.load} />],
    ['Warmest', celsiusText(node.celsius)],
    ['Speed', speedText(node.speed)],
    ['Processors', node.cores === null ? '–' : countText(node.cores, 'core')],
    ['Version', node.version ?? '–'],
    ['Since', node.sinceMs === null ? '–' : agoText(node.sinceMs, headNowMs.value)],
  ]
  return (
    <dl class="node-figures">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
