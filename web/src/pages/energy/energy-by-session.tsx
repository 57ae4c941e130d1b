import type { EnergyPeriod } from '../../../../src/head/api/contract/energy.ts'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { energyText, moneyText } from '../../words/amounts.ts'

interface EnergyBySessionProps {
  readonly period: EnergyPeriod
  readonly currency: string | null
}

/** The sessions that took the most: what their nodes drew above idling. */
export function EnergyBySession({ period, currency }: EnergyBySessionProps) {
  const hasCost = period.total.cost !== null
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
                {hasCost ? (
                  <th scope="col" class="number">
                    Cost
                  </th>
                ) : null}
                <th scope="col">Kind</th>
              </tr>
            </thead>
            <tbody>
              {period.sessions.map(({ id, title, joules, kwh, cost, basis }) => (
                <tr key={id}>
                  <td class="words">
                    <bdi>{title ?? id}</bdi>
                  </td>
                  <td class="number">{energyText(joules === 0 ? null : kwh)}</td>
                  {hasCost ? <td class="number">{moneyText(joules === 0 ? null : cost, currency)}</td> : null}
                  <td class="quiet">{joules === 0 ? 'not known' : basis}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </section>
  )
}
