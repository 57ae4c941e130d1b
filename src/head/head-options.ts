import type { Logger } from 'pino'
import type { LogRing } from '../cluster/log-ring.ts'
import type { OutwardSettings } from '../outward/settings.ts'
import type { EnergySettings } from '../power/energy-settings.ts'
import type { PowerSettings } from '../power/power-settings.ts'
import type { ResponderSettings } from './responder/open-responder.ts'
import type { OverloadPolicy } from './session/admissions.ts'

/** What whoever starts the head wants of it. */
export interface HeadOptions {
  readonly dataFolder: string
  /** Address to listen on for nodes; all of them unless told. */
  readonly host: string
  readonly port: number | undefined
  readonly natsPort: number | undefined
  readonly natsUrl: string | undefined
  readonly ffmpeg: string
  /** The group whose members may use the shim's socket; the head's own unless told. */
  readonly doorGroup?: string | undefined
  /** Folders below which the head opens media itself; without any, everything is read through the shim. */
  readonly mediaRoots: readonly string[]
  /** Folders below which it writes itself. */
  readonly transcodeRoots: readonly string[]
  /** Run no job and write down what would be done; the switch in the data folder decides unless told. */
  readonly observe?: boolean | undefined
  /** No lease is longer than so many segments; for tests, which want many seams. */
  readonly maxLeaseSegments?: number | undefined
  /** For streams that nodes cannot carry beside those that play. */
  readonly overload?: OverloadPolicy | undefined
  /** This machine's own ffmpeg as a node of last resort; none unless told. */
  readonly responder?: ResponderSettings | undefined
  /** Drivers, watts and rules; nobody switches anything unless told. */
  readonly power?: PowerSettings | undefined
  /** A price, and what to compare with. */
  readonly energy?: EnergySettings | undefined
  /** Who else is told of what happens; nobody unless told. */
  readonly events?: OutwardSettings | undefined
  readonly version: string
  readonly log: Logger
  /** What was written to it last; nothing is told of it without. */
  readonly recentLog?: LogRing
}
