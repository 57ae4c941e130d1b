import type { PublisherMemory } from '../dialects/plex/publisher.ts'
import type { ServerReports } from '../dialects/plex/server-reports.ts'
import type { Plan } from '../plan/plan.ts'
import type { LiveSession } from './session/live-session.ts'
import type { SessionOutput } from './session/output.ts'

/** How what a job of Plex makes gets to its place, and the server to hear of it. */
export interface Delivery {
  /** Whether a viewer waits for it segment by segment, or somebody for the whole. */
  readonly mode: 'stream' | 'file'
  readonly reports: ServerReports
  output(plan: Plan): SessionOutput
  /** The job is not the head's any more. */
  close(): Promise<void>
}

/** What a delivery hears of its job. */
export interface Delivered {
  /** Null until there is one. */
  session(): LiveSession | null
  /** What the publisher of an earlier head has left, where this job goes on. */
  readonly before?: PublisherMemory | undefined
  /** Where the job begins in its film. */
  startSeconds(): number
  /** The media server did not take a call. */
  onProblem(problem: string): void
}
