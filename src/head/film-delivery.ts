import type { PlexFileJob } from '../dialects/plex/job.ts'
import { whenThereIsRoom } from '../dialects/plex/segment-folder.ts'
import { openServerReports } from '../dialects/plex/server-reports.ts'
import { openTextOutputs } from '../dialects/plex/text-outputs.ts'
import { slotSeconds } from '../media/timeline.ts'
import type { Delivered, Delivery } from './delivery.ts'
import type { DoorJob } from './door/door-job.ts'
import type { JobSources } from './job-sources.ts'
import { roomWords } from './segment-delivery.ts'
import { serverExchange } from './server-exchange.ts'
import { openFilmOutput } from './session/film-output.ts'
import type { LiveSession } from './session/live-session.ts'

/**
 * A whole file at its own path, always written by the shim: a head that hung and wakes after the original has begun
 * anew must not be able to write into what that makes.
 */
export function deliverFilm(
  sources: JobSources,
  job: DoorJob,
  { filePath: path, text = [], ...server }: PlexFileJob,
  delivered: Delivered,
): Delivery {
  const { files } = job.hands
  const waiting = { ...roomWords(sources, job, delivered), signal: job.released }
  const output = openFilmOutput({
    path,
    files: {
      write: (path, bytes) => whenThereIsRoom(waiting, path, () => files.write(path, bytes)),
      writeAt: (path, position, bytes) =>
        whenThereIsRoom(waiting, path, () => files.writeAt(path, position, bytes)),
      remove: (path) => files.remove(path),
    },
  })
  const reports = openServerReports({
    ...{ server, listUrl: null, exchange: serverExchange(job), signal: job.released, now: sources.now },
    positionSeconds: () => madeSeconds(delivered.session()),
    sizeBytes: () => output.sizeBytes,
    onThrottle: (on) => delivered.session()?.throttle(on),
    onProblem: delivered.onProblem,
  })
  const place = (name: string, bytes: Uint8Array) =>
    whenThereIsRoom(waiting, name, () => files.write(name, bytes))
  const texts = openTextOutputs({
    ...{ listings: text, folder: { create: (name) => place(name, new Uint8Array()), place } },
    // Lists are for segments.
    postTo: () => async () => undefined,
  })
  return {
    ...{ mode: 'file', reports, close: async () => undefined },
    output: () => ({
      ...output,
      async publish(segment) {
        await output.publish(segment)
        await texts.add(segment.text)
        if (segment.last) await texts.end(segment.text)
      },
    }),
  }
}

/** Nodes work all over the film at once: what counts is how much they have made. */
function madeSeconds(session: LiveSession | null): number {
  if (!session) return 0
  const { timeline } = session.plan
  const whole = slotSeconds(timeline, timeline.expectedEndSlot - timeline.firstSlot)
  return Math.min(whole, session.tally.arrivals.length * timeline.segmentSeconds)
}
