import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DoorJob } from '../../src/head/door/door-job.ts'
import { type AtTheDoor, atTheDoor } from './at-the-door.ts'
import { askingArgs, type Launched, launch } from './launch.ts'
import type { ShimBuild } from './shim-builds.ts'

export interface HandOptions {
  /** After those that make the shim ask. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The shim belongs to another user: needs root. */
  readonly asNobody?: true
}

/** A job that was accepted and goes on until the test ends it. */
export interface HandPlace extends AtTheDoor {
  /** The job's working directory, a folder of its own. */
  readonly cwd: string
  start(options?: HandOptions): Promise<Launched & { job: DoorJob }>
}

/** Installs a shim before a door that accepts everything. */
export async function handPlace(build: ShimBuild): Promise<HandPlace> {
  const place = await atTheDoor(build, (job) => void job.accept())
  const cwd = join(await realpath(place.folder), 'Sessions', 'a job')
  await mkdir(cwd, { recursive: true })
  const running: Promise<unknown>[] = []
  return {
    ...place,
    cwd,
    // Else the shim would become the original, which writes into the folder that is being removed.
    async close() {
      for (const job of place.jobs) if (!job.closed.aborted) job.exit(0)
      await Promise.all(running)
      await place.close()
    },
    async start(options = {}) {
      const args = [...askingArgs, ...(options.args ?? [])]
      const { env, asNobody } = options
      const launched = launch(place, { cwd, args, ...(env && { env }), ...(asNobody && { uid: 65_534 }) })
      running.push(launched.ended)
      const earlier = place.jobs.length
      while (place.jobs.length === earlier) await delay(1)
      return { ...launched, job: place.jobs[earlier]! }
    },
  }
}
