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
  const [name, setName] = useState<EnergyPeriod['name']>('month')
  const { value, failure } = useAnswer<EnergyView>('energy', askEveryMs)
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
                onChange={() => setName(each as EnergyPeriod['name'])}
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

function Period({ period, currency }: { readonly period: EnergyPeriod; readonly currency: string | null }) {
  return (
    <>
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
