import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { nodeColours } from '../../strip/node-colour.ts'
import { stripInk } from '../../strip/strip-ink.ts'
import { type PlotData, stepsOf } from './plot-data.ts'

const heightPixels = 260

/** A step's mean holds for all of it. */
const stepped = uPlot.paths.stepped!({ align: 1 })

/** Draws it into an element of the page, in the page's colours of this moment. */
export function drawPlot(element: HTMLElement, data: PlotData): uPlot {
  const { seconds, series } = stepsOf(data)
  const { ink, track } = stripInk.peek()
  const axis = { stroke: ink, grid: { stroke: track, width: 1 }, ticks: { stroke: track, width: 1 } }
  const lines = series.map(({ name }, place): uPlot.Series => {
    const colour = place === 0 ? ink : nodeColours.of(name)
    return {
      ...{ label: name, stroke: colour, width: place === 0 ? 1.5 : 2, points: { show: false } },
      value: (_plot, watts) => (watts === null ? '–' : `${watts.toFixed(1)} W`),
      paths: stepped,
    }
  })
  const options: uPlot.Options = {
    // The last label of the axis is centred below the plot's edge.
    ...{ width: element.clientWidth, height: heightPixels, padding: [null, 40, null, null] },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [axis, { ...axis, size: 56, values: (_plot, ticks) => ticks.map((watts) => `${watts} W`) }],
    series: [{}, ...lines],
    cursor: { drag: { x: false, y: false } },
  }
  return new uPlot(options, [[...seconds], ...series.map(({ watts }) => [...watts])], element)
}
