/** A bar, and a second, shorter one in it, in the unit of the plot. */
export interface Bar {
  readonly name: string
  readonly value: number
  /** For people: `1.03 kWh, 3.1 boots a day`. */
  readonly label: string
}

const [width, rowHeight, left, right, top] = [760, 34, 170, 230, 56]
const ink = { text: '#22303c', bar: '#2f7f86', line: '#c8553d' }

/**
 * Horizontal bars as an SVG image, with a line at `mark` (the optimum). Everything in it is deterministic, so that two runs
 * of the same simulation give the same bytes.
 */
export function barPlot(
  title: string,
  bars: readonly Bar[],
  mark: { readonly value: number; readonly label: string },
): string {
  const most = Math.max(mark.value, ...bars.map(({ value }) => value)) || 1
  const x = (value: number) => fixed(left + (value / most) * (width - left - right))
  const height = top + bars.length * rowHeight + 30
  const rows = bars.map(({ name, value, label }, index) => {
    const y = top + index * rowHeight
    return [
      `<text x="${left - 10}" y="${y + 20}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${left}" y="${y + 6}" width="${fixed(Number(x(value)) - left)}" height="${rowHeight - 14}" fill="${ink.bar}"/>`,
      `<text x="${Number(x(value)) + 8}" y="${y + 20}">${escaped(label)}</text>`,
    ].join('\n')
  })
  const markX = x(mark.value)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="${ink.text}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="20" y="30" font-size="16" font-weight="bold">${escaped(title)}</text>`,
    ...rows,
    `<line x1="${markX}" y1="${top - 6}" x2="${markX}" y2="${height - 26}" stroke="${ink.line}" stroke-dasharray="4 3"/>`,
    `<text x="${markX}" y="${height - 10}" fill="${ink.line}" text-anchor="middle">${escaped(mark.label)}</text>`,
    '</svg>\n',
  ].join('\n')
}

const fixed = (value: number): string => value.toFixed(1)

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
