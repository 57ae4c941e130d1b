import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { shimProgram } from '../../bench/programs.ts'
import { startRow } from '../../bench/row.ts'
import { makeClip } from '../clips/make-clip.ts'
import { readAudio } from '../clips/read-audio.ts'
import { readFrames } from '../clips/read-frames.ts'
import { parseList } from '../golden/compare-lists.ts'
import { oddSteps } from '../seams/seam-facts.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { type HdrFilm, hdrFilm } from './hdr-film.ts'
import type { ChipEvidence } from './judge.ts'
import { drawSeams, likenessOf } from './seam-pictures.ts'

export interface ChipSessionOptions {
  /** Of the film: what is made is half as wide and high. */
  readonly size: `${number}x${number}`
  readonly seconds: number
  /** The platform that the first node has to prove before the film begins. */
  readonly platform: string
  /** The first node's ffmpeg, and the others'. */
  readonly ffmpeg: string
  readonly softwareFfmpeg: string
  /** One node each, with all processors where they are undefined; the first has the chip, the others prove none. */
  readonly processors: readonly (readonly number[] | undefined)[]
  readonly headProcessors?: readonly number[]
  /** Where pictures of the seams are drawn; none unless it is given. */
  readonly picture?: string
  /** Where proofs are kept; a folder of its own unless it is given. */
  readonly proofs?: string
}

export interface ChipSession {
  readonly evidence: ChipEvidence
  /** What the first node has proved of the platform. */
  readonly proved: ProvedPlatform
  /** From the start of the nodes until the head knew it. */
  readonly provedAfterSeconds: number
  /** From the shim's start to its end. */
  readonly seconds: number
}

/** As `paceline status --json` has it. */
export interface ProvedPlatform {
  readonly platform: string
  readonly decodes: readonly string[]
  readonly filters: readonly string[]
  readonly encodes: readonly string[]
  readonly failed: readonly { readonly what: string; readonly why: string }[]
}

interface Status {
  readonly nodes: readonly { readonly name: string; readonly proved: readonly ProvedPlatform[] }[]
  readonly recent: readonly {
    readonly arrivals: readonly { readonly segment: number; readonly node: string }[]
    readonly ways: Readonly<Record<string, readonly string[]>>
  }[]
}

/** A pause that a proof may take at the most. */
const proofPatienceMs = 90_000
/** Ticks of 1/90000 s from frame to frame of AAC at 48 kHz. */
const soundTicks = 1_920

/** A real head, nats-server and nodes play an HDR10 film; the first node is to do it on its chip, the others without. */
export async function playOnChip(options: ChipSessionOptions): Promise<ChipSession> {
  const [width, height] = options.size.split('x').map(Number)
  const film = hdrFilm(options.seconds, width!, height!)
  const mediaPath = await makeClip(film.clip)
  const own = await mkdtemp(join(tmpdir(), 'paceline-chip-proofs-'))
  const proofs = options.proofs ?? own
  const startedMs = performance.now()
  const row = await startRow({
    ffmpeg: options.softwareFfmpeg,
    remote: true,
    ...(options.headProcessors && { headProcessors: options.headProcessors }),
    nodes: options.processors.map((processors, index) => ({
      ...(processors && { processors }),
      ...(index === 0 && { ffmpeg: options.ffmpeg }),
      environment: { PACELINE_PROOFS: index === 0 ? proofs : 'off' },
    })),
  })
  const status = async () => JSON.parse(await row.run('status', '--json')) as Status
  try {
    const proved = await untilProved(status, options.platform, row.log)
    const provedAfterSeconds = (performance.now() - startedMs) / 1000
    const played = await play(film, mediaPath, row.head)
    const [session] = (await status()).recent.slice(-1)
    const makers = Object.fromEntries(session?.arrivals.map(({ segment, node }) => [segment, node]) ?? [])
    const seen = { ...played, makers, ways: session?.ways ?? {}, log: row.log(), filters: proved.filters }
    const wanted = { path: mediaPath, width: width! / 2, height: height! / 2 }
    const evidence = await look(seen, film, (files) => likenessOf(files, wanted, options.softwareFfmpeg))
    if (options.picture) await drawSeams(played.files, evidence, options.picture)
    return { evidence, proved, provedAfterSeconds, seconds: played.seconds }
  } finally {
    await row.stop()
    await rm(own, { recursive: true, force: true })
    for (const close of closers.splice(0)) await close()
  }
}

const closers: (() => Promise<void>)[] = []

/** Throws with what was said where it is not proved in time. */
async function untilProved(
  status: () => Promise<Status>,
  platform: string,
  log: () => string,
): Promise<ProvedPlatform> {
  const giveUpAt = performance.now() + proofPatienceMs
  for (;;) {
    const { nodes } = await status()
    const all = nodes.find(({ name }) => name === 'node-1')?.proved ?? []
    const proved = all.find((each) => each.platform === platform)
    // Its chips are told one by one, and measured beside nothing else.
    if (proved && log().includes('"message":"proved"')) return proved
    if (performance.now() > giveUpAt) throw new Error(`${platform} was not proved: ${log()}`)
    await sleep(500)
  }
}

interface Played extends Pick<ChipEvidence, 'exit' | 'announced' | 'problems'> {
  /** Announced files, in order. */
  readonly files: readonly string[]
  readonly seconds: number
}

async function play({ args }: HdrFilm, mediaPath: string, head: string): Promise<Played> {
  const sessions = await mkdtemp(join(tmpdir(), 'paceline-chip-session-'))
  const server = await startPlexMediaServer()
  closers.push(async () => {
    await server.close()
    await rm(sessions, { recursive: true, force: true })
  })
  const startedMs = performance.now()
  const job = await startTranscoder({
    ...{ program: shimProgram, server, args, sessions, mediaPath },
    environment: { PACELINE_HEAD: head, PACELINE_ORIGINAL: '/bin/false' },
  })
  const { exit } = await job.exited()
  const seconds = (performance.now() - startedMs) / 1000
  const rows = server.requests.flatMap(({ method, body }) => (method === 'POST' ? parseList(body) : []))
  const names = [...new Set(rows.filter(({ open }) => !open).map(({ name }) => name))]
  return {
    ...{ exit, seconds, problems: server.problems() },
    announced: names.map((name) => Number(/\d+/.exec(name)?.[0])),
    files: names.map((name) => join(job.directory, name)),
  }
}

type Seen = Played & Pick<ChipEvidence, 'makers' | 'ways' | 'log' | 'filters'>

async function look(
  seen: Seen,
  { frames, segments }: HdrFilm,
  likeness: (files: readonly string[]) => Promise<ChipEvidence['likeness']>,
): Promise<ChipEvidence> {
  const { files, exit, announced, problems, makers, ways, log, filters } = seen
  const common = { exit, announced, problems, makers, ways, log, filters, wanted: { frames, segments } }
  if (files.length === 0) return { ...common, frames: [], oddSoundSteps: [], likeness: [] }
  const read = await readFrames(files)
  const ticks = (pts: number) =>
    ((pts - read.frames[0]!.pts) * read.timeBase.num * 90_000) / read.timeBase.den
  return {
    ...common,
    frames: read.frames.map(({ number, pts }) => ({ number, ticks: ticks(pts) })),
    oddSoundSteps: oddSteps(await readAudio(files), soundTicks),
    likeness: await likeness(files),
  }
}
