import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PictureLook } from './picture-look.ts'
import type { WholeSegment } from './segment-intake.ts'
import { SegmentLooks } from './segment-looks.ts'

let passed: number[]
let released: number
let faults: string[]
let seen: string[]

const segment = (number: number): WholeSegment => ({ number, chunks: [], bytes: 10, sha256: '' })

function looksAt(numbers: readonly number[], fault: (seconds: number) => string | null = () => null) {
  const look: PictureLook = {
    async faultOf(_chunks, seconds) {
      await sleep(5)
      seen.push(`${seconds}`)
      return fault(seconds)
    },
  }
  return new SegmentLooks({
    ...{ look, looks: numbers.map((number) => ({ segment: number, seconds: number * 2 })) },
    budget: {
      release(bytes) {
        released += bytes
      },
    },
    onGood: ({ number }) => passed.push(number),
    onFault: (message) => faults.push(message),
  })
}

beforeEach(() => {
  ;[passed, released, faults, seen] = [[], 0, [], []]
})

describe('segments with looks between', () => {
  it('go on at once where there is nothing to look at, and in their order behind one that is looked at', async () => {
    const looks = looksAt([1])
    looks.push(segment(0))
    expect(passed).toEqual([0])
    for (const number of [1, 2]) looks.push(segment(number))
    expect(passed).toEqual([0])
    await looks.settled()
    expect([passed, seen]).toEqual([[0, 1, 2], ['2']])
    looks.push(segment(3))
    expect(passed).toEqual([0, 1, 2, 3])
  })

  it('end with the first that is wrong, which is told once and lets go of what it held', async () => {
    const looks = looksAt([1, 2], () => 'it is black')
    for (const number of [0, 1, 2, 3]) looks.push(segment(number))
    await looks.settled()
    looks.push(segment(4))
    expect([passed, faults, released]).toEqual([[0], ['E_PICTURE_WRONG: segment 1: it is black'], 40])
    expect(seen).toEqual(['2'])
  })

  it('that are cut off while they wait go nowhere', async () => {
    const looks = looksAt([0, 2])
    for (const number of [0, 1, 2]) looks.push(segment(number))
    looks.dropFrom(1)
    await looks.settled()
    expect([passed, released, seen]).toEqual([[0], 20, ['0']])
  })
})
