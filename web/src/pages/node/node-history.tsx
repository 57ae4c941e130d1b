import type { NodeMoment } from '../../../../src/head/api/contract/node-detail.ts'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { headNowMs } from '../../state/current.ts'
import { momentWords } from '../../words/states.ts'
import { momentText } from '../../words/times.ts'

/** What became of a node, the last first. */
export function NodeHistory({ moments }: { readonly moments: readonly NodeMoment[] | null }) {
  if (moments === null) return null
  return (
    <section class="section" aria-labelledby="history-heading">
      <h2 id="history-heading">History</h2>
      {moments.length === 0 ? (
        <p class="empty">Nothing has happened since the head started.</p>
      ) : (
        <ScrollArea class="card" label="History">
          <table class="moments">
            <tbody>
              {moments.toReversed().map(({ atMs, what, why }, place) => (
                <tr key={`${atMs} ${what} ${place}`}>
                  <td>{momentText(atMs, headNowMs.value)}</td>
                  <td class="words">
                    {momentWords(what)} <bdi class="quiet small">{why}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </section>
  )
}
