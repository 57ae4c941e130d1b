import type { PlexJob } from '../dialects/plex/job.ts'
import { openPlexPublisher, type PlexPublisher } from '../dialects/plex/publisher.ts'
import type { ResumePoint } from '../dialects/plex/resume-edits.ts'
import { openSegmentFolder, type SegmentFolder } from '../dialects/plex/segment-folder.ts'
import { boundarySlot, slotSeconds } from '../media/timeline.ts'
import type { Plan } from '../plan/plan.ts'
import type { Delivered, Delivery } from './delivery.ts'
import type { DoorJob } from './door/door-job.ts'
import { openJobFiles } from './files/folder-files.ts'
import type { JobSources } from './job-sources.ts'
import { serverExchange } from './server-exchange.ts'
import { openPlexOutput } from './session/plex-output.ts'
import type { ResumeKeeper } from './session/resume-keeper.ts'

/** Segments in the job's working directory, each announced when it is in place. */
export function deliverSegments(
  sources: JobSources,
  job: DoorJob,
  plex: PlexJob,
  keeper: ResumeKeeper,
  delivered: Delivered,
): Delivery {
  const files = openJobFiles(job, sources.transcodeRoots)
  // Whoever writes hears of it; there may be nobody.
  files.catch(() => undefined)
  const folder = openSegmentFolder({
    ...{ directory: job.cwd, signal: job.released, ...roomWords(sources, job, delivered) },
    files: {
      write: async (path, bytes) => (await files).write(path, bytes),
      rename: async (from, to) => (await files).rename(from, to),
      remove: async (path) => (await files).remove(path),
    },
  })
  const publisher = openPublisher(sources, job, plex, { folder, keeper, delivered })
  return {
    mode: 'stream',
    reports: publisher,
    output: (plan) => openPlexOutput(publisher, plan),
    close: async () => (await files).close(),
  }
}

/** What the log and the session's state say of a full disk. */
export function roomWords({ log }: JobSources, { cwd: directory }: DoorJob, { session }: Delivered) {
  const noRoom = `E_DISK_FULL: ${directory}`
  return {
    onFull: (name: string) => {
      session()?.tally.waits(noRoom)
      log.warn({ code: 'E_DISK_FULL', directory, name }, 'no room: the job waits until there is some')
    },
    onRoom: () => {
      session()?.tally.goesOn(noRoom)
      log.info({ directory }, 'there is room again: the job goes on')
    },
  }
}

interface PublisherParts {
  readonly folder: SegmentFolder
  readonly keeper: ResumeKeeper
  readonly delivered: Delivered
}

function openPublisher(
  { now }: JobSources,
  job: DoorJob,
  plex: PlexJob,
  { folder, keeper, delivered }: PublisherParts,
): PlexPublisher {
  const publisher = openPlexPublisher({
    memory: delivered.before,
    ...{ job: plex, folder, now, signal: job.released, exchange: serverExchange(job) },
    positionSeconds: () => {
      const until = delivered.session()?.tally.publishedUntilSeconds ?? null
      return until === null ? 0 : Math.max(0, until - delivered.startSeconds())
    },
    onThrottle: (on) => delivered.session()?.throttle(on),
    onProblem: delivered.onProblem,
    async onAnnounce({ segment, last }) {
      if (last) return keeper.announcing(null)
      const next = resumePointAt(plex, segment + 1, delivered.session()?.plan)
      const note = await delivered.session()?.announcing(publisher.memory())
      keeper.announcing(next, note ?? undefined)
    },
  })
  return publisher
}

/** Where the original would go on with this segment. */
export function resumePointAt({ list, segmentSeconds }: PlexJob, segment: number, plan?: Plan): ResumePoint {
  // DASH counts its segments from 1: the second one begins where the first has ended.
  const numberAtZero = 'mediaName' in list ? 1 : 0
  return { segment, seconds: copiedFrom(plan, segment) ?? (segment - numberAtZero) * segmentSeconds }
}

/** Where the original has to seek to so that its copy begins with this segment; null where pictures are encoded. */
function copiedFrom(plan: Plan | undefined, segment: number): number | null {
  if (plan?.video.encoder.codec !== 'copy') return null
  const { seekAfterSeconds } = plan.video.encoder
  return slotSeconds(plan.timeline, boundarySlot(plan.timeline, segment)) + seekAfterSeconds
}
