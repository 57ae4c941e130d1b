/** One line on a terminal that is written over as work goes on; nothing at all elsewhere. */
export interface ProgressLine {
  show(percent: number | null, text: string): void
  clear(): void
}

const barCells = 24

export function openProgressLine(stream: NodeJS.WriteStream, wanted: boolean): ProgressLine {
  if (!wanted || !stream.isTTY) return { show: () => {}, clear: () => {} }
  let shown = false
  return {
    show(percent, text) {
      shown = true
      const line =
        percent === null ? text : `${barText(percent)} ${percent.toFixed(0).padStart(3)} %  ${text}`
      stream.write(`\r\u001b[K${line.slice(0, stream.columns - 1)}`)
    },
    clear() {
      if (shown) stream.write('\r\u001b[K')
      shown = false
    },
  }
}

export function barText(percent: number): string {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * barCells)
  return `[${'#'.repeat(full)}${'.'.repeat(barCells - full)}]`
}
