import type { SourcePictures } from '../../placement/demand.ts'
import type { Plan } from '../../plan/plan.ts'
import type { FormerSession } from '../memory/former-sessions.ts'
import type { SessionInput } from './lease-carrier.ts'
import type { SessionOutput } from './output.ts'

/** What a session is to make, and for whom. */
export interface SessionOrder {
  readonly plan: Plan
  readonly mode: 'stream' | 'file'
  /** Pictures of the film, where they are known. */
  readonly source?: SourcePictures
  readonly inputs: readonly SessionInput[]
  readonly output: SessionOutput
  /** Fonts that text in the picture may need. */
  readonly fonts?: readonly Buffer[]
  /** For people: what is being made. */
  readonly title: string
  /** Who asked; Paceline's own API unless told. */
  readonly dialect?: 'plex' | 'jellyfin'
  /** The shim's process, in its own namespace: what it writes is in the media server's log. */
  readonly shim?: number
  /** The command line as it came, without secrets. */
  readonly received?: readonly string[]
  /** What was asked for, by its digest, where another head could go on with it. */
  readonly job?: string
  /** To be gone on with. */
  readonly past?: FormerSession
}
