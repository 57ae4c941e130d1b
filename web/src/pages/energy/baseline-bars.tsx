import type { EnergyPeriod } from '../../../../src/head/api/contract/energy.ts'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { energyText, moneyText } from '../../words/amounts.ts'

interface BaselineBarsProps {
  readonly period: EnergyPeriod
  readonly currency: string | null
}

/** What the fleet used beside what the same time would have taken in other ways, as a table with bars in it. */
export function BaselineBars({ period, currency }: BaselineBarsProps) {
  const { total, baselines, unknown } = period
  const isNothingKnown = total.joules === 0 && unknown.length > 0
  const most = Math.max(total.kwh, ...baselines.map(({ kwh }) => kwh), Number.MIN_VALUE)
  const hasCost = total.cost !== null
  return (
    <section class="section" aria-labelledby="baselines-heading">
      <h2 id="baselines-heading">Against the baselines</h2>
      <ScrollArea class="card" label="Baselines">
        <table class="baselines">
          <thead>
            <tr>
              <th scope="col">Way</th>
              <th scope="col" class="wide">
                <span class="unseen">Bar</span>
              </th>
              <th scope="col" class="number">
                Energy
              </th>
              {hasCost ? (
                <th scope="col" class="number">
                  Cost
                </th>
              ) : null}
              <th scope="col" class="number">
                Saved
              </th>
            </tr>
          </thead>
          <tbody>
            <tr class="own">
              <th scope="row">This fleet, {isNothingKnown ? 'not known' : total.basis}</th>
              <BarCell share={total.kwh / most} isOwn />
              <td class="number">{energyText(isNothingKnown ? null : total.kwh)}</td>
              {hasCost ? (
                <td class="number">{moneyText(isNothingKnown ? null : total.cost, currency)}</td>
              ) : null}
              <td class="number" />
            </tr>
            {baselines.map(({ name, what, kwh, cost, savedKwh }) => (
              <tr key={name}>
                <th scope="row">{what}</th>
                <BarCell share={kwh / most} isOwn={false} />
                <td class="number">{energyText(kwh)}</td>
                {hasCost ? <td class="number">{moneyText(cost, currency)}</td> : null}
                <td class="number">{energyText(isNothingKnown ? null : savedKwh)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </section>
  )
}

function BarCell({ share, isOwn }: { readonly share: number; readonly isOwn: boolean }) {
  return (
    <td class="wide">
      <svg width="100%" height="14" aria-hidden="true">
        <rect
          class={isOwn ? 'bar-own' : 'bar-other'}
          width={`${Math.max(0.4, share * 100)}%`}
          height="14"
          rx="2"
        />
      </svg>
    </td>
  )
}
