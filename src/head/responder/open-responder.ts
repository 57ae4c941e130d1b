import type { Logger } from 'pino'
import type { Credentials } from '../../cluster/credentials.ts'
import type { Fleet } from '../fleet.ts'
import {
  createFirstResponder,
  type FirstResponder,
  type ResponderMode,
  type StartResponder,
} from './first-responder.ts'
import { noResponder } from './no-responder.ts'
import {
  admitResponder,
  dismissResponder,
  type HeadPlace,
  type ResponderIdentity,
} from './responder-identity.ts'

/** What whoever starts the head says of the first responder. */
export interface ResponderSettings {
  readonly mode: ResponderMode
  readonly ffmpeg: string
  readonly start: StartResponder
}

/** Lets it in, or puts it out where it is off: null then. To be called before NATS is told who may enter. */
export async function prepareResponder(
  dataFolder: string,
  settings: ResponderSettings | undefined,
  credentials: Credentials,
): Promise<ResponderIdentity | null> {
  if (settings && settings.mode !== 'off') return admitResponder(dataFolder, credentials)
  await dismissResponder(dataFolder, credentials)
  return null
}

/**
 * A node that was there so long ago is waited for: boards boot within a minute, and a head that was restarted hears of
 * its nodes within seconds. One that has been gone for longer is not coming back for this viewer.
 */
const expectedMs = 15 * 60_000

export interface ResponderSurroundings {
  readonly settings: ResponderSettings | undefined
  readonly identity: ResponderIdentity | null
  readonly credentials: Pick<Credentials, 'nodes'>
  readonly fleet: Fleet
  readonly place: () => Promise<HeadPlace>
  /** When a node last came or went, on the clock of `now`. */
  readonly lastChangeMs: () => number
  /** Whether a node that sleeps could be woken. */
  readonly canWake: () => boolean
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

export function openResponder(around: ResponderSurroundings): FirstResponder {
  const { settings, identity, credentials, now } = around
  if (!settings) return noResponder
  return createFirstResponder({
    ...settings,
    ...{ identity, fleet: around.fleet, place: around.place, now, log: around.log },
    expectsNodes: () =>
      around.canWake() ||
      (credentials.nodes().some(({ id }) => id !== identity?.id) &&
        now() - around.lastChangeMs() < expectedMs),
    isKnown: (which) => credentials.nodes().some(({ id }) => id === which),
  })
}

/** An address at which this machine reaches a server that listens there. */
export function ownAddress(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
