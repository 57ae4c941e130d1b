import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pinned, start } from '../programs.ts'
import type { EncoderStamp } from './encoder-stamp.ts'
import { directArguments } from './film-job.ts'

export interface DirectTimes {
  /** Milliseconds from before the spawn to ffmpeg's exec. */
  readonly encoderMs: number
  /** Until its first segment was closed, which is when the second appears. */
  readonly firstSegmentMs: number
}

/** Runs ffmpeg itself on a clip, on these processors or all of them, until its first segment is whole. */
export async function measureDirect(
  clip: string,
  stamp: EncoderStamp,
  folder: string,
  processors?: readonly number[],
): Promise<DirectTimes> {
  const directory = await mkdtemp(join(folder, 'direct-'))
  const watcher = watch(directory)
  const secondAppears = new Promise<number>((resolve) => {
    watcher.on('change', (_, name) => name === 'media-00001.ts' && resolve(performance.now()))
  })
  await stamp.clear()
  const command: [string, ...string[]] = [stamp.program, ...directArguments(clip)]
  const startedAt = performance.now()
  const child = start(processors ? pinned(processors, command) : command, { cwd: directory, stdio: 'ignore' })
  const closed = once(child, 'close')
  const early = closed.then(([code]) =>
    Promise.reject(new Error(`ffmpeg ended with ${code} before its second segment`)),
  )
  try {
    const firstSegmentMs = (await Promise.race([secondAppears, early])) - startedAt
    return { encoderMs: (await stamp.firstStart()) - startedAt, firstSegmentMs }
  } finally {
    early.catch(() => undefined)
    watcher.close()
    child.kill('SIGKILL')
    await closed
    await rm(directory, { recursive: true, force: true })
  }
}
