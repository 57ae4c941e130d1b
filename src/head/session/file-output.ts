import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { PacelineError } from '../../errors.ts'
import { type Plan, timestampOffsetSeconds } from '../../plan/plan.ts'
import type { SessionOutput } from './output.ts'

export interface FileOutputOptions {
  readonly path: string
  readonly plan: Plan
  readonly ffmpeg: string
}

const keptWords = 2_000

/**
 * Joins a session's segments into one file by copying, as they come: an ffmpeg reads them from a pipe, so that
 * nothing is left to do at the end but the container's index. The file appears under its name only when it is whole.
 */
export function openFileOutput(options: FileOutputOptions): SessionOutput {
  const { path, plan, ffmpeg } = options
  const beside = join(dirname(path), `.${basename(path)}.paceline-${process.pid}${extname(path)}`)
  const joiner = spawn(ffmpeg, joinArguments(plan, beside), { stdio: ['pipe', 'ignore', 'pipe'] })
  const { words, end } = follow(joiner)
  const discard = async (): Promise<void> => {
    joiner.kill('SIGKILL')
    await end
    await rm(beside, { force: true })
  }
  return {
    opened: async () => {},
    async publish({ bytes }) {
      if (joiner.stdin!.write(bytes)) return
      await Promise.race([once(joiner.stdin!, 'drain'), end])
      if (joiner.exitCode !== null) throw joinError(path, words())
    },
    async finish() {
      joiner.stdin!.end()
      const exitCode = await end
      if (exitCode !== 0) {
        await discard()
        throw joinError(path, words())
      }
      await rename(beside, path)
    },
    fail: discard,
  }
}

function joinArguments(plan: Plan, output: string): string[] {
  const movie = ['.mp4', '.m4v', '.mov'].includes(extname(output).toLowerCase())
  return [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-y', '-f', 'mpegts', '-copyts', '-i', 'pipe:0'],
    ...['-map', '0:v', '-map', '0:a?', '-c', 'copy'],
    ...(movie ? ['-movflags', '+faststart'] : []),
    ...(movie && plan.video.encoder.codec === 'hevc' ? ['-tag:v', 'hvc1'] : []),
    // Times as on the job's timeline: the encoder's priming then lies before 0 and is edited out, not heard.
    ...[
      '-output_ts_offset',
      String(-timestampOffsetSeconds(plan.packaging)),
      '-avoid_negative_ts',
      'disabled',
    ],
    output,
  ]
}

function follow(child: ChildProcess): { words: () => string; end: Promise<number | null> } {
  let text = ''
  child.stderr!.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-keptWords)
  })
  // A joiner that is gone shows itself by its exit code; the broken pipe says nothing more.
  child.stdin!.on('error', (error) => {
    text = text === '' ? error.message : text
  })
  const end = new Promise<number | null>((resolve) => {
    child.on('close', resolve)
    child.on('error', (error) => {
      text = error.message
      resolve(null)
    })
  })
  return { words: () => text.trim(), end }
}

function joinError(path: string, words: string): PacelineError {
  return new PacelineError('E_OUTPUT_WRITE', `${path}: ${words || 'ffmpeg ended early'}`)
}
