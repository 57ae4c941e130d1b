import { beforeEach, describe, expect, it } from 'vitest'
import type { Proof } from '../../platforms/proof.ts'
import { clipOf } from '../../platforms/proof-clips.ts'
import { untried } from '../../platforms/proof-result.ts'
import type { Bench } from './bench.ts'
import { rememberingBench } from './remembering-bench.ts'

let asked: string[]
let answer: string | null
let bench: Bench

const proof = (args: readonly string[], codec = 'h264'): Proof => ({
  ...{ what: 'a proof', clip: clipOf(codec, 8)!, lease: args, args, writes: 'pictures' },
  expected: { depth: 8, tolerance: 1 },
})

beforeEach(() => {
  asked = []
  answer = null
  const inner: Bench = {
    async prove({ args, clip }) {
      asked.push(`${args.join(' ')} of ${clip.codec}`)
      return answer
    },
    async opens(devices) {
      asked.push(devices.join(' '))
      return answer
    },
    carryOut: async () => ({ why: null, words: '' }),
    speeds: async () => null,
    within: () => inner,
    close: async () => undefined,
  }
  bench = rememberingBench(inner)
})

describe('a bench that remembers', () => {
  it('carries out the same proof once, and another one as well', async () => {
    answer = 'no device'
    const same = await Promise.all([bench.prove(proof(['-vf', 'a'])), bench.prove(proof(['-vf', 'a']))])
    expect(same).toEqual(['no device', 'no device'])
    await bench.prove(proof(['-vf', 'b']))
    await bench.prove(proof(['-vf', 'a'], 'hevc'))
    expect(asked).toEqual(['-vf a of h264', '-vf b of h264', '-vf a of hevc'])
  })

  it('remembers that something works, on a bench for part of the time too', async () => {
    expect(await bench.opens(['-init_hw_device', 'cuda=cu:0'])).toBeNull()
    expect(await bench.within(1_000).opens(['-init_hw_device', 'cuda=cu:0'])).toBeNull()
    expect(asked).toHaveLength(1)
  })

  it('tries again what there was no time for', async () => {
    answer = untried
    expect(await bench.prove(proof(['-vf', 'a']))).toBe(untried)
    answer = null
    expect(await bench.prove(proof(['-vf', 'a']))).toBeNull()
    expect(asked).toHaveLength(2)
  })
})
