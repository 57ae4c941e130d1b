import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { filmArguments } from '../latency/film-job.ts'
import { plainEnvironment, shimProgram, start } from '../programs.ts'
import type { BenchRow } from '../row.ts'

/** Shims with the job of film-job.ts each, in folders of their own. */
export interface Shims {
  readonly pids: readonly number[]
  /** Those that have ended by themselves. */
  ended(): number
  /** Kills them as a media server does when its viewer goes. */
  kill(): Promise<void>
}

export interface ShimsOptions {
  readonly row: BenchRow
  readonly clip: string
  readonly sessions: number
  /** From one to the next. */
  readonly everyMs: number
  readonly jobUrl: (session: number) => string
  readonly directoryOf: (session: number) => string
}

export async function startShims(options: ShimsOptions): Promise<Shims> {
  const { row, clip, sessions, everyMs, jobUrl, directoryOf } = options
  const children: ChildProcess[] = []
  for (let session = 0; session < sessions; session++) {
    const cwd = directoryOf(session)
    await mkdir(cwd, { recursive: true })
    const env = { ...plainEnvironment(), PACELINE_HEAD: row.head, PACELINE_ORIGINAL: '/bin/false' }
    children.push(
      start([shimProgram, ...filmArguments(clip, jobUrl(session))], { cwd, env, stdio: 'ignore' }),
    )
    await sleep(everyMs)
  }
  const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null
  return {
    pids: children.map(({ pid }) => pid!),
    ended: () => children.filter(hasEnded).length,
    async kill() {
      const running = children.filter((child) => !hasEnded(child))
      const ends = running.map((child) => once(child, 'exit'))
      for (const child of running) child.kill('SIGKILL')
      await Promise.all(ends)
    },
  }
}

/** The folder of a session below this one. */
export const directoryBelow = (folder: string) => (session: number) => join(folder, `session-${session}`)
