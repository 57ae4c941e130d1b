import { afterEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { makeClip } from '../clips/make-clip.ts'
import { codecNoise, expectSeamless } from './expect-seamless.ts'
import { jobPlan } from './job-plan.ts'
import { type ChangeArguments, type Cuts, LeaseRunner, uncut } from './lease-runner.ts'
import { largestDifference, oddSteps, soundOf } from './seam-facts.ts'

const soundTicks = 1_920
const runners: LeaseRunner[] = []

async function openRunner(change?: ChangeArguments): Promise<LeaseRunner> {
  const runner = await LeaseRunner.open(change)
  runners.push(runner)
  return runner
}

afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.close()
})

const plan = async (): Promise<Plan> => jobPlan({ path: await makeClip({ seconds: 8, audio: 'aac-48000' }) })

/** Spoils the leases that begin in the middle. */
const inTheMiddle =
  (spoil: (text: string) => string): ChangeArguments =>
  (args, { from }) =>
    from === 0 ? args : args.map(spoil)

const cutAt: (segments: Partial<Cuts>) => Cuts = (segments) => ({ ...uncut, ...segments })

describe('the seam tests find', () => {
  it('a click where sound begins without a pre-roll, and none with it', async () => {
    const preRoll = (args: readonly string[]) => Number(/lt\(n\\,(\d+)\)/.exec(args.join(' '))?.[1])
    const runner = await openRunner()
    const naive = await openRunner((args, { from }) => {
      const frames = from === 0 ? 0 : preRoll(args)
      return args.map((text) =>
        text
          .replace(
            /(start_pts|first_pts)=(\d+)/g,
            (_, name, sample) => `${name}=${Number(sample) + frames * 1024}`,
          )
          .replace(/^noise=drop=lt\(n\\,16\)(\+.*)?$/, 'noise=drop=0'),
      )
    })
    const made = await plan()
    const cuts = cutAt({ audio: [4] })
    const expected = await soundOf(await runner.make(made, uncut))
    const [clean, clicking] = [
      await soundOf(await runner.make(made, cuts)),
      await soundOf(await naive.make(made, cuts)),
    ]
    // The packets lie where they should either way: only their sound tells.
    for (const sound of [clean, clicking]) expect(oddSteps(sound, soundTicks)).toEqual([])
    expect(largestDifference(clicking, expected, 3.9, 4.1)).toBeGreaterThan(0.4)
    expect(largestDifference(clean, expected, 3.9, 4.1)).toBeLessThan(codecNoise)
  })

  it('sound that is two samples off in packets that are not', async () => {
    const shift = (_: string, sample: string) => `atrim=start_pts=${Number(sample) + 2},asetpts=PTS-2`
    const runner = await openRunner(inTheMiddle((text) => text.replace(/atrim=start_pts=(\d+)/, shift)))
    await expect(expectSeamless(runner, await plan(), cutAt({ audio: [4] }))).rejects.toThrow(
      /to be less than/,
    )
  })

  it('sound that is there twice, of which the head lets nothing through where a lease does not end', async () => {
    const endless = await openRunner((args) =>
      args.map((text) => text.replace(/\+?gte\(pts\\,\d+\)/, '').replace(/^noise=drop=$/, 'noise=drop=0')),
    )
    const sound = await soundOf(await endless.make(await plan(), cutAt({ audio: [4] })))
    expect(oddSteps(sound, soundTicks)).toEqual([])
    const twice = sound.packets.flatMap((packet, index) => (index === 90 ? [packet, packet] : [packet]))
    expect(oddSteps({ ...sound, packets: twice }, soundTicks)).not.toEqual([])
  })

  it('a picture that is its neighbour', async () => {
    const runner = await openRunner(
      inTheMiddle((text) => text.replace(/(^|,)fps=/, '$1setpts=PTS+0.04/TB,fps=')),
    )
    await expect(expectSeamless(runner, await plan(), cutAt({ video: [4] }))).rejects.toThrow(/deeply equal/)
  })

  it('a segment that begins one frame late', async () => {
    const late = (_: string, slot: string) => `trim=start_pts=${Number(slot) + 1}`
    const runner = await openRunner(inTheMiddle((text) => text.replace(/trim=start_pts=(\d+)/, late)))
    await expect(runner.make(await plan(), cutAt({ video: [7] }))).rejects.toThrow(/begins 1 frames beside/)
  })

  it('a segment with a frame too many', async () => {
    const runner = await openRunner((args) =>
      args.map((text) =>
        text.replace(/^25,50,75,100,/, '25,51,75,100,').replace(/^(0\.0+,1\.0+,)2\.0+/, '$12.04'),
      ),
    )
    await expect(runner.make(await plan(), uncut)).rejects.toThrow(/26 frames where the timeline has 25/)
  })
})
