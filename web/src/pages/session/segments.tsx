import type { AllSegments } from '../../../../src/head/api/contract/session-detail.ts'
import { NodeChip } from '../../parts/node-chip.tsx'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { useAnswer } from '../../parts/use-answer.ts'
import { countText } from '../../words/counts.ts'
import { segmentRuns } from './segment-runs.ts'

const askEveryMs = 5_000

/** All segments of pictures in the order of the film, by the lease that made them: the strip in words. */
export function Segments({ id }: { readonly id: string }) {
  const { value } = useAnswer<AllSegments>(`sessions/${encodeURIComponent(id)}/segments`, askEveryMs)
  const runs = segmentRuns(value?.segments ?? [])
  return (
    <section class="section" aria-labelledby="segments-heading">
      <h2 id="segments-heading">Segments</h2>
      {runs.length === 0 ? (
        <p class="quiet">None yet.</p>
      ) : (
        <ScrollArea class="limited card" label="Segments">
          <table class="segments">
            <thead>
              <tr>
                <th scope="col">Segments</th>
                <th scope="col">Made by</th>
                <th scope="col">What happened</th>
              </tr>
            </thead>
            <tbody>
              {runs.map(({ node, from, to, hedged, leasedAgain }) => (
                <tr key={from} data-from={from} data-to={to} data-node={node}>
                  <td>{from === to ? from : `${from} to ${to}`}</td>
                  <td>
                    <NodeChip node={node} />
                  </td>
                  <td class="quiet">
                    {[
                      hedged > 0 ? countText(hedged, 'hedge') : '',
                      leasedAgain > 0 ? `${leasedAgain} leased again` : '',
                    ]
                      .filter(Boolean)
                      .join(', ')}
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
