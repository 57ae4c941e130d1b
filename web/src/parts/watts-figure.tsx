import type { Watts } from '../../../src/head/api/contract/node-view.ts'
import { wattsText } from '../words/amounts.ts'

/** Watts, always with where they are from: `≈` stands before what a model says. */
export function WattsFigure({ watts }: { readonly watts: Watts | null }) {
  if (watts === null) return <span class="quiet">–</span>
  const isModelled = watts.source === 'modelled'
  return (
    <span title={isModelled ? 'Modelled: no meter reads this' : 'Measured by a meter'}>
      {isModelled ? <span aria-hidden="true">≈ </span> : null}
      {wattsText(watts.value)} <span class="unseen">{watts.source}</span>
    </span>
  )
}
