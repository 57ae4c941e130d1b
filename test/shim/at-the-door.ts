import { openDoor } from '../../src/head/door/door.ts'
import type { DoorJob, JobEnd } from '../../src/head/door/door-job.ts'
import { type Installation, install } from './install.ts'
import type { ShimBuild } from './shim-builds.ts'

/** An installed shim with an open door. */
export interface AtTheDoor extends Installation {
  /** The jobs so far. */
  readonly jobs: readonly DoorJob[]
  /** The first job, once there is one. */
  job(): Promise<DoorJob>
  /** What went to the logger, levels warn and error. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Installs a shim and opens a door that treats each job as `onJob` says. */
export async function atTheDoor(
  build: ShimBuild,
  onJob: (job: DoorJob) => void | Promise<void>,
): Promise<AtTheDoor> {
  const place = await install(build)
  const jobs: DoorJob[] = []
  let tell: (job: DoorJob) => void = () => {}
  const first = new Promise<DoorJob>((resolve) => {
    tell = resolve
  })
  const complaints: string[] = []
  const complain = (_fields: object, message: string) => void complaints.push(message)
  const door = await openDoor({
    path: place.socket,
    onJob: (job) => {
      jobs.push(job)
      tell(job)
      return onJob(job)
    },
    logger: { debug: () => undefined, warn: complain, error: complain },
  })
  return {
    ...place,
    jobs,
    job: () => first,
    complaints,
    close: async () => {
      await door.close()
      await place.remove()
    },
  }
}

/** Resolves with how the job's connection ended. */
export function endOf(job: DoorJob): Promise<JobEnd> {
  const { closed } = job
  if (closed.aborted) return Promise.resolve(closed.reason as JobEnd)
  return new Promise((resolve) =>
    closed.addEventListener('abort', () => resolve(closed.reason as JobEnd), { once: true }),
  )
}
