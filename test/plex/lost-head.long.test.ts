import { describe, expect, it } from 'vitest'
import { loseHead, wholeFilm } from './lost-head.ts'

describe('a head that is lost in the middle of a film, 50 times', () => {
  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    '%s: the times are met and nothing announced changes, wherever it happens',
    async (how) => {
      const late: number[] = []
      const handedBack: number[] = []
      for (let run = 0; run < 50; run++) {
        const { before, after, problems, handedBackMs, leadSeconds } = await loseHead(how, 1 + (run % 20))
        expect([...before, ...after]).toEqual(wholeFilm)
        expect(problems).toEqual([])
        const allowedMs = Math.min(8_000, Math.max(1_500, leadSeconds * 500))
        late.push(handedBackMs - allowedMs)
        handedBack.push(handedBackMs)
      }
      const sorted = handedBack.toSorted((one, other) => one - other)
      console.info(`${how}: handed back after ${sorted[24]} ms p50, ${sorted[44]} p90, ${sorted[49]} at most`)
      expect(Math.max(...late)).toBeLessThan(1_500)
    },
    1_200_000,
  )
})
