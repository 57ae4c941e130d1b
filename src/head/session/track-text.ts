import { setTimeout as sleep } from 'node:timers/promises'
import type { EndedReport } from '../../cluster/messages.ts'
import { ass } from '../../container/text/ass.ts'
import { srt } from '../../container/text/srt.ts'
import type { TextFormatRules } from '../../container/text/text-file.ts'
import type { TextProgress } from '../../dialects/plex/text-progress.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import type { Plan, SubtitleTrack } from '../../plan/plan.ts'
import { type TextSource, textLookBackSeconds } from '../../platforms/text-lease.ts'
import type { LeaseCarrier } from './lease-carrier.ts'
import { createTextLeases, type TextLeases } from './text-leases.ts'
import { createTextReader } from './text-reader.ts'

/** Tracks of text that are made, but for what is burnt in. */
export interface TrackText {
  /** Begins to read: there are nodes. */
  begin(): void
  /**
   * Of each track the cues that begin before `untilSeconds` and have not been given yet, in the order of their times.
   * Rejects when no node could read them.
   */
  until(untilSeconds: number): Promise<readonly TextProgress[]>
  /** Whether the report is about a lease that read some of it. */
  ended(report: EndedReport): boolean
  nodeLost(node: string): void
  close(): void
}

export interface TrackTextOptions {
  /** The session's. */
  readonly id: string
  readonly plan: Plan
  readonly carrier: LeaseCarrier
  /** Nodes of the session, the best first. */
  readonly nodes: () => readonly string[]
}

/** A session whose nodes have all gone waits some seconds for others; so does its text. */
const nodeCheckMs = 100

/** Null without tracks. `name` tells their leases from others of the session. */
export function createTrackText(
  options: TrackTextOptions,
  wanted: readonly SubtitleTrack[],
  name: string,
): TrackText | null {
  if (wanted.length === 0) return null
  let isClosed = false
  const someNode = async (): Promise<string> => {
    for (;;) {
      const node = options.nodes().at(-1)
      if (node !== undefined || isClosed) return node ?? ''
      await sleep(nodeCheckMs)
    }
  }
  const tracks = wanted.map((track, index) => openTrack({ ...options, someNode }, track, `${name}-${index}`))
  return {
    until: (untilSeconds) => Promise.all(tracks.map(({ until }) => until(untilSeconds))),
    ended: (report) => tracks.some(({ leases }) => leases.ended(report)),
    begin() {
      for (const { begin } of tracks) begin()
    },
    nodeLost(node) {
      for (const { leases } of tracks) leases.nodeLost(node)
    },
    close() {
      isClosed = true
      for (const { leases } of tracks) leases.close()
    },
  }
}

const rulesOf: Readonly<Record<TextSource['format'], TextFormatRules | null>> = { ass, srt, webvtt: null }

interface Track {
  readonly leases: TextLeases
  begin(): void
  until(untilSeconds: number): Promise<TextProgress>
}

function openTrack(
  options: TrackTextOptions & { readonly someNode: () => Promise<string> },
  track: SubtitleTrack,
  name: string,
): Track {
  const { id, plan, carrier, nodes, someNode } = options
  const { source, alone, codec } = track
  const { format } = track.to
  const rules = format && rulesOf[format]
  if (!rules || codec === 'mov_text') throw new RangeError(`${codec} as ${format} is not carried out`)
  const leases = createTextLeases({
    ...{ id, plan, carrier, name },
    text: { source, alone, format, codec, byTime: true },
  })
  const startSeconds = slotSeconds(plan.timeline, plan.timeline.firstSlot)
  const reader = createTextReader({
    ...{ rules, startSeconds, lookBackSeconds: textLookBackSeconds, whole: alone, nodes },
    read: leases.read,
  })
  let given = 0
  return {
    leases,
    begin() {
      const { timeline } = plan
      const end = slotSeconds(timeline, boundarySlot(timeline, timeline.firstSegment + 1))
      // Whoever publishes hears of what fails.
      someNode()
        .then((node) => reader.until(end, node))
        .catch(() => undefined)
    },
    async until(untilSeconds) {
      const { header, trailer, cues } = await reader.until(untilSeconds, await someNode())
      // What a session after a seek never shows is not for it.
      const shown = cues
        .filter(({ endSeconds }) => startSeconds <= 0 || endSeconds > startSeconds)
        .toSorted((a, b) => a.startSeconds - b.startSeconds)
      const fresh = shown.slice(given).filter(({ startSeconds: start }) => start < untilSeconds)
      given += fresh.length
      return { rules, header, trailer, cues: fresh }
    },
  }
}
