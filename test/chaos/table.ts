import { parseArgs } from 'node:util'
import { makeClip } from '../clips/make-clip.ts'
import { copyBuild } from './build-copy.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { makeForeignSegments } from './foreign-film.ts'
import { createRandom } from './random.ts'
import { runSchedule, type ScheduleResult } from './run-schedule.ts'
import { type Fault, film } from './schedule.ts'

/**
 * How long a viewer's server waits for the next segment when something fails: each fault many times, in the middle of a
 * film that is made as fast as the nodes can. Prints a table.
 *
 *   npm run chaos:table -- --runs 20 [--only kill-node] [--jobs 8]
 */
interface Row {
  readonly name: string
  readonly fault: Fault | null
}

const rows: readonly Row[] = [
  { name: 'nothing', fault: null },
  { name: 'node killed', fault: { kind: 'kill-node', node: 'node-1', backAfterMs: null } },
  { name: 'node frozen for 6 s', fault: { kind: 'freeze-node', node: 'node-1', forMs: 6_000 } },
  { name: 'network of a node cut for 6 s', fault: { kind: 'cut-network', node: 'node-1', forMs: 6_000 } },
  { name: 'connections of a node torn', fault: { kind: 'tear-network', node: 'node-1' } },
  { name: 'ffmpeg of a node killed', fault: { kind: 'kill-encoder', node: 'node-1' } },
  { name: 'ffmpeg of a node hangs', fault: { kind: 'freeze-encoder', node: 'node-1' } },
  { name: 'node drained', fault: { kind: 'drain-node', node: 'node-1', forMs: 4_000 } },
  { name: 'node joins', fault: { kind: 'join-node' } },
  { name: 'nats-server killed', fault: { kind: 'kill-nats' } },
  { name: 'nats-server frozen for 4 s', fault: { kind: 'freeze-nats', forMs: 4_000 } },
  { name: 'head killed, started again at once', fault: { kind: 'kill-head', backAfterMs: 0 } },
  { name: 'head killed for good', fault: { kind: 'kill-head', backAfterMs: null } },
  { name: 'head frozen for 1 s', fault: { kind: 'freeze-head', forMs: 1_000 } },
]

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    only: { type: 'string' },
    jobs: { type: 'string', default: '1' },
  },
})
const runs = Number(values.runs)
const random = createRandom(1)
const mediaPath = await makeClip({ seconds: film.seconds, size: '320x180', audio: 'aac-48000' })
const films = { mediaPath, foreignSegments: await makeForeignSegments(mediaPath) }
const build = await copyBuild()
const wanted = rows.filter(({ fault }) => values.only === undefined || fault?.kind === values.only)
const samples: Sample[] = []
let failed = 0
try {
  // Each row once, then each again: what else goes on in the machine falls upon all of them alike.
  const left = Array.from({ length: runs }, () => wanted).flat()
  await Promise.all(Array.from({ length: Number(values.jobs) }, () => work(left)))
} finally {
  await build.remove()
}
tell()
process.exitCode = failed === 0 ? 0 : 1

interface Sample {
  readonly row: Row
  /** Seconds. */
  readonly next: number
  readonly longest: number
  readonly isHandedBack: boolean
}

/** Takes one run after the other, in a cluster of its own. */
async function work(left: Row[]): Promise<void> {
  const place = { cluster: await startCluster(build) }
  try {
    for (let row = left.shift(); row; row = left.shift()) {
      const result = await play(place, row.fault)
      const waits = waitsAfter(result)
      if (waits === null) continue
      samples.push({ row, ...waits, isHandedBack: result.handedBackAt.length > 0 })
      console.error(`${samples.length}: ${row.name}: ${waits.next.toFixed(2)} ${waits.longest.toFixed(2)}`)
    }
  } finally {
    await place.cluster.close()
  }
}

function tell(): void {
  console.log(
    '| fault | runs | next segment, p50 | p95 | longest wait after it, p50 | p95 | by the original |',
  )
  console.log('|---|---|---|---|---|---|---|')
  for (const row of wanted) {
    const own = samples.filter((sample) => sample.row === row)
    const [nexts, longests] = [own.map(({ next }) => next), own.map(({ longest }) => longest)]
    const cells = [nexts, longests].flatMap((all) => [quantile(all, 0.5), quantile(all, 0.95)])
    const handedBack = own.filter(({ isHandedBack }) => isHandedBack).length
    console.log(`| ${row.name} | ${own.length} | ${cells.join(' | ')} | ${handedBack} |`)
  }
}

async function play(place: { cluster: Cluster }, fault: Fault | null): Promise<ScheduleResult> {
  const afterAnnounced = random.whole(4, 10)
  const faults = fault === null ? [] : [{ fault, afterAnnounced, delayMs: random.whole(0, 300) }]
  const schedule = { seed: 0, playerSpeed: 1, throttleAboveSeconds: 10_000, faults }
  const result = await runSchedule(place.cluster, films, schedule)
  for (const problem of result.problems) console.error(`${fault?.kind}: ${problem}`)
  if (result.problems.length > 0) {
    failed += 1
    await place.cluster.close()
    place.cluster = await startCluster(build)
  }
  return result
}

/** Seconds from the fault to the next announced segment, and the longest from one to the next from then on. */
function waitsAfter({ struckAtMs, announcedAtMs }: ScheduleResult): { next: number; longest: number } | null {
  const from = struckAtMs[0] ?? announcedAtMs[6]
  if (from === undefined) return null
  const after = [from, ...announcedAtMs.filter((at) => at > from)]
  if (after.length < 2) return null
  const gaps = after.slice(1).map((at, index) => (at - after[index]!) / 1000)
  return { next: gaps[0]!, longest: Math.max(...gaps) }
}

function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(2)
}
