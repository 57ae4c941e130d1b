import { spawn } from 'node:child_process'
import { encoderEnvironment } from './encoder-process.ts'

/**
 * A look at the first picture of a segment that a chip had a hand in: where a driver fails its pictures are black, green or
 * purple from edge to edge, in a stream that has no fault. Films have such pictures, too, so that one is only held against
 * the chip when the processor sees something in the film at the same place.
 */
export interface PictureLook {
  /** Why the segment cannot be what the film has there; null when it can, or nobody can say. */
  faultOf(segment: readonly Buffer[], seconds: number): Promise<string | null>
}

export interface PictureLookOptions {
  /** See encoderCommand. */
  readonly command: readonly [string, ...string[]]
  /** Address of the film. */
  readonly film: string
  /** Number of the stream in it. */
  readonly stream: number
  /** Options before an input that is at this address. */
  readonly inputOptions: (address: string) => readonly string[]
}

const width = 32
const height = 18
const planes = 3
const planeBytes = width * height
const pictureBytes = planeBytes * planes

/** Codes of eight bits, after each has been averaged over a large part of the picture: what a flat picture may vary by. */
const flatCodes = 4
/** And what a film's has to vary by at the least to be none: a tone map that makes it dark leaves more than a flat one. */
const livelyCodes = 32
/** Pictures of the film around the place: a cut there may be a picture earlier or later. */
const filmPictures = 8
const filmEarlierSeconds = 0.16
/** A key frame is in it; the rest need not go through a pipe. */
const mostBytes = 4 * 1024 * 1024
/** Who takes longer says nothing; segments wait for it. */
const patienceMs = 5_000

const small = ['-vf', `scale=${width}:${height}:flags=area,format=yuv444p`, '-f', 'rawvideo', '-']
const quiet = ['-hide_banner', '-nostdin', '-v', 'error', '-threads', '1']

export function createPictureLook(options: PictureLookOptions): PictureLook {
  const { command, film, stream, inputOptions } = options
  return {
    async faultOf(segment, seconds) {
      const made = await read(
        command,
        [...quiet, '-f', 'mpegts', '-i', '-', '-frames:v', '1', ...small],
        segment,
      )
      if (made.length < pictureBytes || !isFlat(made)) return null
      const from = Math.max(0, seconds - filmEarlierSeconds).toFixed(6)
      const asked = [...quiet, '-ss', from, ...inputOptions(film), '-i', film, '-map', `0:${stream}`]
      const seen = await read(command, [...asked, '-frames:v', String(filmPictures), ...small])
      const pictures = Math.floor(seen.length / pictureBytes)
      for (let picture = 0; picture < pictures; picture += 1)
        if (spread(seen, picture * pictureBytes) < livelyCodes) return null
      return pictures === 0
        ? null
        : `its picture is of one colour (${colourOf(made)}) where the film's is not`
    },
  }
}

function isFlat(picture: Buffer): boolean {
  return [0, 1, 2].every((plane) => spread(picture, plane * planeBytes) <= flatCodes)
}

function spread(bytes: Buffer, from: number): number {
  const plane = bytes.subarray(from, from + planeBytes)
  return (
    plane.reduce((most, code) => Math.max(most, code), 0) -
    plane.reduce((least, code) => Math.min(least, code), 255)
  )
}

const colourOf = (picture: Buffer): string =>
  `Y ${picture[0]}, U ${picture[planeBytes]}, V ${picture[2 * planeBytes]}`

/** What a program writes to stdout; nothing when it takes too long or does not start. */
function read(
  [program, ...first]: readonly [string, ...string[]],
  args: readonly string[],
  input: readonly Buffer[] = [],
): Promise<Buffer> {
  return new Promise((resolve) => {
    const child = spawn(program, [...first, ...args], {
      ...{ cwd: '/', env: encoderEnvironment(process.env), timeout: patienceMs, killSignal: 'SIGKILL' },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const out: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.once('error', () => resolve(Buffer.alloc(0)))
    child.once('close', () => resolve(Buffer.concat(out)))
    // It ends as soon as it has its picture, with most of the segment not read.
    child.stdin.on('error', () => undefined)
    child.stdin.end(Buffer.concat(input).subarray(0, mostBytes))
  })
}
