/**
 * What a viewer waits for, against the budgets of docs/design.md: a job of Plex through the shim, the head and awake
 * nodes, beside the same ffmpeg run directly. All kinds of runs take turns, so that a busy moment of the machine
 * falls on all of them.
 *
 *   npm run bench:latency -- [--runs 10] [--clip FILE]...
 *
 * A clip has to be of 1080p30 in h264 and aac; without one a film of 60 s is made, and the low-bitrate one of
 * ../shared/media is taken too where it is there.
 */
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { benchClip } from './clips.ts'
import { measureAcceptance } from './latency/acceptance.ts'
import { measureDirect } from './latency/direct.ts'
import { buildEncoderStamp } from './latency/encoder-stamp.ts'
import { watchIdle } from './latency/idle.ts'
import { startMediaServer } from './latency/media-server.ts'
import { judge, Series } from './latency/series.ts'
import { measureThrough } from './latency/through.ts'
import { residentBytes } from './process-facts.ts'
import { processors } from './processors.ts'
import { quietMoment } from './quiet.ts'
import { type BenchRow, startRow } from './row.ts'

const { values: flags } = parseArgs({
  options: { runs: { type: 'string', default: '10' }, clip: { type: 'string', multiple: true } },
})
const runs = Number(flags.runs)
const idleSeconds = 20
/** Runs before those that count: pages, code and caches are cold in the first ones. */
const warmUps = 2
/** Before each run, for others to come to an end: a machine that is never quiet is measured all the same. */
const patienceMs = 10_000

const folder = await mkdtemp(join(tmpdir(), 'paceline-bench-'))
const stamp = await buildEncoderStamp(folder)
const server = await startMediaServer()
const [first, second] = processors()
const whole = await startRow({ nodes: [{}], ffmpeg: stamp.program })
const remote = await startRow({ nodes: [{}], ffmpeg: stamp.program, remote: true })
const shared = await startRow({
  nodes: [first!, second!].map((processor) => ({ processors: [processor] })),
  ffmpeg: stamp.program,
})
try {
  await idle('agent on an idle node, before any work', whole)
  for (const clip of await clips()) await latencies(clip)
  // The agent gives back what it held ten seconds after its last lease.
  await sleep(12_000)
  await idle('agent on an idle node, after work', whole)
  console.log(
    `head after all of this: ${megabytes(whole.headPid)} MB resident, one node and one session at a time`,
  )
} finally {
  await Promise.all([whole.stop(), remote.stop(), shared.stop()])
  server.close()
  await rm(folder, { recursive: true, force: true })
}

async function clips(): Promise<readonly string[]> {
  if (flags.clip) return flags.clip.map((clip) => resolve(clip))
  const lowBitrate = resolve(process.env.PACELINE_SHARED ?? '../shared', 'media/long_1080p_lowbitrate.mp4')
  return [resolve(await benchClip(60)), ...(existsSync(lowBitrate) ? [lowBitrate] : [])]
}

async function idle(name: string, { nodePids: [agent] }: BenchRow): Promise<void> {
  const { residentMegabytes, cpuShare } = await watchIdle(agent!, idleSeconds)
  judge(`${name}: resident memory`, residentMegabytes, 80, 'MB')
  judge(`${name}: share of one core`, cpuShare * 100, 0.5, '%')
}

async function latencies(clip: string): Promise<void> {
  console.log(`\n${clip}, load average ${loadavg()[0]!.toFixed(2)} at the start`)
  const series = new Series()
  for (let run = 1 - warmUps; run <= runs; run++) {
    const add = run < 1 ? () => {} : series.add
    await oneRun(clip, add)
  }
  report(series)
  console.log(`load average ${loadavg()[0]!.toFixed(2)} at the end`)
}

async function oneRun(clip: string, add: (name: string, value: number) => void): Promise<void> {
  const common = { stamp, server, folder }
  await quietMoment(patienceMs)
  add('accepted', await measureAcceptance(clip, whole, server.url, folder))
  await quietMoment(patienceMs)
  const direct = await measureDirect(clip, stamp, folder)
  add('direct encoder', direct.encoderMs)
  add('direct first', direct.firstSegmentMs)
  await quietMoment(patienceMs)
  const known = await measureThrough({ ...common, clip, row: whole })
  add('encoder', known.encoderMs)
  add('first', known.firstSegmentMs)
  add('kill', known.killMs)
  await quietMoment(patienceMs)
  const copy = join(folder, 'never-seen.mp4')
  await copyFile(clip, copy)
  const unknown = await measureThrough({ ...common, clip: copy, row: whole })
  await rm(copy)
  add('unknown encoder', unknown.encoderMs)
  add('unknown first', unknown.firstSegmentMs)
  add('kill', unknown.killMs)
  await quietMoment(patienceMs)
  add('remote first', (await measureThrough({ ...common, clip, row: remote })).firstSegmentMs)
  await quietMoment(patienceMs)
  add('direct first, one core', (await measureDirect(clip, stamp, folder, [first!])).firstSegmentMs)
  await quietMoment(patienceMs)
  const two = await measureThrough({ ...common, clip, row: shared })
  add('two encoder', two.encoderMs)
  add('two first', two.firstSegmentMs)
  add('kill', two.killMs)
}

function report(series: Series): void {
  const accepted = series.of('accepted')
  accepted.print('shim start to job accepted', 'ms')
  accepted.judge('shim start to job accepted', { p50: 5, p99: 20 }, 'ms')
  const over = series.of('encoder').minus(series.of('direct encoder'))
  series.of('direct encoder').print('ffmpeg itself, start to encoder', 'ms')
  series.of('encoder').print('shim start to encoder, known file', 'ms')
  over.judge('shim start to encoder over ffmpeg itself, known file', { p50: 8, p90: 20 }, 'ms')
  series.of('two encoder').print('shim start to encoder, known file, two nodes of a core each', 'ms')
  series.of('unknown encoder').print('shim start to encoder, unknown file', 'ms')
  const pairs = [
    ['first', 'direct first', 'one node with all cores'],
    ['remote first', 'direct first', 'the same, media through the head'],
    ['two first', 'direct first, one core', 'two nodes of a core each'],
  ] as const
  for (const [through, direct, what] of pairs) {
    series.of(direct).print(`first segment of ffmpeg itself (${what})`, 'ms')
    series.of(through).print(`first segment (${what})`, 'ms')
    const ratio = series.of(through).over(series.of(direct))
    console.log(`  pair by pair: ${ratio.values.map((value) => value.toFixed(3)).join(' ')}`)
    ratio.judge(`first segment against ffmpeg itself (${what})`, { p50: 1.05, p90: 1.05 }, 'times')
  }
  const itself = series.of('direct first').overBefore()
  itself.print('ffmpeg itself against its run before, which is what this machine scatters', 'times')
  const more = series.of('unknown first').minus(series.of('first'))
  more.judge('first segment of a file never seen, over one that is known', { p50: 50, p90: 50 }, 'ms')
  series.of('kill').judge('SIGKILL of the shim to the last encoder gone', { p95: 500 }, 'ms')
}

function megabytes(pid: number): string {
  return ((residentBytes(pid) ?? 0) / 1e6).toFixed(0)
}
