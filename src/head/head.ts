import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { openCertificate } from '../cluster/certificate.ts'
import { makeDataFolder } from '../cluster/data-folder.ts'
import { createLogRing } from '../cluster/log-ring.ts'
import { isObserveOnly } from '../install/observe-switch.ts'
import { openOutlets } from '../outward/open-outlets.ts'
import { checkEnergySettings } from '../power/energy-settings.ts'
import { checkPowerSettings } from '../power/power-settings.ts'
import { outsideAddresses } from './addresses.ts'
import { openViews } from './api/open-views.ts'
import { headStatus, knownNodes } from './api/status.ts'
import { powerSource } from './api/view/power-source.ts'
import { openDoor } from './door/door.ts'
import { openGuard } from './door/guard.ts'
import { clearSocketPath } from './door/socket-path.ts'
import { createDrain } from './drain/drain.ts'
import { openEnergyBook } from './energy/energy-book.ts'
import { createRoots } from './files/roots.ts'
import { createFilmLight, type FilmLight } from './film-light.ts'
import { createGate } from './gate/gate.ts'
import { createNatsViolations } from './gate/nats-violations.ts'
import { removeHeadFile, writeHeadFile } from './head-file.ts'
import type { HeadOptions } from './head-options.ts'
import { openHeadServer } from './head-server.ts'
import { createInputLibrary, type InputLibrary } from './input-library.ts'
import { carryOutJob } from './job.ts'
import type { JobSources } from './job-sources.ts'
import { openBootClock } from './join/boot-clock.ts'
import { openJoinTokens } from './join/join-tokens.ts'
import { createRegistry } from './join/registry.ts'
import { keepPorts, readKeptPorts } from './kept-ports.ts'
import { openKnownPeaks } from './known-peaks.ts'
import { createLocalJobs } from './local-jobs.ts'
import { gatherLogs } from './logs/gathered-logs.ts'
import { openFormerSessions } from './memory/former-sessions.ts'
import { openMetrics } from './metrics/open-metrics.ts'
import { createSessionCounters } from './metrics/session-counters.ts'
import { openObservedLog } from './observe/observed-log.ts'
import { createObserver, type Observer } from './observe/observer.ts'
import { feedOutlet } from './outward/outward-feed.ts'
import { nodePowerStatus, powerStatus } from './power/power-status.ts'
import { openProbeDesk } from './probe/probe-desk.ts'
import { createWaitingProbe } from './probe/waiting-probe.ts'
import { createRefusalLog } from './refusal-log.ts'
import { rehearse } from './rehearsal.ts'
import { ownAddress } from './responder/open-responder.ts'
import { type HeadPlace, responderName } from './responder/responder-identity.ts'
import { createShutdown, type Shutdown } from './shutdown.ts'
import { createSourceSeeking } from './source-seeking.ts'
import { transcodeFile } from './transcode-job.ts'
import { startWork } from './work.ts'

/** A head at work. */
export interface Head {
  /** Base address of the API on this machine. */
  readonly api: string
  /** `unix:/path` for PACELINE_HEAD. */
  readonly door: string
  /** Ends all sessions and everything that was started. */
  close(): Promise<void>
}

/**
 * Starts everything a head consists of, in the order in which each needs the ones before. When something cannot be
 * started, what was is ended again. Throws PacelineError.
 */
export async function startHead(options: HeadOptions): Promise<Head> {
  const shutdown = createShutdown()
  try {
    const address = await start(options, shutdown)
    return { ...address, close: () => shutdown.run() }
  } catch (error) {
    await shutdown.run()
    throw error
  }
}

async function start(options: HeadOptions, shutdown: Shutdown): Promise<{ api: string; door: string }> {
  const { dataFolder, log } = options
  const now = () => performance.now()
  await makeDataFolder(dataFolder)
  const doorPath = join(dataFolder, 'door', 'head.sock')
  // First of all: what lies in the folder belongs to a head that still runs with it.
  await clearSocketPath(doorPath)
  const stagingFolder = join(dataFolder, 'staging')
  const clock = openBootClock()
  const former = await openFormerSessions({
    ...{ folder: stagingFolder, release: options.version, clock },
    onForgotten: (sessions) => log.info({ sessions }, 'nobody came back for what the last head was making'),
  })
  // What a head that is stopped was making is the originals' now.
  shutdown.add(() => rm(stagingFolder, { recursive: true, force: true }))
  shutdown.add(() => former.close())
  const certificate = await openCertificate(dataFolder, outsideAddresses())
  const kept = await readKeptPorts(dataFolder)
  const refusals = createRefusalLog(log, now)
  const violations = createNatsViolations(refusals)
  let isReachable: (port: number) => void = () => {}
  const reachable = new Promise<number>((resolve) => {
    isReachable = resolve
  })
  const place = async (): Promise<HeadPlace> => ({
    head: `https://${ownAddress(options.host)}:${await reachable}`,
    certificate: certificate.certificate,
    ...(options.natsUrl !== undefined && { nats: options.natsUrl }),
  })
  const counters = createSessionCounters()
  const onSession = (id: string, segment?: number) => views.hub.touch(id, segment)
  const needs = {
    certificate,
    place,
    refusals,
    violations,
    former,
    clock,
    onSession,
    onEnded: counters.ended,
  }
  const work = await startWork(options, needs, kept.nats, shutdown)
  const { control, fleet, hall, leases, credentials, drained, trust, responder, responderId, power } = work
  const energy = openEnergyBook({
    ...{ dataFolder, fleet, hall, power, log, nowMs: now, time: () => new Date() },
    settings: options.power ?? checkPowerSettings({}),
    energy: options.energy ?? checkEnergySettings({}),
    responder: responderId === undefined ? undefined : { id: responderId, name: responderName },
    onReading: power.read,
  })
  shutdown.add(() => energy.close())
  const gate = createGate({
    ...{ certificate, refusals, violations, natsPort: control.ownPort },
    nodeWith: credentials.nodeWith,
    formerNodeWith: (fingerprint) => registry.formerNodeWith(fingerprint),
  })
  const known = await openKnownPeaks(dataFolder)
  const library = await openLibrary(
    shutdown,
    createFilmLight({ known, now, log, ffmpeg: options.ffmpeg }),
    log,
  )
  const [mediaRoots, transcodeRoots] = [createRoots(options.mediaRoots), createRoots(options.transcodeRoots)]
  const startedMs = now()
  const nats = { url: control.url, version: control.link.serverVersion, trouble: control.trouble }
  const registry = createRegistry({
    ...{ credentials, fingerprint: certificate.fingerprint, version: options.version },
    tokens: await openJoinTokens(dataFolder, clock),
    port: () => data.port,
    foreignNats: options.natsUrl,
    letIn: () => gate.whileNobodyEnters(() => control.letIn(credentials)),
    putOut(id) {
      gate.dropNode(id)
      fleet.drop(id, 'removed')
    },
  })
  const sources = {
    ...{ hall, library, fleet, responder, former, power },
    ...{ mediaRoots, transcodeRoots, now, log, refusals },
  }
  const drain = createDrain({
    ...{ drained, fleet, known: registry.nodes, leasesOf: hall.leasesOf, onChange: hall.shareOut },
  })
  const observer = await openObserver(options, sources)
  const localJobs = createLocalJobs(Date.now)
  const views = openViews({
    ...{ known: registry.nodes, responderId, fleet, hall, drain, trust },
    power: powerSource({ overview: work.power, fleet, energy }),
    head: () => ({
      version: options.version,
      observeOnly: observer.isOn(),
      natsTrouble: control.trouble(),
      firstResponder: responder.state(),
      waitingForRoom: hall.overload.waiting(),
      localJobs: localJobs.last(),
    }),
    logs: gatherLogs({ own: options.recentLog ?? createLogRing(1), fleet }),
  })
  shutdown.add(async () => views.close())
  const metrics = openMetrics({ snapshot: views.hub.snapshot, hall, counters, localJobs })
  shutdown.add(async () => metrics.close())
  if (options.events) {
    const outlet = await openOutlets(options.events, (message) => log.warn(message))
    shutdown.add(feedOutlet(views.hub.snapshot, outlet))
  }
  const data = await openHeadServer(
    options,
    { gate, leases, refusals, registry, onNode: fleet.sign },
    kept.data,
    {
      status: () =>
        headStatus({
          ...{ version: options.version, nats, fleet, hall, drain, trust, power },
          startedMs,
          now,
          ...{ observer, responder, localJobs },
        }),
      issueToken: registry.issue,
      nodes: () => knownNodes(registry.nodes(), fleet, drain, trust, powerStatus(power).nodes, responderId),
      async removeNode(which) {
        const removed = await registry.remove(which)
        await drained.set(removed.name, false)
        return removed
      },
      drainNode: drain.drain,
      resumeNode: drain.resume,
      wakeNode: (which, minutes) => nodePowerStatus(power.wake(which, minutes * 60), power.nowMs()),
      sleepNode: (which, force) => nodePowerStatus(power.sleep(which, force), power.nowMs()),
      expectViewer: (minutes) => power.foresee(minutes * 60),
      keepNode: (which, minutes) => nodePowerStatus(power.keep(which, minutes * 60), power.nowMs()),
      energy: energy.report,
      energyHistory: energy.history,
      observe: observer.set,
      observed: observer.last,
      views,
      metrics: metrics.text,
      transcode: (request, signal) =>
        transcodeFile(
          { hall, library, fleet, responder, mediaRoots, transcodeRoots, ffmpeg: options.ffmpeg, now },
          request,
          signal,
        ),
    },
  )
  isReachable(data.port)
  shutdown.add(() => data.close())
  // Before the way to it is closed: it then ends by itself.
  shutdown.add(() => responder.close())
  await keepPorts(dataFolder, { nats: control.ownPort ?? kept.nats, data: data.port })
  const door = await openDoor({
    path: doorPath,
    guard: await openGuard(options.doorGroup, log),
    onJob: (job) => (observer.isOn() ? observer.take(job) : carryOutJob(sources, job)),
    onLocal: localJobs.note,
    logger: log,
    refusals,
  })
  shutdown.add(() => hall.close())
  shutdown.add(() => observer.close())
  shutdown.add(() => door.close())
  former.doorIsOpen()
  const address = { api: `https://127.0.0.1:${data.port}`, door: `unix:${door.path}` }
  await writeHeadFile(dataFolder, { ...address, pid: process.pid })
  shutdown.add(() => removeHeadFile(dataFolder))
  const rehearsal = rehearse()
  shutdown.add(() => rehearsal)
  return address
}

/** Whether it is on is decided by the option, and else by the switch that `paceline install` leaves. */
async function openObserver(options: HeadOptions, sources: JobSources): Promise<Observer> {
  return createObserver({
    ...{ sources, carryOut: carryOutJob, log: openObservedLog(options.dataFolder) },
    isOn: options.observe ?? (await isObserveOnly(options.dataFolder)),
    today: () => new Date(),
  })
}

async function openLibrary(shutdown: Shutdown, light: FilmLight, log: Logger): Promise<InputLibrary> {
  const desk = await openProbeDesk(log)
  shutdown.add(() => desk.close())
  const waiting = createWaitingProbe(desk)
  shutdown.add(() => waiting.close())
  return createInputLibrary(desk, waiting, createSourceSeeking({ log }), light)
}
