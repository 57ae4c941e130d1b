import type { EndedReport } from '../../cluster/messages.ts'
import { type BesideText, type BesideTextOptions, createBesideText } from './beside-text.ts'
import { type BurntText, type BurntTextOptions, createBurntText } from './burnt-text.ts'

/** All the text of a session, and the leases that read it. */
export interface SessionText {
  readonly burnt: BurntText | null
  readonly beside: BesideText | null
  /** Whether the report is about a lease that read text. */
  ended(report: EndedReport): boolean
  nodeLost(node: string): void
  close(): void
}

export function createSessionText(options: BurntTextOptions & BesideTextOptions): SessionText {
  const [burnt, beside] = [createBurntText(options), createBesideText(options)]
  const both = [burnt, beside].filter((text) => text !== null)
  return {
    ...{ burnt, beside },
    ended: (report) => both.some((text) => text.ended(report)),
    nodeLost(node) {
      for (const text of both) text.nodeLost(node)
    },
    close() {
      for (const text of both) text.close()
    },
  }
}
