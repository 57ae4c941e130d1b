import { printable } from '../printable.ts'

/** Cells of the column `cut` are shortened where a line would be wider than the terminal otherwise. */
export interface TableFit {
  readonly columns: number
  readonly cut: number
}

/** Shorter than that nobody knows what a title was. */
const leastCut = 12

function fitted(
  all: readonly (readonly string[])[],
  fit: TableFit | undefined,
): readonly (readonly string[])[] {
  if (!fit) return all
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const wide = widths.reduce((sum, width) => sum + width + 2, -2)
  const room = Math.max(leastCut, (widths[fit.cut] ?? 0) - Math.max(0, wide - fit.columns))
  const shortened = (cell: string) => (cell.length <= room ? cell : `${cell.slice(0, room - 1)}…`)
  return all.map((row) => row.map((cell, column) => (column === fit.cut ? shortened(cell) : cell)))
}

/**
 * Columns as wide as their widest cell, two blanks between; the last one is not padded. Cells may be anybody's text: see
 * printable.
 */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  fit?: TableFit,
): string {
  const all = fitted([head, ...rows.map((row) => row.map(printable))], fit)
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${all.map(line).join('\n')}\n`
}
