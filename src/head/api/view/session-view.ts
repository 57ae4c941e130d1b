import { expectedEndSegment, slotSeconds } from '../../../media/timeline.ts'
import type { SessionView as LeasesNow } from '../../../session/session.ts'
import type { Chronicle } from '../../session/chronicle/chronicle.ts'
import type { StripRow } from '../../session/chronicle/segment-strip.ts'
import type { SessionAbout } from '../../session/session-hall.ts'
import type { SessionTally } from '../../session/tally.ts'
import type { LeaseView } from '../contract/node-view.ts'
import {
  type PlayerView,
  type SegmentView,
  type SessionState,
  type SessionView,
  segmentFlags,
  shownSegments,
} from '../contract/session-view.ts'
import { jobWords } from './plan-words.ts'

/** All that is known of one session. */
export interface SessionFacts {
  readonly id: string
  readonly about: SessionAbout
  readonly tally: SessionTally
  readonly chronicle: Chronicle
  /** Nothing once it is over. */
  readonly now?: {
    readonly view: LeasesNow
    readonly player: { readonly leadSeconds: number; readonly isPaused: boolean }
    readonly isThrottled: boolean
  }
  /** Milliseconds since 1970. */
  readonly wallMs: number
  readonly nameOf: (node: string) => string
}

/** @param hasSegments without, the list of segments is empty: a strip is most of what a view costs. */
export function sessionView(facts: SessionFacts, hasSegments = true): SessionView {
  const { id, about, tally, chronicle } = facts
  const speed = facts.now ? chronicle.speed() : null
  return {
    ...{ id, title: about.title, dialect: about.dialect ?? 'paceline', job: jobWords(about.plan) },
    ...{ mode: about.mode, state: sessionState(facts) },
    ...{ startedAtMs: chronicle.startedAtMs, endedAtMs: chronicle.endedAtMs },
    speed: speed === null ? null : Math.round(speed * 10) / 10,
    player: playerView(facts),
    timeline: timelineView(facts),
    segments: hasSegments ? chronicle.strip.rows(shownSegments).map(segmentView) : [],
    publishedSegments: tally.publishedSegments,
    hedges: tally.hedges,
    cuts: [...chronicle.cuts],
    leases: leaseViews(facts),
    waitsFor: [...tally.waitsFor],
    reason: chronicle.end?.how === 'failed' ? chronicle.end.reason : null,
  }
}

/** One segment as the contract tells it. */
export function segmentView(row: StripRow): SegmentView {
  const flags = (row.isHedged ? segmentFlags.hedged : 0) | (row.isLeasedAgain ? segmentFlags.leasedAgain : 0)
  return [row.segment, row.node, row.attempt, row.publishedAtMs, flags]
}

export function sessionState({ about, tally, chronicle, now }: SessionFacts): SessionState {
  if (chronicle.end) return chronicle.isLocal ? 'local' : chronicle.end.how
  if (tally.waitsFor.size > 0) return 'waiting'
  if (now?.isThrottled) return 'throttled'
  if (tally.publishedSegments === 0) return 'starting'
  return about.mode === 'stream' && (now?.player.leadSeconds ?? 0) < 0 ? 'waiting' : 'running'
}

function playerView({ about, tally, now, wallMs }: SessionFacts): PlayerView | null {
  const until = tally.publishedUntilSeconds
  if (about.mode === 'file' || !now || until === null) return null
  const { leadSeconds, isPaused } = now.player
  return {
    positionSeconds: round(until - Math.max(0, leadSeconds)),
    leadSeconds: round(leadSeconds),
    isPaused,
    atMs: wallMs,
  }
}

function timelineView({ about, now }: SessionFacts): SessionView['timeline'] {
  const { timeline } = about.plan
  const expected = expectedEndSegment(timeline)
  return {
    firstSegment: timeline.firstSegment,
    endSegment: now?.view.endSegment ?? (expected > timeline.firstSegment ? expected : null),
    startSeconds: round(slotSeconds(timeline, timeline.firstSlot)),
    segmentSeconds: round(timeline.segmentSeconds),
  }
}

/** Leases of a session that run. */
export function leaseViews({ id, chronicle, now, nameOf }: SessionFacts): LeaseView[] {
  if (!now) return []
  return now.view.leases.map(({ attempt, part, node, from, to, next }) => ({
    ...{ attempt, session: id, node: nameOf(node), part, from, to, next },
    ...{ isHedge: chronicle.isHedge(attempt), isCut: chronicle.isCut(attempt) },
  }))
}

const round = (value: number): number => Math.round(value * 100) / 100
