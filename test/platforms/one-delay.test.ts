import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { samplePlan } from '../../src/plan/testing/sample-plan.ts'
import { platformNamed } from '../../src/platforms/all.ts'
import { debianFacts } from '../../src/platforms/ffmpeg-words.ts'
import { nvidiaChip } from '../../src/platforms/nvidia.ts'

const run = promisify(execFile)

const rate = { num: 24000, den: 1001 }
const plan: Plan = {
  ...samplePlan,
  video: { ...samplePlan.video, rate, decoded: { codec: 'h264', bits: 8 } },
  timeline: { ...samplePlan.timeline, rate, segmentSeconds: 3, expectedEndSlot: 288 },
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-delay-'))
  const source = 'testsrc2=size=160x90:rate=24000/1001:duration=12'
  const film = join(folder, 'film.mkv')
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, '-preset', 'veryfast', film])
}, 30_000)

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Times of a lease's packets, on whichever rung, with libx264 without B-frames in the place of a chip's encoder. */
async function packetsOf(
  from: number,
  to: number,
  rung: string,
): Promise<{ shown: number; decoded: number }[]> {
  const capabilities = { ...nvidiaChip.usual, ffmpeg: debianFacts }
  const leases = platformNamed('nvidia')!.ladder(
    plan,
    { from, to, open: false, failures: 0 },
    { capabilities },
  )
  const { args } = leases.find((lease) => lease.rung === rung)!
  const chip = args.indexOf('h264_nvenc')
  const standIn =
    chip === -1
      ? args
      : [...args.slice(0, chip), 'libx264', '-bf', '0', ...args.slice(args.indexOf('-bsf:v'))]
  const filled = standIn.map((arg) =>
    arg
      .replace('{input:0}', join(folder, 'film.mkv'))
      .replace('{output}', folder)
      .replace('{progress}', join(folder, 'progress')),
  )
  await run('ffmpeg', ['-y', ...filled])
  const files = Array.from({ length: to - from }, (_, index) => join(folder, String(from + index)))
  const read = await Promise.all(
    files.map((file) =>
      run('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts,dts', '-of', 'csv=p=0', file]),
    ),
  )
  const rows = read.flatMap(({ stdout }) => stdout.split('\n').filter((line) => /^\d/.test(line)))
  return rows.map((row) => {
    const [shown, decoded] = row.split(',').map(Number)
    return { shown: shown!, decoded: decoded! }
  })
}

it('leases of a library and of an encoder without B-frames follow each other, and no time goes back', async () => {
  const packets = [
    ...(await packetsOf(0, 1, 'software')),
    ...(await packetsOf(1, 2, 'encode')),
    ...(await packetsOf(2, 3, 'software')),
    ...(await packetsOf(3, 4, 'encode')),
  ]
  expect(packets).toHaveLength(288)
  const steps = packets.slice(1).map(({ decoded }, index) => decoded - packets[index]!.decoded)
  expect(Math.min(...steps)).toBeGreaterThan(3_700)
  expect(Math.max(...steps)).toBeLessThan(3_800)
  expect(packets.every(({ shown, decoded }) => shown >= decoded)).toBe(true)
  const shown = packets.map((packet) => packet.shown).toSorted((a, b) => a - b)
  const gaps = new Set(shown.slice(1).map((time, index) => time - shown[index]!))
  expect([...gaps].every((gap) => gap === 3_753 || gap === 3_754)).toBe(true)
}, 60_000)
