/**
 * How long a shim takes: from its start to its hello at the door, and to its end, with a head and with each way in which
 * there is none. /bin/true is the original, and is timed beside it for what starting any process costs here. The door
 * lives in this process, so its own share is included.
 *
 *   npm run shim && npm run bench:shim-start
 */
import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openDoor } from '../src/head/door/door.ts'
import { hungHead } from '../test/shim/hung-head.ts'
import { percentile } from './statistics.ts'

const runs = 50
/** The first runs pay for pages and code that later ones find warm. */
const warmUps = 5
const program = process.env.PACELINE_TEST_SHIM ?? 'native/shim/build/paceline-shim'

const folder = await mkdtemp(join(tmpdir(), 'paceline-bench-'))
const shim = join(folder, 'transcoder')
await copyFile(program, shim)
await writeFile(`${shim}.orig`, '#!/bin/true\n')
await chmod(`${shim}.orig`, 0o755)

let helloAt = 0
const door = await openDoor({
  path: join(folder, 'head.sock'),
  onJob: (job) => {
    helloAt = performance.now()
    job.accept()
    job.exit(0)
  },
})
const refusing = await openDoor({
  path: join(folder, 'refusing.sock'),
  onJob: (job) => void job.local('a bench'),
})
const closed = join(folder, 'closed.sock')
await (await hungHead(closed)).stop()
const hung = join(folder, 'hung.sock')
const hungOne = await hungHead(hung)

const series = new Map<string, number[]>()

function note(name: string, milliseconds: number): void {
  series.set(name, [...(series.get(name) ?? []), milliseconds])
}

/** Milliseconds from before the start of a program to its end. */
async function timeOf(command: string, args: readonly string[], head: string): Promise<[number, number]> {
  const started = performance.now()
  // The media server's own variables are nothing to measure, and NODE_EXTRA_CA_CERTS would slow Node programs.
  const child = spawn(command, args, { stdio: 'ignore', env: { PACELINE_HEAD: head, TMPDIR: folder } })
  await new Promise((ended) => child.once('exit', ended))
  return [started, performance.now() - started]
}

const original = async (socket: string): Promise<number> =>
  (await timeOf(shim, ['-progressurl', 'x'], `unix:${socket}`))[1]

for (let run = -warmUps; run < runs; run++) {
  const [, floor] = await timeOf('/bin/true', [], '')
  const [started, elapsed] = await timeOf(shim, ['-progressurl', 'x'], `unix:${door.path}`)
  const absent = await original(join(folder, 'absent.sock'))
  const left = await original(closed)
  const refused = await original(refusing.path)
  await rm(`${hung}.stalled`, { force: true })
  const first = await original(hung)
  const again = await original(hung)
  if (run >= 0) {
    note('/bin/true', floor)
    note('start to hello at the door', helloAt - started)
    note('start to end, by way of the head', elapsed)
    note('to the original: no socket', absent)
    note('to the original: nobody listens', left)
    note('to the original: the head refuses', refused)
    note('to the original: a hung head', first)
    note('to the original: hung a moment ago', again)
  }
  await delay(20)
}

for (const [name, values] of series) {
  const at = (share: number) => percentile(values, share).toFixed(2).padStart(8)
  const figures = `p50 ${at(0.5)} ms   p90 ${at(0.9)} ms   most ${at(1)} ms`
  console.log(`${name.padEnd(36)} ${figures}   (${values.length} runs)`)
}
console.log(`load average ${loadavg()[0]!.toFixed(1)}`)

await hungOne.stop()
await refusing.close()
await door.close()
await rm(folder, { recursive: true })
