import { useEffect, useRef } from 'preact/hooks'
import type { EnergyHistory, EnergyPeriod } from '../../../../src/head/api/contract/energy.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAnswer } from '../../parts/use-answer.ts'
import { fleetState } from '../../state/current.ts'
import { theme } from '../../state/theme.ts'
import { drawPlot } from './draw-plot.ts'
import { historyQueryOf, type PlotData, plotDataOf } from './plot-data.ts'

const askEveryMs = 60_000

/** Watts over the period; the tables below say the same in numbers. */
export function EnergyPlot({ period }: { readonly period: EnergyPeriod }) {
  const { value, failure } = useAnswer<EnergyHistory>(
    `energy/history?${historyQueryOf(period.name)}`,
    askEveryMs,
  )
  const nameOf = (id: string) =>
    period.nodes.find((node) => node.id === id)?.name ?? fleetState.nodes.of(id)?.peek().name ?? id
  const data = value === null ? null : plotDataOf(value, nameOf)
  const isNothing = data !== null && (data.series[0]?.watts ?? []).every((watts) => watts === 0)
  return (
    <section class="section" aria-labelledby="plot-heading">
      <h2 id="plot-heading">Watts over time</h2>
      <ProblemNote failure={failure} />
      {isNothing ? <p class="empty">Nothing is written down for this period yet.</p> : null}
      {data && !isNothing ? <Plot data={data} /> : null}
    </section>
  )
}

function Plot({ data }: { readonly data: PlotData }) {
  const place = useRef<HTMLDivElement>(null)
  const shade = theme.value
  useEffect(() => {
    const element = place.current
    if (!element) return
    let plot = drawPlot(element, data)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const again = () => {
      plot.destroy()
      plot = drawPlot(element, data)
    }
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: plot.height }),
    )
    observer.observe(element)
    dark.addEventListener('change', again)
    return () => {
      observer.disconnect()
      dark.removeEventListener('change', again)
      plot.destroy()
    }
  }, [data, shade])
  return <div ref={place} class="plot card" role="img" aria-label={plotWords(data)} />
}

function plotWords({ series }: PlotData): string {
  const watts = (series[0]?.watts ?? []).map((value) => value ?? 0)
  const mean = watts.reduce((sum, value) => sum + value, 0) / Math.max(1, watts.length)
  return `Watts over time: ${mean.toFixed(1)} W on average, ${Math.max(0, ...watts).toFixed(1)} W at most.`
}
