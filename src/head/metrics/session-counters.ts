import type { EndedEntry, RunningEntry } from '../session/session-hall.ts'

/** What sessions have done since the head began, those that run with those that are over. */
export interface SessionCounts {
  readonly ended: Readonly<Record<SessionEndKind, number>>
  readonly started: number
  readonly publishedSegments: number
  readonly hedges: number
  readonly cuts: number
  readonly failedLeases: number
  /** Segments of pictures, by the name of the node that made them. */
  readonly made: ReadonlyMap<string, number>
}

export type SessionEndKind = 'finished' | 'killed' | 'failed'

export interface SessionCounters {
  /** To be told of every session that is over, once. */
  ended(entry: Pick<EndedEntry, 'tally' | 'chronicle'>): void
  counts(running: readonly Pick<CountedEntry, 'tally' | 'chronicle'>[]): SessionCounts
}

type CountedEntry = EndedEntry

/** Names of nodes that are counted by themselves; those beyond are counted together, so that labels stay few. */
const mostNames = 1_000

export function createSessionCounters(): SessionCounters {
  const past = emptyCounts()
  return {
    ended({ tally, chronicle }) {
      past.started += 1
      if (chronicle.end) past.ended[chronicle.end.how] += 1
      add(past, tally, chronicle)
    },
    counts(running) {
      const all = { ...past, ended: { ...past.ended }, made: new Map(past.made) }
      all.started += running.length
      for (const { tally, chronicle } of running) add(all, tally, chronicle)
      return all
    },
  }
}

interface Counting extends SessionCounts {
  ended: Record<SessionEndKind, number>
  started: number
  publishedSegments: number
  hedges: number
  cuts: number
  failedLeases: number
  made: Map<string, number>
}

function emptyCounts(): Counting {
  return {
    ...{ ended: { finished: 0, killed: 0, failed: 0 }, started: 0, publishedSegments: 0 },
    ...{ hedges: 0, cuts: 0, failedLeases: 0, made: new Map() },
  }
}

function add(to: Counting, tally: EndedEntry['tally'], { counts }: EndedEntry['chronicle']): void {
  to.publishedSegments += counts.published
  to.hedges += tally.hedges
  to.cuts += counts.cuts
  to.failedLeases += counts.failures
  for (const [name, segments] of tally.segmentsByNode) {
    const label = to.made.has(name) || to.made.size < mostNames ? name : 'others'
    to.made.set(label, (to.made.get(label) ?? 0) + segments)
  }
}

/** What runs, as it is counted. */
export function runningCounts(running: readonly RunningEntry[]): Pick<CountedEntry, 'tally' | 'chronicle'>[] {
  return running.map(({ session, chronicle }) => ({ tally: session.tally, chronicle }))
}
