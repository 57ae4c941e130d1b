import type { EndedReport } from '../../cluster/messages.ts'
import type { SubtitleTrack } from '../../plan/plan.ts'
import { type BurntText, type BurntTextOptions, createBurntText } from './burnt-text.ts'
import { createTrackText, type TrackText, type TrackTextOptions } from './track-text.ts'

/** All the text of a session, and the leases that read it. */
export interface SessionText {
  readonly burnt: BurntText | null
  /** What goes into the segments themselves. */
  readonly inside: TrackText | null
  readonly beside: TrackText | null
  /** There are nodes. */
  begin(): void
  /** Whether the report is about a lease that read text. */
  ended(report: EndedReport): boolean
  nodeLost(node: string): void
  close(): void
}

export function createSessionText(options: BurntTextOptions & TrackTextOptions): SessionText {
  const { subtitles = [] } = options.plan
  const isInside = ({ to }: SubtitleTrack) => to.kind === 'inside'
  const burnt = createBurntText(options)
  const inside = createTrackText(options, subtitles.filter(isInside), 'inside')
  const beside = createTrackText(
    options,
    subtitles.filter((track) => !isInside(track)),
    'text',
  )
  const all = [burnt, inside, beside].filter((text) => text !== null)
  return {
    ...{ burnt, inside, beside },
    begin() {
      inside?.begin()
      beside?.begin()
    },
    ended: (report) => all.some((text) => text.ended(report)),
    nodeLost(node) {
      for (const text of all) text.nodeLost(node)
    },
    close() {
      for (const text of all) text.close()
    },
  }
}
