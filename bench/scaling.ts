/**
 * How much faster `paceline transcode` is with n nodes of one core each than with one. For each run and each number
 * of nodes a head and its nodes are started anew; nodes have a processor each, the head and its nats-server have the
 * rest, or share the first node's where there are not enough.
 *
 *   npm run bench:scaling -- [--nodes 1,2] [--cores 2] [--runs 5] [--seconds 120] [--height 1080] [--control]
 *     [--remote]
 *
 * --seconds-per-node N instead of --seconds gives n nodes n times the film, so that every step takes equally long;
 * efficiency is then of speeds. --control also encodes, before each run, with n ffmpegs that know nothing of each
 * other, which is what the machine itself makes possible at that time. Nodes read the film from this machine's disk;
 * with --remote through the head, as on other machines.
 */
import { parseArgs } from 'node:util'
import { benchClip } from './clips.ts'
import { controlSpeed } from './control.ts'
import { physicalCores, processors } from './processors.ts'
import { measureScaling, type ScalingResult } from './scaling-run.ts'
import { median, ratios } from './statistics.ts'

const { values: flags } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1,2' },
    cores: { type: 'string', default: '2' },
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '120' },
    'seconds-per-node': { type: 'string' },
    height: { type: 'string', default: '1080' },
    control: { type: 'boolean', default: false },
    remote: { type: 'boolean', default: false },
  },
})

/** Long enough for the start of ffmpeg not to count. */
const controlSeconds = 10

const counts = flags.nodes.split(',').map(Number)
const cores = processors().slice(0, Number(flags.cores))
const perNode = flags['seconds-per-node']
const secondsFor = (nodes: number) =>
  perNode === undefined ? Number(flags.seconds) : Number(perNode) * nodes

if (Math.max(...counts) > cores.length)
  throw new RangeError(`only ${cores.length} processors for ${flags.nodes} nodes`)
console.log(`processors ${cores.join(',')} (${physicalCores(cores)} physical cores), nodes ${flags.nodes}`)

const results = new Map<number, ScalingResult[]>(counts.map((nodes) => [nodes, []]))
const controls = new Map<number, number[]>(counts.map((nodes) => [nodes, []]))
// The first start reads the programs from the disk.
if (flags.control) await controlSpeed(await benchClip(controlSeconds), cores, Number(flags.height))
for (let run = 1; run <= Number(flags.runs); run++) {
  for (const nodes of counts) {
    if (flags.control) await measureControl(nodes)
    const clip = await benchClip(secondsFor(nodes))
    const height = Number(flags.height)
    const result = await measureScaling({ clip, nodes, cores, height, remote: flags.remote })
    results.get(nodes)!.push(result)
    console.log(describe(run, result))
  }
}

const speeds = new Map<number, number[]>(
  [...results].map(([nodes, all]) => [nodes, all.map(({ speed }) => speed)]),
)
const [fewest] = counts
for (const nodes of counts.slice(1)) {
  const times = ratios(speeds.get(nodes)!, speeds.get(fewest!)!)
  const typical = median(times)
  console.log(
    `${nodes} nodes against ${fewest}: time ratios ${times.map((ratio) => (1 / ratio).toFixed(3)).join(' ')}, ` +
      `median ${(1 / typical).toFixed(3)}; efficiency ${efficiency(nodes, typical)}` +
      (flags.control ? `; control ${efficiency(nodes, controlRatio(nodes))}` : ''),
  )
}
console.log(
  JSON.stringify({ cores, results: Object.fromEntries(results), controls: Object.fromEntries(controls) }),
)

function efficiency(nodes: number, speedRatio: number): string {
  return ((speedRatio * fewest!) / nodes).toFixed(3)
}

function controlRatio(nodes: number): number {
  return median(ratios(controls.get(nodes)!, controls.get(fewest!)!))
}

async function measureControl(nodes: number): Promise<void> {
  const speed = await controlSpeed(
    await benchClip(controlSeconds),
    cores.slice(0, nodes),
    Number(flags.height),
  )
  controls.get(nodes)!.push(speed)
  console.log(`control, ${nodes} ffmpegs apart: ${speed.toFixed(2)}x together`)
}

function describe(
  run: number,
  { nodes, filmSeconds, seconds, speed, segments, nodeCores, headCores }: ScalingResult,
) {
  const busy = nodeCores.map((share) => share.toFixed(2)).join(' ')
  return (
    `run ${run}, ${nodes} nodes: ${filmSeconds} s of film in ${seconds.toFixed(2)} s, ${speed.toFixed(2)}x; ` +
    `segments ${segments.join(' ')}; cores used: nodes ${busy}, head ${headCores.toFixed(2)}`
  )
}
