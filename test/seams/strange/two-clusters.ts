import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AudioRead, readAudio } from '../../clips/read-audio.ts'
import { readFrames } from '../../clips/read-frames.ts'
import { type RunningPaceline, startPaceline } from '../../fixture/paceline.ts'
import { hlsArguments } from '../../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../../stand-in/plex-media-server.ts'
import { startTranscoder } from '../../stand-in/transcoder-process.ts'

/** What came out of a film, or why nothing did. */
export type Outcome =
  | {
      readonly how: 'made'
      /** `number @ pts` of each picture, in showing order. */
      readonly frames: readonly string[]
      /** Null where there is none, or none that could be read. */
      readonly sound: AudioRead | null
    }
  | { readonly how: 'failed'; readonly exit: number | null; readonly words: string }

/** The same film made twice through the whole product. */
export interface Outcomes {
  /** By one node, each part with one lease. */
  readonly alone: Outcome
  /** By two nodes whose leases are of one segment each, also of sound. */
  readonly cut: Outcome
}

/** A cluster of one node, and one of two nodes that change with every segment. */
export class TwoClusters {
  readonly #alone: RunningPaceline
  readonly #cut: RunningPaceline
  readonly #folder: string
  #made = 0

  private constructor(alone: RunningPaceline, cut: RunningPaceline, folder: string) {
    this.#alone = alone
    this.#cut = cut
    this.#folder = folder
  }

  static async open(): Promise<TwoClusters> {
    const [alone, cut] = await Promise.all([
      startPaceline({ nodes: 1 }),
      startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '1' } }),
    ])
    return new TwoClusters(alone, cut, await mkdtemp(join(tmpdir(), 'paceline-strange-')))
  }

  async close(): Promise<void> {
    await Promise.all([this.#alone.stop(), this.#cut.stop()])
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** What the head of the second has written about a film. */
  said(path: string): string {
    return this.#cut
      .log()
      .split('\n')
      .filter((line) => line.includes(path))
      .join('\n')
  }

  /** As a file of its own, with `paceline transcode`. */
  async make(path: string): Promise<Outcomes> {
    return { alone: await this.#transcode(this.#alone, path), cut: await this.#transcode(this.#cut, path) }
  }

  /** As segments for a player, with a job of Plex for the first two streams; from the start or after a seek. */
  async play(path: string, seek?: number): Promise<Outcomes> {
    return { alone: await this.#job(this.#alone, path, seek), cut: await this.#job(this.#cut, path, seek) }
  }

  async #job({ shim, head }: RunningPaceline, mediaPath: string, seek?: number): Promise<Outcome> {
    const server = await startPlexMediaServer()
    const job = await startTranscoder({
      ...{ program: shim, server, mediaPath, sessions: this.#folder },
      // At the rate for which the noise of an encoder's seams was measured.
      args: hlsArguments(seek === undefined ? {} : { seek }).map((word) => (word === '119k' ? '256k' : word)),
      environment: { PACELINE_HEAD: head, PACELINE_ORIGINAL: '/bin/false' },
    })
    const { exit } = await job.exited()
    await server.close()
    const problems = server.problems().join('; ')
    if (exit !== 0 || problems !== '') return { how: 'failed', exit, words: problems }
    const names = (await readdir(job.directory)).filter((name) => name.endsWith('.ts')).toSorted()
    const files = names.map((name) => join(job.directory, name))
    const { frames } = await readFrames(files, 'damaged')
    const sound = await readAudio(files).catch(() => null)
    await rm(job.directory, { recursive: true })
    return { how: 'made', frames: frames.map(({ number, pts }) => `${number} @ ${pts}`), sound }
  }

  async #transcode(paceline: RunningPaceline, path: string): Promise<Outcome> {
    this.#made += 1
    const output = join(this.#folder, `${this.#made}.mkv`)
    const options = ['--preset', 'superfast', '--audio-bitrate', '256', '--json']
    const { exit, stderr } = await paceline.run('transcode', path, output, ...options)
    if (exit !== 0) return { how: 'failed', exit, words: stderr }
    const { frames } = await readFrames(output, 'damaged')
    const sound = await readAudio(output).catch(() => null)
    await rm(output)
    return { how: 'made', frames: frames.map(({ number, pts }) => `${number} @ ${pts}`), sound }
  }
}
