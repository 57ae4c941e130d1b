import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PacelineError } from '../../errors.ts'
import { shimPath } from '../shim-path.ts'

/** The shim at work, as a media server started it. */
export interface ShimJob {
  /** Resolves when it is gone and its pipes are read to their end. */
  readonly ended: Promise<ShimEnd>
  /** As Plex ends a job: at once. */
  kill(): void
}

export interface ShimEnd {
  /** Null: it was killed. */
  readonly code: number | null
  /** The last it wrote to stderr. */
  readonly words: string
  /** The head left the job to the server's own transcoder, or there was no head. */
  readonly local: boolean
}

export interface ShimJobOptions {
  /** `unix:/path` of the head. */
  readonly head: string
  readonly args: readonly string[]
  /** A folder of this job alone; the segments appear in its subfolder {@link segmentFolder}. */
  readonly folder: string
}

/** Where a job's segments appear: its working directory. */
export function segmentFolder(folder: string): string {
  return join(folder, 'segments')
}

/** What the stand-in for the original transcoder returns; FFmpeg returns no such code. */
const localExitCode = 70

/**
 * Starts the real shim as Plex starts its transcoder. The transcoder that it would become does nothing but end with a
 * code of its own. `ended` rejects with E_SHIM_MISSING when the shim cannot be run.
 */
export async function startShimJob(options: ShimJobOptions): Promise<ShimJob> {
  const original = join(options.folder, 'original-transcoder')
  const directory = segmentFolder(options.folder)
  await mkdir(directory, { recursive: true })
  await writeFile(original, `#!/bin/sh\nexit ${localExitCode}\n`, { mode: 0o755 })
  const child = spawn(shimPath(), options.args, {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...(process.env.PATH !== undefined && { PATH: process.env.PATH }),
      LANG: 'C.UTF-8',
      X_PLEX_TOKEN: 'demonstration',
      PACELINE_HEAD: options.head,
      PACELINE_ORIGINAL: original,
    },
  })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2_000)
  })
  const ended = once(child, 'close').then(
    ([code]): ShimEnd => ({ code: code as number | null, words, local: code === localExitCode }),
    (cause: unknown) => {
      throw new PacelineError('E_SHIM_MISSING', shimPath(), { cause })
    },
  )
  // Whoever awaits the end hears of it; a job that is being given up has nobody left to tell.
  ended.catch(() => undefined)
  return { ended, kill: () => void child.kill('SIGKILL') }
}
