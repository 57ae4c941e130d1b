import { afterEach, describe, expect, it } from 'vitest'
import type { TextProgress } from '../../dialects/plex/text-progress.ts'
import type { Plan, SubtitleTrack } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { eventually } from '../testing/eventually.ts'
import { sampleFilm } from '../testing/sample-film.ts'
import { openStage, type SmallStage } from '../testing/small-stage.ts'

const track: SubtitleTrack = {
  ...{ source: { input: 0, stream: 2 }, alone: false, codec: 'copy' },
  to: { kind: 'file', path: '/a.srt', format: 'srt' },
}
const asChunks: SubtitleTrack = {
  ...{ ...track, codec: 'ass' },
  to: { kind: 'segments', seconds: 1, format: 'ass', name: 'sub-chunk-%05d' },
}

const srtCue = (second: number) => `1\n00:00:${second},000 --> 00:00:${second + 1},000\nat ${second}\n\n`
const assCue = (second: number) =>
  `Dialogue: 0,0:00:${second}.00,0:00:${second + 1}.00,Default,at ${second}\r\n`
const seconds = [10, 11, 12, 15, 19, 23]

let stage: SmallStage

afterEach(() => stage.close())

/** A film of 12 s in segments of 2 s, whose text goes on for as long again. */
async function play(plan: Plan, ...nodes: string[]): Promise<void> {
  const film = sampleFilm(300, 563, plan)
  const words = (part: string) =>
    part === 'text-0'
      ? seconds.map((second) => srtCue(second)).join('')
      : `[Events]\r\nFormat: x\r\n${seconds.map(assCue).join('')}`
  stage = await openStage({
    plan,
    segment: (part, number) =>
      part.startsWith('text') ? Buffer.from(words(part)) : film.segment(part, number),
  })
  stage.use(...nodes)
}

/** Which cues came with which segment. */
function given(index: number): string[] {
  return stage.output.published.map(({ text }) => {
    const { cues } = text![index] as TextProgress
    return cues.map(({ startSeconds }) => startSeconds).join(' ')
  })
}

describe('text beside a film', () => {
  it('comes with the segments in whose time it begins, and what is left with the last one', async () => {
    await play({ ...samplePlan, subtitles: [track, asChunks] }, 'a', 'b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(given(0)).toEqual(['', '', '', '', '', '10 11 12 15 19 23'])
    expect(given(1)).toEqual(given(0))
    expect(stage.output.published[0]!.text![1]!.header).toBe('[Events]\r\nFormat: x\r\n')
  })

  it('is asked for as it shall be: copied, or in the order of its times', async () => {
    await play({ ...samplePlan, subtitles: [track, asChunks] }, 'a')
    await stage.session.ended
    const argsOf = (part: string) =>
      stage.fleet.orders.flatMap(({ order }) =>
        order.type === 'grant' && order.part === part ? [order.args] : [],
      )
    expect(argsOf('text-0')[0]!.join(' ')).toContain('-c:s copy')
    expect(argsOf('text-1')[0]!.at(-1)).toContain('ass:ignore_readorder=1')
  })

  it('waits for a node when all have gone, and goes on with another', async () => {
    await play({ ...samplePlan, subtitles: [track] }, 'a')
    let isHeld = true
    stage.fleet.gate = async (_node, part) => {
      while (isHeld && part === 'video') await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await eventually(() => stage.fleet.orders.length > 0)
    stage.fleet.lose('a')
    stage.session.nodeLost('a')
    stage.use()
    isHeld = false
    stage.use('b')
    expect(await stage.session.ended).toEqual({ how: 'finished' })
    expect(given(0).at(-1)).toBe('10 11 12 15 19 23')
  })
})
