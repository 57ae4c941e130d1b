import { describe, expect, it } from 'vitest'
import { loseHead, wholeFilm } from './lost-head.ts'

describe('a head that is lost in the middle of a film', () => {
  // It hangs here, which takes longer to notice; the long tests kill it as well.
  it.each(['SIGSTOP'] as const)(
    '%s: the original makes all that follows, and nothing announced changes',
    async (how) => {
      const { before, after, problems, handedBackMs, leadSeconds } = await loseHead(how, 4)
      expect(before.length).toBeGreaterThanOrEqual(4)
      expect([...before, ...after]).toEqual(wholeFilm)
      expect(problems).toEqual([])
      // A head that has gone may start again, and has as long for that as one that hangs. Starting the stand-in, which is
      // a program of Node.js, counts too.
      const allowedMs = Math.min(8_000, Math.max(1_500, leadSeconds * 500))
      expect(handedBackMs).toBeLessThan(allowedMs + 1_500)
    },
    120_000,
  )
})
