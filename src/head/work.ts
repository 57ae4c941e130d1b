import { join } from 'node:path'
import type { Certificate } from '../cluster/certificate.ts'
import { type Credentials, openCredentials } from '../cluster/credentials.ts'
import { checkPowerSettings } from '../power/power-settings.ts'
import { shortenedPolicy } from '../session/spec.ts'
import { type ControlPlane, openControlPlane } from './control-plane.ts'
import { createLeaseBook, type LeaseBook } from './data/lease-book.ts'
import { type DrainedNodes, openDrainedNodes } from './drain/drained-nodes.ts'
import { type Fleet, openFleet } from './fleet.ts'
import type { NatsViolations } from './gate/nats-violations.ts'
import type { HeadOptions } from './head-options.ts'
import type { BootClock } from './join/boot-clock.ts'
import type { FormerSessions } from './memory/former-sessions.ts'
import { openHouseClock } from './power/house-clock.ts'
import { createPowerDesk, type PowerDesk } from './power/power-desk.ts'
import { openPowerMemory } from './power/power-memory.ts'
import { watchViewerSigns } from './power/viewer-signs.ts'
import { createRecord } from './record.ts'
import type { RefusalLog } from './refusal-log.ts'
import type { FirstResponder } from './responder/first-responder.ts'
import { openResponder, prepareResponder } from './responder/open-responder.ts'
import type { HeadPlace } from './responder/responder-identity.ts'
import { watchContact } from './session/contact-watch.ts'
import { createSessionHall, type EndedEntry, type SessionHall } from './session/session-hall.ts'
import type { Shutdown } from './shutdown.ts'
import { createTrustKeeper, type TrustKeeper } from './trust/trust-keeper.ts'

/** What carries orders to nodes, and what they do back. */
export interface Work {
  readonly control: ControlPlane
  readonly fleet: Fleet
  readonly hall: SessionHall
  readonly leases: LeaseBook
  readonly credentials: Credentials
  readonly drained: DrainedNodes
  readonly trust: TrustKeeper
  readonly responder: FirstResponder
  readonly responderId: string | undefined
  readonly power: PowerDesk
}

export interface WorkNeeds {
  /** See SessionHallOptions. */
  readonly onSession?: (id: string, segment?: number) => void
  readonly onEnded?: (entry: EndedEntry) => void
  readonly certificate: Certificate
  readonly place: () => Promise<HeadPlace>
  readonly refusals: RefusalLog
  readonly violations: NatsViolations
  readonly former: FormerSessions
  readonly clock: BootClock
}

/** Starts the control plane, and everything that orders go through. Throws PacelineError. */
export async function startWork(
  options: HeadOptions,
  { certificate, place, refusals, violations, former, clock, onSession, onEnded }: WorkNeeds,
  keptNatsPort: number,
  shutdown: Shutdown,
): Promise<Work> {
  const { dataFolder, log } = options
  const now = () => performance.now()
  const credentials = await openCredentials(dataFolder)
  const drained = await openDrainedNodes(dataFolder)
  const memory = await openPowerMemory({ dataFolder, onTrouble: (message) => log.warn(message) })
  const identity = await prepareResponder(dataFolder, options.responder, credentials)
  const isKnown = (node: string) => credentials.nodes().some(({ id }) => id === node)
  const control = await openControlPlane({
    ...{ dataFolder, certificate, credentials, natsUrl: options.natsUrl },
    port: { named: options.natsPort, kept: keptNatsPort },
    onNotice: (message) => log.info(message),
    onTrouble: ({ code, message, hint }) => log.warn({ code, hint }, message),
    onServerLine: violations.heard,
    onInvalid: (node, why) => refusals.note('E_NODE_MESSAGE', node, why),
    onLedgerEmptied: () => hall.recordAgain(),
  })
  shutdown.add(() => control.close())
  const leases = createLeaseBook(now, former.holds)
  let lastChangeMs = now()
  const record = createRecord(control.ledger, (message) => log.warn(message))
  shutdown.add(() => record.close())
  const fleet = await openFleet(control.link, now, {
    onChange() {
      lastChangeMs = now()
      trust.look()
      power.look()
      hall.shareOut()
    },
    onBeat: (beat) => power.heard(beat),
    onLost: (node) => hall.nodeLost(node),
    onNotice: (message) => log.info(message),
    onProgress: (node, progress) => hall.progress(node, progress),
    isCarried: (attempt, node) => hall.isCarried(attempt) || former.holds(attempt, node),
    isKnown,
    isDrained: (node) =>
      credentials.nodes().some(({ id, name }) => id === node && drained.has(name)) || power.isLeaving(node),
    isFirstResponder: (node) => node === identity?.id,
  })
  shutdown.add(() => fleet.close())
  const trust = createTrustKeeper({ fleet, now, log, onChange: () => hall.shareOut() })
  shutdown.add(async () => trust.close())
  const responder = openResponder({
    ...{ settings: options.responder, identity, credentials, fleet, place, now, log },
    lastChangeMs: () => lastChangeMs,
    canWake: () => power.canWake(),
  })
  const power = createPowerDesk({
    ...{ memory, fleet, responder, responderId: identity?.id, clock: openHouseClock(), log },
    settings: options.power ?? checkPowerSettings({}),
    known: credentials.nodes,
    isDrained: drained.has,
    leasesOf: (node) => hall.leasesOf(node),
    capacityOf: (node) => hall.capacityOf(node),
    onChange: () => hall.shareOut(),
  })
  shutdown.add(() => power.close())
  const plexLog = options.power?.plexLog
  if (plexLog && power.isActive) {
    const signs = watchViewerSigns({ path: plexLog, foresee: power.foresee, nowMs: now, log })
    shutdown.add(async () => signs.close())
  }
  const stagingFolder = join(dataFolder, 'staging')
  const hall = createSessionHall({
    ...{
      fleet,
      leases,
      stagingFolder,
      now,
      record,
      log,
      trust,
      responder,
      former,
      clock,
      power,
      release: options.version,
    },
    policy: shortenedPolicy(options.maxLeaseSegments),
    ...(options.overload && { overload: options.overload }),
    ...(onSession && { onSession }),
    ...(onEnded && { onEnded }),
  })
  const contact = watchContact({ awayMs: fleet.awayMs, sessions: hall.running, now })
  shutdown.add(() => contact.close())
  await control.link.serveReports((report) => {
    // On somebody else's NATS server one that was removed may still speak; what it says ends nothing.
    if (!isKnown(report.node)) return
    fleet.sign(report.node)
    if (!former.keep(report)) hall.leaseEnded(report)
  })
  return {
    control,
    fleet,
    hall,
    leases,
    credentials,
    drained,
    trust,
    responder,
    responderId: identity?.id,
    power,
  }
}
