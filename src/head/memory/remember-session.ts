import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Plan } from '../../plan/plan.ts'
import type { BootClock } from '../join/boot-clock.ts'
import type { CrewMemory } from './memory-files.ts'
import { planDigest } from './same-job.ts'
import { openSessionMemory, type SessionMemory } from './session-memory.ts'

export interface RememberOptions {
  /** With a folder for each session. */
  readonly stagingFolder: string
  readonly release: string
  readonly clock: BootClock
  readonly log: Pick<Logger, 'warn'>
}

/** What a head that starts again needs of a session; nothing of a job that it could not go on with. */
export function rememberSession(
  { stagingFolder, release, clock, log }: RememberOptions,
  { plan, job }: { readonly plan: Plan; readonly job?: string },
  session: { readonly id: string; readonly demand: number; readonly crew: () => CrewMemory },
): SessionMemory | undefined {
  if (job === undefined) return undefined
  const { id, demand, crew } = session
  const mark = { release, boot: clock.boot, job, plan: planDigest(plan), demand }
  return openSessionMemory({
    ...{ id, folder: join(stagingFolder, id), mark, crew, clock },
    onTrouble: (error) => log.warn({ error, session: id }, 'a head that starts again could not go on'),
  })
}
