import type { LeaseView } from '../../../../src/head/api/contract/node-view.ts'
import { fleetState } from '../../state/current.ts'
import { sessionAddress } from '../../state/route.ts'

/** What a node has in hand. */
export function LeasesInHand({ leases }: { readonly leases: readonly LeaseView[] }) {
  return (
    <section class="section" aria-labelledby="leases-heading">
      <h2 id="leases-heading">In hand</h2>
      {leases.length === 0 ? (
        <p class="quiet">Nothing.</p>
      ) : (
        <ul>
          {leases.map((lease) => (
            <li key={lease.attempt}>
              <a href={sessionAddress(lease.session)}>
                <bdi>{fleetState.sessions.of(lease.session)?.value.title ?? lease.session}</bdi>
              </a>{' '}
              <span class="quiet small">{leaseWords(lease)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function leaseWords({ part, next, to, isHedge, isCut }: LeaseView): string {
  const until = to >= Number.MAX_SAFE_INTEGER ? 'the end' : String(to - 1)
  return `${part}, segment ${next}, up to ${until}${isHedge ? ', a hedge' : ''}${isCut ? ', cut' : ''}`
}
