import type { EnergyOfNode, EnergyPeriod } from '../../../../src/head/api/contract/energy.ts'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { energyText, moneyText } from '../../words/amounts.ts'
import { lengthText } from '../../words/times.ts'

interface EnergyByNodeProps {
  readonly period: EnergyPeriod
  readonly currency: string | null
}

/** What each node used, and how long it was awake. */
export function EnergyByNode({ period, currency }: EnergyByNodeProps) {
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
                <th scope="col" class="number">
                  Cost
                </th>
                <th scope="col">Busy</th>
                <th scope="col">Asleep</th>
                <th scope="col">Kind</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ id, name, kwh, cost, basis, states }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td class="number">{energyText(kwh)}</td>
                  <td class="number">{moneyText(cost, currency)}</td>
                  <td>{states === null ? 'never sleeps' : timeIn(states, 'busy')}</td>
                  <td>{states === null ? '' : timeIn(states, 'off')}</td>
                  <td class="quiet">{basis}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </section>
  )
}

const timeIn = (states: EnergyOfNode['states'], state: string): string =>
  lengthText(states[state]?.seconds ?? 0)
