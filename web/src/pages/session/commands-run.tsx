import type { RanLease } from '../../../../src/head/api/contract/session-detail.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { NodeSwatch } from '../../parts/node-chip.tsx'
import { headNowMs } from '../../state/current.ts'
import { shellWords } from '../../words/shell-words.ts'
import { momentText } from '../../words/times.ts'

interface CommandsRunProps {
  /** Null for a job that came by the API. */
  readonly received: readonly string[] | null
  readonly ran: readonly RanLease[]
}

/** The command line as received, and as each node ran it, with why it was that node. */
export function CommandsRun({ received, ran }: CommandsRunProps) {
  return (
    <section class="section" aria-labelledby="commands-heading">
      <h2 id="commands-heading">Command lines</h2>
      <ul class="ran card">
        {received === null ? null : (
          <li>
            <details>
              <summary>As the media server wrote it</summary>
              <CommandLine label="Command line as received" command={shellWords(received)} />
            </details>
          </li>
        )}
        {ran.toReversed().map((lease) => (
          <li key={lease.attempt}>
            <LeaseRun lease={lease} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function LeaseRun({ lease }: { readonly lease: RanLease }) {
  const { node, part, from, to, atMs, way, why, outcome, reason, args } = lease
  const end = to >= Number.MAX_SAFE_INTEGER ? 'the end' : to - 1
  return (
    <details>
      <summary>
        <span>
          <NodeSwatch node={node} /> {node}
        </span>
        <span>
          {part} {from} to {end}
        </span>
        <span class="tag">{way ?? 'copy'}</span>
        <span class="quiet small">{outcome ?? 'runs'}</span>
        <span class="quiet small">{momentText(atMs, headNowMs.peek())}</span>
      </summary>
      <p class="small">
        <strong>Why {node}:</strong> {why}
      </p>
      {reason === null ? null : <p class="warning">{reason}</p>}
      <CommandLine label={`Command line on ${node}`} command={`ffmpeg ${shellWords(args)}`} />
    </details>
  )
}
