import { describe, expect, it } from 'vitest'
import { publishedBoard } from './published-boards.ts'

describe('published watts', () => {
  it.each([
    ['Raspberry Pi 4 Model B Rev 1.4', 'Raspberry Pi 4'],
    ['Raspberry Pi 5 Model B Rev 1.0', 'Raspberry Pi 5'],
    ['Raspberry Pi Compute Module 5 Rev 1.0', 'Raspberry Pi CM5'],
    ['Xunlong Orange Pi 5 Max', 'Orange Pi 5 Max'],
    ['OrangePi 5 Max', 'Orange Pi 5 Max'],
    ['Turing Machines RK1', 'Turing RK1'],
    ['Intel(R) N100', 'N100'],
    ['Intel(R) N150', 'N150'],
  ])('of %s are those of a %s', (identity, name) => {
    expect(publishedBoard(identity)?.name).toBe(name)
  })

  it.each([
    '',
    'AMD EPYC',
    'Intel(R) Celeron(R) N1000',
    'Raspberry Pi 3 Model B',
    'NVIDIA Jetson Nano Developer Kit',
  ])('of %j there are none', (identity) => expect(publishedBoard(identity)).toBeUndefined())

  it('are more when a board is busy than when it idles', () => {
    for (const identity of ['Raspberry Pi 4', 'Raspberry Pi 5', 'Turing RK1', 'Intel N100', 'Intel N150']) {
      const { idleWatts, busyWatts, offWatts } = publishedBoard(identity)!.model
      expect(busyWatts).toBeGreaterThan(idleWatts)
      expect(idleWatts).toBeGreaterThan(offWatts)
    }
  })
})
