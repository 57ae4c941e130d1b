/**
 * The same film in 4K HDR10 made SDR in 1080p: by command lines as media servers write them, and by what a head would have
 * a node of this machine run in their place, by what that has proved. Pictures alone, ffmpeg alone; all kinds of runs take
 * turns, and each is compared with the line that ran beside it.
 *
 *   npm run bench:paths -- [--runs 5] [--seconds 20] [--ffmpeg PATH] [--jellyfin-ffmpeg PATH] [--clip FILE]
 *     [--proofs FOLDER]
 *
 * Lines with filters of Jellyfin's need its ffmpeg, those for a card need the card; without either they are left out.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { usualFfmpeg } from '../src/cli/usual-ffmpeg.ts'
import { lookUpProof } from '../src/node/proof/look-up.ts'
import { hdrClip } from './clips.ts'
import { Series } from './latency/series.ts'
import { type ChosenPath, chosenPath, filledPath } from './paths/chosen-path.ts'
import { filledLine, type ServerLine, serverLines } from './paths/server-lines.ts'
import { cpuSeconds } from './process-facts.ts'
import { output } from './programs.ts'
import { quietMoment } from './quiet.ts'

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '20' },
    ffmpeg: { type: 'string', default: usualFfmpeg() },
    'jellyfin-ffmpeg': { type: 'string' },
    clip: { type: 'string' },
    /** Where proofs are kept: it is proved anew unless one is there. */
    proofs: { type: 'string' },
  },
})
const theirs = flags['jellyfin-ffmpeg'] ?? process.env.PACELINE_JELLYFIN_FFMPEG
/** Before each run, for others to come to an end. */
const patienceMs = 10_000

const clip = resolve(flags.clip ?? (await hdrClip(Number(flags.seconds))))
const place = await mkdtemp(join(tmpdir(), 'paceline-paths-'))
try {
  const kept = flags.proofs ?? join(place, 'proofs')
  const proof =
    (await lookUpProof(flags.ffmpeg, false, kept)) ?? (await lookUpProof(flags.ffmpeg, true, kept))
  if (!proof) throw new Error('what this machine can do is not known')
  const entries = await comparisons()
  console.log(`${clip}: ${cpus().length} processors, load average ${loadavg()[0]!.toFixed(2)} at the start`)
  const series = new Series()
  // The first round is warming up: pages, kernels and clocks are cold.
  for (let run = 0; run <= Number(flags.runs); run++) {
    for (const entry of entries) await compare(entry, run === 0 ? () => undefined : series.add)
  }
  for (const entry of entries) report(entry, series)
  console.log(`load average ${loadavg()[0]!.toFixed(2)} at the end`)

  async function comparisons(): Promise<readonly Comparison[]> {
    const hasCard = proof!.platforms.some(
      ({ platform, capabilities }) => platform === 'nvidia' && capabilities,
    )
    const able = serverLines.filter(
      (line) => (!line.isForCuda || hasCard) && (!line.isForJellyfin || theirs !== undefined),
    )
    return Promise.all(
      able.map(async (line) => ({ line, path: await chosenPath(filledLine(line, clip, place), proof!) })),
    )
  }
} finally {
  await rm(place, { recursive: true, force: true })
}

interface Comparison {
  readonly line: ServerLine
  readonly path: ChosenPath
}

async function compare({ line, path }: Comparison, add: Series['add']): Promise<void> {
  const server = await timed(line.isForJellyfin ? theirs! : flags.ffmpeg, (out) =>
    filledLine(line, clip, out),
  )
  const chosen = await timed(flags.ffmpeg, (out) => filledPath(path, clip, out))
  add(`${line.name}: server's seconds`, server.seconds)
  add(`${line.name}: chosen seconds`, chosen.seconds)
  add(`${line.name}: server's core seconds`, server.coreSeconds)
  add(`${line.name}: chosen core seconds`, chosen.coreSeconds)
}

async function timed(
  ffmpeg: string,
  argsFor: (out: string) => readonly string[],
): Promise<{ readonly seconds: number; readonly coreSeconds: number }> {
  const out = join(place, 'out')
  await mkdir(out)
  await quietMoment(patienceMs)
  const before = cpuSeconds(process.pid)!
  const startedMs = performance.now()
  await output([ffmpeg, '-nostdin', '-v', 'error', ...argsFor(out)])
  const seconds = (performance.now() - startedMs) / 1000
  const made = (await readdir(out)).length
  await rm(out, { recursive: true, force: true })
  if (made === 0) throw new Error(`${ffmpeg} made nothing`)
  return { seconds, coreSeconds: cpuSeconds(process.pid)! - before }
}

function report({ line, path }: Comparison, series: Series): void {
  const of = (what: string) => series.of(`${line.name}: ${what}`)
  console.log(`\n${line.name}; chosen: ${path.way}`)
  of("server's seconds").print('the line as the server wrote it', 's')
  of('chosen seconds').print('the chosen path', 's')
  of("server's seconds").over(of('chosen seconds')).print('the chosen path is faster by', 'times')
  of("server's core seconds")
    .over(of('chosen core seconds'))
    .print('and takes less of the processor by', 'times')
}
