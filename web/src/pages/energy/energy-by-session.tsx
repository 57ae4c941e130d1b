import type { EnergyPeriod } from '../../../../src/head/api/contract/energy.ts'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { energyText, moneyText } from '../../words/amounts.ts'

interface EnergyBySessionProps {
  readonly period: EnergyPeriod
  readonly currency: string | null
}

/** The sessions that took the most: what their nodes drew above idling. */
export function EnergyBySession({ period, currency }: EnergyBySessionProps) {
  return (
    <section class="section" aria-labelledby="by-session-heading">
      <h2 id="by-session-heading">By session, above idling</h2>
      {period.sessions.length === 0 ? (
        <p class="empty">No session in this period.</p>
      ) : (
        <ScrollArea class="card limited" label="By session">
          <table>
            <thead>
              <tr>
                <th scope="col">Film</th>
                <th scope="col" class="number">
                  Energy
                </th>
                <th scope="col" class="number">
                  Cost
                </th>
                <th scope="col">Kind</th>
              </tr>
            </thead>
            <tbody>
              {period.sessions.map(({ id, title, kwh, cost, basis }) => (
                <tr key={id}>
                  <td>{title ?? id}</td>
                  <td class="number">{energyText(kwh)}</td>
                  <td class="number">{moneyText(cost, currency)}</td>
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
