import type { Logger } from 'pino'
import type { Roots } from './files/roots.ts'
import type { Fleet } from './fleet.ts'
import type { InputLibrary } from './input-library.ts'
import type { FormerSessions } from './memory/former-sessions.ts'
import type { PowerDesk } from './power/power-desk.ts'
import type { RefusalLog } from './refusal-log.ts'
import type { FirstResponder } from './responder/first-responder.ts'
import type { SessionHall } from './session/session-hall.ts'

/** What jobs are carried out with. */
export interface JobSources {
  readonly hall: SessionHall
  readonly library: InputLibrary
  readonly fleet: Fleet
  readonly responder: Pick<FirstResponder, 'takes' | 'call'>
  /** Nodes may have to be woken. */
  readonly power?: Pick<PowerDesk, 'expect'>
  /** What shims may come back for. */
  readonly former: Pick<FormerSessions, 'take'>
  /** Below these the head opens media itself, where it finds the shim's own file there. */
  readonly mediaRoots: Roots
  /** Below these it writes segments itself. */
  readonly transcodeRoots: Roots
  readonly now: () => number
  readonly log: Logger
  readonly refusals: RefusalLog
}
