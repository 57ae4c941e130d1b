import type { EnergyOfNode, EnergyPeriod, EnergySum } from '../../../../src/head/api/contract/energy.ts'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { energyText, moneyText } from '../../words/amounts.ts'
import { lengthText } from '../../words/times.ts'

interface EnergyByNodeProps {
  readonly period: EnergyPeriod
  readonly currency: string | null
}

/** What each node used, and how long it was awake. */
export function EnergyByNode({ period, currency }: EnergyByNodeProps) {
  const hasCost = period.total.cost !== null
  const rows = [...period.nodes, ...period.floor.map((part) => ({ ...part, id: part.name, states: null }))]
  return (
    <section class="section" aria-labelledby="by-node-heading">
      <h2 id="by-node-heading">By node</h2>
      {rows.length === 0 ? (
        <p class="empty">Nothing is written down for this period yet.</p>
      ) : (
        <ScrollArea class="card" label="By node">
          <table>
            <thead>
              <tr>
                <th scope="col">Node</th>
                <th scope="col" class="number">
                  Energy
                </th>
                {hasCost ? (
                  <th scope="col" class="number">
                    Cost
                  </th>
                ) : null}
                <th scope="col">Busy</th>
                <th scope="col">Asleep</th>
                <th scope="col">Kind</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.id} row={row} hasCost={hasCost} currency={currency} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </section>
  )
}

interface RowProps {
  readonly row: EnergySum &
    Pick<EnergyOfNode, 'id' | 'name'> & { readonly states: EnergyOfNode['states'] | null }
  readonly hasCost: boolean
  readonly currency: string | null
}

/** Of a node whose watts nobody knows nobody has written down either when it worked. */
function Row({ row: { name, joules, kwh, cost, basis, states }, hasCost, currency }: RowProps) {
  const isUnknown = joules === 0 && states?.unknown !== undefined
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{energyText(isUnknown ? null : kwh)}</td>
      {hasCost ? <td class="number">{moneyText(isUnknown ? null : cost, currency)}</td> : null}
      <td>{states === null ? 'never sleeps' : isUnknown ? '–' : timeIn(states, 'busy')}</td>
      <td>{states === null ? '' : timeIn(states, 'off')}</td>
      <td class="quiet">{isUnknown ? 'not known' : basis}</td>
    </tr>
  )
}

const timeIn = (states: EnergyOfNode['states'], state: string): string =>
  lengthText(states[state]?.seconds ?? 0)
