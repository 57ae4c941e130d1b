import type { EnergyPeriod } from '../../../../src/head/api/contract/energy.ts'
import { Figure } from '../../parts/figure.tsx'
import { energyText, moneyText, shareText } from '../../words/amounts.ts'
import { lengthText } from '../../words/times.ts'

interface EnergyFiguresProps {
  readonly period: EnergyPeriod
  readonly currency: string | null
}

/** A period in four numbers. */
export function EnergyFigures({ period, currency }: EnergyFiguresProps) {
  const { total, baselines, coveredSeconds } = period
  const isNothingKnown = total.joules === 0 && period.unknown.length > 0
  const alwaysOn = baselines.find(({ name }) => name === 'always-on')
  const measured = total.joules > 0 ? total.measuredJoules / total.joules : null
  return (
    <dl class="figures-line" aria-label="In short">
      <Figure
        name="Used"
        value={energyText(isNothingKnown ? null : total.kwh)}
        note={isNothingKnown ? 'no watts are known' : costNote(total.cost, currency)}
      />
      <Figure
        name="Saved"
        value={energyText(isNothingKnown ? null : alwaysOn?.savedKwh)}
        note={alwaysOn ? `against ${alwaysOn.what}` : 'nothing to compare with'}
      />
      <Figure
        name="Measured"
        value={shareText(measured)}
        note={measured === null ? '' : 'the rest is modelled'}
      />
      <Figure name="Watched for" value={lengthText(coveredSeconds)} note={`${period.from} to ${period.to}`} />
    </dl>
  )
}

function costNote(cost: number | null, currency: string | null): string {
  return cost === null ? 'no price is set' : moneyText(cost, currency)
}
