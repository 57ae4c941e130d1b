/**
 * How long a shim takes: from its start to its hello at the door, and to its end, with /bin/true in between for
 * what starting any process costs here. The door lives in this process, so its own share is included.
 *
 *   make -C native/shim
 *   npm run bench:shim-start
 */
import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openDoor } from '../src/head/door/door.ts'

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

const series = new Map<string, number[]>()

function note(name: string, milliseconds: number): void {
  series.set(name, [...(series.get(name) ?? []), milliseconds])
}

/** Milliseconds from before the start of a program to its end. */
async function timeOf(command: string, args: readonly string[], head: string): Promise<[number, number]> {
  const started = performance.now()
  // The media server's own variables are nothing to measure, and NODE_EXTRA_CA_CERTS would slow Node programs.
  const child = spawn(command, args, { stdio: 'ignore', env: { PACELINE_HEAD: head } })
  await new Promise((ended) => child.once('exit', ended))
  return [started, performance.now() - started]
}

for (let run = -warmUps; run < runs; run++) {
  const [, floor] = await timeOf('/bin/true', [], '')
  const [started, elapsed] = await timeOf(shim, ['-progressurl', 'x'], `unix:${door.path}`)
  const [, absent] = await timeOf(shim, ['-progressurl', 'x'], `unix:${folder}/absent.sock`)
  if (run >= 0) {
    note('/bin/true', floor)
    note('start to hello at the door', helloAt - started)
    note('start to end, by way of the head', elapsed)
    note('start to end, no head, /bin/true as original', absent)
  }
  await delay(20)
}

for (const [name, values] of series) {
  values.sort((one, other) => one - other)
  const at = (share: number) => values[Math.ceil(share * values.length) - 1]!.toFixed(2).padStart(7)
  console.log(`${name.padEnd(46)} p50 ${at(0.5)} ms   p90 ${at(0.9)} ms   (${values.length} runs)`)
}

await door.close()
await rm(folder, { recursive: true })
