import { afterEach, describe, expect, it } from 'vitest'
import { type SeekVerdict, seekAnywhere, unreadSource } from '../../media/seeking.ts'
import { sampleFilm } from '../testing/sample-film.ts'
import { openStage, type SmallStage } from '../testing/small-stage.ts'

const film = sampleFilm(300, 563)
let stage: SmallStage

afterEach(() => stage.close())

/** A session of which so much is known at first, and a way to know more. */
async function sessionOf(verdict: SeekVerdict) {
  const seeking = { verdict }
  const inputs = film.plan.inputs.map((input) => ({ ...input, seeking }))
  stage = await openStage({ ...film, plan: { ...film.plan, inputs } })
  return seeking
}

const pictureNodes = () =>
  new Set(
    stage.fleet.orders.flatMap(({ node, order }) =>
      order.type === 'grant' && order.part === 'video' ? [node] : [],
    ),
  )

describe('a session whose film turns out', () => {
  it('to be of no use ends, and says why', async () => {
    const seeking = await sessionOf(unreadSource)
    seeking.verdict = { kind: 'unusable', why: 'times-lost', detail: '9000.000 s after 3.000 s' }
    expect(await stage.session.ended).toEqual({
      how: 'failed',
      reason: 'its times jump ahead by more than an hour: 9000.000 s after 3.000 s',
    })
  })

  it('to allow no seek is made by one node', async () => {
    await sessionOf({ kind: 'one-piece', why: 'times-back', detail: '' })
    stage.use('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(pictureNodes().size).toBe(1)
  })

  it('to allow seeks is made by all', async () => {
    await sessionOf(seekAnywhere)
    stage.use('a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(pictureNodes().size).toBe(2)
  })
})
