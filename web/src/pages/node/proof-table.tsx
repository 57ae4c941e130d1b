import type { KeptOffRow, ProofRow } from '../../../../src/head/api/contract/node-detail.ts'
import { ScrollArea } from '../../parts/scroll-area.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { lengthText } from '../../words/times.ts'

interface ProofTableProps {
  /** Null before the head has told. */
  readonly proofs: readonly ProofRow[] | null
  readonly keptOff: readonly KeptOffRow[]
}

/** What the node was asked to show, and what it could. */
export function ProofTable({ proofs, keptOff }: ProofTableProps) {
  return (
    <section class="section" aria-labelledby="proof-heading">
      <h2 id="proof-heading">Proofs</h2>
      {keptOff.map(({ work, reason, proofInSeconds }) => (
        <p key={work} class="warning">
          Kept off {work}: {reason}. It may prove itself again in {lengthText(proofInSeconds)}.
        </p>
      ))}
      {proofs?.length === 0 ? (
        <p class="empty">
          There is none to show: a node proves what it can within a minute after it has joined, and tells it
          while it is awake.
        </p>
      ) : null}
      {proofs && proofs.length > 0 ? <Rows proofs={proofs} /> : null}
    </section>
  )
}

function Rows({ proofs }: { readonly proofs: readonly ProofRow[] }) {
  return (
    <ScrollArea class="card" label="Proofs">
      <table>
        <thead>
          <tr>
            <th scope="col">Platform</th>
            <th scope="col">Does</th>
            <th scope="col">What</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {proofs.map(({ platform, does, what, ok, why }) => (
            <tr key={`${platform} ${does} ${what}`}>
              <td>{platform}</td>
              <td>{does}</td>
              <td>{what}</td>
              <td>
                <StateMark tone={ok ? 'calm' : 'bad'} words={ok ? 'proved' : (why ?? 'failed')} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}
