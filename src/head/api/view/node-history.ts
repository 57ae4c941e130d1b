import type { Chronicle } from '../../session/chronicle/chronicle.ts'
import type { NodeMoment } from '../contract/node-detail.ts'
import { mostMoments } from './node-diary.ts'

/** A session, as far as it says what its nodes did. */
export interface WorkedSession {
  readonly title: string
  readonly chronicle: Pick<Chronicle, 'moments'>
}

/** Of a session's moments those that are about one node; the others are about the session. */
const ofNodes = new Set(['lease', 'cut', 'lost', 'failed'])

/**
 * What became of a node: the states that it came to, and between them what it was given, what was taken from it again, and
 * what it failed at. Oldest first, the last {@link mostMoments}.
 *
 * @param name of the node
 */
export function nodeHistory(
  name: string,
  states: readonly NodeMoment[],
  sessions: readonly WorkedSession[],
): readonly NodeMoment[] {
  const work = sessions.flatMap(({ title, chronicle }) =>
    chronicle.moments
      .filter(({ node, kind }) => node === name && ofNodes.has(kind))
      .map(({ atMs, words }): NodeMoment => ({ atMs, what: words, why: title })),
  )
  return [...states, ...work].toSorted((one, other) => one.atMs - other.atMs).slice(-mostMoments)
}
