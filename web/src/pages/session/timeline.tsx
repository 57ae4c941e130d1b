import type { SessionMoment } from '../../../../src/head/api/contract/session-detail.ts'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { headNowMs } from '../../state/current.ts'
import { momentText } from '../../words/times.ts'

/** What happened, the last first. */
export function Timeline({ moments }: { readonly moments: readonly SessionMoment[] }) {
  return (
    <section class="section" aria-labelledby="timeline-heading">
      <h2 id="timeline-heading">Timeline</h2>
      <ScrollArea class="limited card" label="Timeline">
        <table class="moments">
          <tbody>
            {moments.toReversed().map(({ atMs, words, kind }, place) => (
              <tr key={`${atMs} ${moments.length - place}`}>
                <td>{momentText(atMs, headNowMs.peek())}</td>
                <td class="words">
                  <span class="tag">{kind}</span> {words}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </section>
  )
}
