import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
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

/** May wait for the joiner in memory, so that it and the head need not take turns. */
const mostWaitingBytes = 8 * 1024 * 1024

/**
 * Joins a session's segments into one file by copying, as they come: an ffmpeg reads them from a pipe, so that
 * nothing is left to do at the end but the container's index. The file appears under its name only when it is whole.
 */
export function openFileOutput(options: FileOutputOptions): SessionOutput {
  const { path, plan, ffmpeg } = options
  const mark = randomBytes(6).toString('hex')
  const beside = join(dirname(path), `.${basename(path, extname(path))}.paceline-${mark}${extname(path)}`)
  const joiner = follow(spawn(ffmpeg, joinArguments(plan, beside), { stdio: ['pipe', 'ignore', 'pipe'] }))
  const discard = async (): Promise<void> => {
    joiner.kill()
    await joiner.end
    await rm(beside, { force: true })
  }
  return {
    opened: async () => {},
    async publish({ bytes }) {
      await joiner.write(bytes)
      if (joiner.isOver()) throw joinError(path, joiner.words())
    },
    async finish() {
      joiner.closeInput()
      try {
        if ((await joiner.end) !== 0) throw joinError(path, joiner.words())
        await rename(beside, path).catch((error: Error) => {
          throw joinError(path, error.message)
        })
      } catch (error) {
        await discard()
        throw error
      }
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

/** The process that joins, as far as it matters here. */
interface Joiner {
  /** Resolves with the exit code; null when it could not be started or was killed. */
  readonly end: Promise<number | null>
  isOver(): boolean
  /** Resolves when there is room for more, or the joiner is over. */
  write(bytes: Buffer): Promise<unknown>
  closeInput(): void
  kill(): void
  /** The last it wrote to stderr, else why the system ended it. */
  words(): string
}

function follow(child: ChildProcess): Joiner {
  const stdin = child.stdin!
  let said = ''
  let trouble = ''
  let isOver = false
  child.stderr!.setEncoding('utf8').on('data', (more: string) => {
    said = (said + more).slice(-keptWords)
  })
  // A joiner that is gone shows itself by its end; a broken pipe says nothing more.
  stdin.on('error', (error) => {
    trouble ||= error.message
  })
  const end = new Promise<number | null>((resolve) => {
    child.on('close', resolve)
    child.on('error', (error) => {
      trouble = error.message
      resolve(null)
    })
  })
  void end.then(() => {
    isOver = true
  })
  return {
    end,
    isOver: () => isOver,
    write(bytes) {
      if (isOver || stdin.write(bytes) || stdin.writableLength <= mostWaitingBytes) return Promise.resolve()
      return Promise.race([new Promise((resolve) => stdin.once('drain', resolve)), end])
    },
    closeInput: () => void stdin.end(),
    kill: () => void child.kill('SIGKILL'),
    words: () => said.trim() || trouble,
  }
}

function joinError(path: string, words: string): PacelineError {
  return new PacelineError('E_OUTPUT_WRITE', `${path}: ${words || 'ffmpeg ended early'}`)
}
