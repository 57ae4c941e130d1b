import { describe, expect, it } from 'vitest'
import { decide, rehearse } from './rehearsal.ts'

describe('a rehearsal', () => {
  it('goes the whole way of a job, or it would rehearse nothing', async () => {
    const [picture, sound] = (await decide()) ?? []
    expect(picture).toMatchObject({ args: expect.arrayContaining(['libx264']) })
    expect(sound).toMatchObject({ args: expect.arrayContaining(['aac']) })
  })

  it('lets the head do other things meanwhile', async () => {
    let turns = 0
    const counting = setInterval(() => turns++, 0)
    await rehearse(200)
    clearInterval(counting)
    expect(turns).toBeGreaterThan(2)
  })
})
