import type { Chronicle } from '../../session/chronicle/chronicle.ts'
import type { NodeDecision } from '../contract/node-detail.ts'

/** A session, as far as it says what its nodes were given, and why. */
export interface DecidedSession {
  readonly title: string
  readonly chronicle: Pick<Chronicle, 'ran'>
}

/**
 * The last decision about a node: what the power policy has decided, or the work that it was given since; null before
 * the first.
 *
 * @param name of the node
 */
export function lastDecision(
  name: string,
  power: NodeDecision | null,
  sessions: readonly DecidedSession[],
): NodeDecision | null {
  const given = sessions.flatMap(({ title, chronicle }) =>
    chronicle.ran
      .filter(({ node }) => node === name)
      .map(({ atMs, part, from, why }) => ({
        ...{ atMs, what: `${part} of ${title} from segment ${from}`, reason: why },
      })),
  )
  return [power, ...given].reduce(
    (last, next) => (next !== null && (last === null || next.atMs >= last.atMs) ? next : last),
    null,
  )
}
