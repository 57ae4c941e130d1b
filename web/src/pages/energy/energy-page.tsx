import { useState } from 'preact/hooks'
import type { EnergyPeriod, EnergyView } from '../../../../src/head/api/contract/energy.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAnswer } from '../../parts/use-answer.ts'
import { BaselineBars } from './baseline-bars.tsx'
import { EnergyByNode } from './energy-by-node.tsx'
import { EnergyBySession } from './energy-by-session.tsx'
import { EnergyFigures } from './energy-figures.tsx'
import { EnergyPlot } from './energy-plot.tsx'
import './energy-page.css'

const askEveryMs = 30_000

const names = { today: 'Today', week: 'Seven days', month: 'This month' } as const

/** What the fleet used, and what the same would have taken in other ways. */
export function EnergyPage() {
  const [chosen, setChosen] = useState<EnergyPeriod['name'] | null>(null)
  const { value, failure } = useAnswer<EnergyView>('energy', askEveryMs)
  const name = chosen ?? usualPeriod(value)
  const period = value?.periods.find((each) => each.name === name)
  return (
    <>
      <header class="energy-head">
        <PageTitle title="Energy">Energy</PageTitle>
        <fieldset class="choice">
          <legend class="unseen">Period</legend>
          {Object.entries(names).map(([each, words]) => (
            <label key={each}>
              <input
                type="radio"
                name="period"
                checked={each === name}
                onChange={() => setChosen(each as EnergyPeriod['name'])}
              />
              <span>{words}</span>
            </label>
          ))}
        </fieldset>
      </header>
      <ProblemNote failure={failure} />
      {value?.trouble ? <p class="warning">{value.trouble}</p> : null}
      {value && period ? <Period period={period} currency={value.price?.currency ?? null} /> : null}
    </>
  )
}

const daySeconds = 86_400

/** A month of which there is an hour is a plot of one step: the day has it in minutes. */
function usualPeriod(value: EnergyView | null): EnergyPeriod['name'] {
  const month = value?.periods.find(({ name }) => name === 'month')
  return month && month.coveredSeconds < daySeconds ? 'today' : 'month'
}

function Period({ period, currency }: { readonly period: EnergyPeriod; readonly currency: string | null }) {
  return (
    <>
      {period.unknown.length === 0 ? null : <NotCounted names={period.unknown} />}
      <EnergyFigures period={period} currency={currency} />
      <BaselineBars period={period} currency={currency} />
      <EnergyPlot period={period} />
      <div class="energy-tables">
        <EnergyByNode period={period} currency={currency} />
        <EnergyBySession period={period} currency={currency} />
      </div>
    </>
  )
}

/** A saving that leaves somebody out would be none. */
function NotCounted({ names }: { readonly names: readonly string[] }) {
  return (
    <p class="warning">
      Nobody knows what {names.join(', ')} {names.length === 1 ? 'draws, and it is' : 'draw, and they are'} in
      no sum. A meter, or <code>power.nodes</code> in <code>paceline.yaml</code>, tells: docs/energy.md.
    </p>
  )
}
