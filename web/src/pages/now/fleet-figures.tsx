import { useComputed } from '@preact/signals'
import type { Watts } from '../../../../src/head/api/contract/node-view.ts'
import type { FleetLine } from '../../../../src/head/api/contract/snapshot.ts'
import { Figure } from '../../parts/figure.tsx'
import { fleetState } from '../../state/current.ts'
import { energyText, moneyText, wattsText } from '../../words/amounts.ts'
import { countText } from '../../words/counts.ts'

/** The fleet in one line: watts now, watts saved, energy and money this month. */
export function FleetFigures() {
  const { watts = null, savedWatts = null, month = null } = fleetState.fleet.value ?? {}
  const unknown = useComputed(() => {
    const { ids, of } = fleetState.nodes
    const counted = ids.value.flatMap((id) => of(id)?.value ?? []).filter((node) => !node.isFirstResponder)
    return counted.filter((node) => node.watts === null).length
  }).value
  return (
    <dl class="figures-line" aria-label="The fleet">
      <Figure name="Drawn now" value={wattsText(watts?.value)} note={wattsNote(watts, unknown)} />
      <Figure
        name="Saved now"
        value={wattsText(savedWatts)}
        note={savedWatts === null ? 'not known without watts' : 'against all nodes on'}
      />
      <Figure name="This month" value={energyText(month?.kwh)} note={monthNote(month)} />
      <Figure
        name="Money this month"
        value={moneyText(month?.cost, month?.currency ?? null)}
        note={costNote(month)}
      />
    </dl>
  )
}

function wattsNote(watts: Watts | null, unknown: number): string {
  if (watts === null) return 'no meter, no model'
  return unknown === 0 ? watts.source : `${watts.source}, ${countText(unknown, 'node')} not known`
}

function monthNote(month: FleetLine['month']): string {
  return month === null ? 'nothing written down yet' : `${month.source}, ${energyText(month.savedKwh)} saved`
}

function costNote(month: FleetLine['month']): string {
  if (month === null || month.cost === null) return 'no energy.pricePerKwh is set'
  return `${moneyText(month.savedCost, month.currency)} saved`
}
