import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PacelineError } from '../../errors.ts'

/** Raise it when the recipe below makes another clip: a clip that was kept is found by its name. */
const recipe = 1

export const clipSeconds = 20

export interface ClipOptions {
  /** Made where it is missing; the clip stays in it for the next time. */
  readonly folder: string
  readonly ffmpeg: string
  readonly say: (text: string) => void
  readonly signal: AbortSignal
}

/**
 * A moving test picture of 20 s, 1080p at 30 frames a second in H.264, with a tone in AAC. Returns its path.
 * Throws E_FFMPEG_MISSING; E_OUTPUT_WRITE with ffmpeg's last words; the signal's reason when aborted.
 */
export async function demoClip(options: ClipOptions): Promise<string> {
  const { folder, signal } = options
  const path = join(folder, `clip-${recipe}.mp4`)
  if (await isThere(path)) return path
  options.say(`Making a clip of ${clipSeconds} s to try it with...`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Made aside and renamed: whoever finds the clip finds all of it.
  const aside = await mkdtemp(join(folder, 'making-'))
  try {
    const made = join(aside, 'clip.mp4')
    await runFfmpeg(options.ffmpeg, [...clipArguments, made], path, signal)
    await rename(made, path)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return path
}

const clipArguments = [
  ...['-hide_banner', '-nostdin', '-v', 'error'],
  ...['-f', 'lavfi', '-i', `testsrc2=size=1920x1080:rate=30:duration=${clipSeconds}`],
  ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${clipSeconds}`],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-g', '60', '-pix_fmt', 'yuv420p'],
  ...['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-movflags', '+faststart'],
]

async function runFfmpeg(
  ffmpeg: string,
  args: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const child = spawn(ffmpeg, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2_000)
  })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    signal.throwIfAborted()
    if (code === 0) return
  } catch (cause) {
    if (signal.aborted || (cause as NodeJS.ErrnoException).code === undefined) throw cause
    throw new PacelineError('E_FFMPEG_MISSING', ffmpeg, { cause })
  } finally {
    signal.removeEventListener('abort', kill)
  }
  throw new PacelineError(
    'E_OUTPUT_WRITE',
    `${path} (${words.trim().split('\n').at(-1) || 'ffmpeg failed'})`,
    {
      hint: 'Check that its disk has room; paceline doctor tries ffmpeg.',
    },
  )
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
