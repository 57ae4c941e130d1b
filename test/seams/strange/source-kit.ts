import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type ClipOptions, makeClip } from '../../clips/make-clip.ts'
import { collect } from '../../clips/media-input.ts'

/** One step from a file to the next: ffmpeg's words, or a change of its bytes (`earlier`: the clip, and what steps before made). */
export type Step =
  | {
      /** Ending of the file that comes out. */
      readonly as: string
      /** Between blanks; `{in}` is the file so far, `{clip}` the clip, `{stream}` in the place of the output a pipe. */
      readonly ffmpeg: string
    }
  | { readonly as: string; readonly bytes: (film: Buffer, earlier: readonly Buffer[]) => Buffer }

/** A film as somebody else might have made it: from a clip whose frames carry their numbers. */
export interface Recipe {
  readonly clip?: ClipOptions
  readonly steps: readonly Step[]
}

/** What every clip is unless a recipe says otherwise: small, with several groups of pictures. */
const usualClip = {
  ...{ seconds: 6, size: '160x90', gop: 25, audio: 'aac-48000', container: 'mp4' },
} as const satisfies ClipOptions

/** Raise it when a change below makes other files of the same recipe. */
const kitVersion = 1

/** Makes a film, or finds it made before. Do not write to it. */
export async function makeFilm({ clip, steps }: Recipe): Promise<string> {
  const whole = { ...usualClip, ...clip }
  const words = steps.map((step) => ('bytes' in step ? [step.as, String(step.bytes)] : step))
  const digest = createHash('sha256')
    .update(JSON.stringify([kitVersion, whole, words]))
    .digest('hex')
    .slice(0, 16)
  const folder = join(tmpdir(), `paceline-clips-${userInfo().uid}`)
  const first = await makeClip(whole)
  const last = steps.at(-1)
  if (!last) return first
  const path = join(folder, `strange-${digest}.${last.as}`)
  if (await isThere(path)) return path
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Made aside and renamed, so that suites that run at once see whole films only.
  const aside = await mkdtemp(join(folder, 'making-'))
  try {
    const films = [first]
    for (const [index, step] of steps.entries()) {
      const next = join(aside, `${index}.${step.as}`)
      await carryOut(step, films, next)
      films.push(next)
    }
    await rename(films.at(-1)!, path)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return path
}

async function carryOut(step: Step, films: readonly string[], next: string): Promise<void> {
  const [clip, film] = [films[0]!, films.at(-1)!]
  if ('bytes' in step) {
    const earlier = await Promise.all(films.map((path) => readFile(path)))
    await writeFile(next, step.bytes(earlier.at(-1)!, earlier))
    return
  }
  const given = step.ffmpeg.includes('-i ') ? step.ffmpeg : `-i {in} ${step.ffmpeg}`
  const words = given
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.replaceAll('{in}', film).replaceAll('{clip}', clip))
  const isStream = words.at(-1) === '{stream}'
  const output = isStream ? 'pipe:1' : next
  const common = ['-v', 'error', '-nostdin', '-y', '-threads', '1']
  const { stdout } = await collect('ffmpeg', [
    ...common,
    ...words.filter((word) => word !== '{stream}'),
    output,
  ])
  if (isStream) await writeFile(next, stdout)
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
