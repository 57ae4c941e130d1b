import { countText } from '../words/counts.ts'
import type { StripCell } from './strip-cells.ts'

/** What a strip shows, for who cannot see it. */
export function stripWords(cells: readonly StripCell[]): string {
  const made = cells.filter(({ phase }) => phase === 'published' || phase === 'made')
  const [first, last] = [made[0], made.at(-1)]
  if (!first || !last) return 'Nothing is made yet.'
  const byNode = new Map<string, number>()
  for (const { node } of made) if (node !== null) byNode.set(node, (byNode.get(node) ?? 0) + 1)
  const makers = [...byNode].map(([node, count]) => `${node} ${count}`).join(', ')
  const count = (test: (cell: StripCell) => boolean) => cells.filter(test).length
  const marks = [
    [count(({ isCut }) => isCut), 'cut'],
    [count(({ isHedged }) => isHedged), 'hedge'],
    [count(({ isLeasedAgain }) => isLeasedAgain), 'segment leased again', 'segments leased again'],
  ] as const
  const seen = marks
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => countText(number, one, many))
  return [`Segments ${first.segment} to ${last.segment}: ${makers}.`, ...seen.map((text) => `${text}.`)].join(
    ' ',
  )
}
