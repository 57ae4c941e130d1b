import { describe, expect, it } from 'vitest'
import { clipOf } from '../../platforms/proof-clips.ts'
import { leasesAtOnce } from './at-once.ts'

/** A bench on which so many at once each go so fast; null where one of them fails. */
const bench = (speedOf: (atOnce: number) => number | null) => ({
  asked: [] as number[],
  async speeds(_args: readonly string[], _clip: unknown, atOnce: number) {
    this.asked.push(atOnce)
    const speed = speedOf(atOnce)
    return speed === null ? null : Array.from({ length: atOnce }, () => speed)
  },
})

const way = { measured: [], clip: clipOf('h264', 8)! }

describe('how many leases run at once', () => {
  it('is one where two halve the speed of each, as on a processor', async () => {
    const halved = bench((atOnce) => 100 / atOnce)
    expect(await leasesAtOnce(way, halved)).toBe(1)
    expect(halved.asked).toEqual([1, 2])
  })

  it('is as many as go on at about the same speed', async () => {
    expect(
      await leasesAtOnce(
        way,
        bench((atOnce) => (atOnce <= 4 ? 95 : 60)),
      ),
    ).toBe(4)
    expect(
      await leasesAtOnce(
        way,
        bench(() => 100),
      ),
    ).toBe(8)
  })

  it('is what a driver lets in, which refuses one more', async () => {
    expect(
      await leasesAtOnce(
        way,
        bench((atOnce) => (atOnce <= 3 ? 100 : null)),
      ),
    ).toBe(3)
  })

  it('is not known where not even one could be measured', async () => {
    expect(
      await leasesAtOnce(
        way,
        bench(() => null),
      ),
    ).toBeUndefined()
  })
})
