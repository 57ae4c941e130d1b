import { describe, expect, it } from 'vitest'
import { encodeStrip } from '../clips/strip.ts'
import { judgePlayback } from './judge-playback.ts'
import type { ShownFrame, Stretch } from './playback.ts'

/** 25 frames a second, each shown in its time. */
function smooth(options: { fromSeconds?: number; frames?: number; numberOffset?: number } = {}): Stretch {
  const { fromSeconds = 0, frames = 50, numberOffset = 0 } = options
  const first = Math.round(fromSeconds * 25)
  const shown = Array.from({ length: frames }, (_, index): ShownFrame => {
    const atMilliseconds = 1_000 + index * 40
    return {
      ...{ atMilliseconds, readAtMilliseconds: atMilliseconds + 5 },
      mediaSeconds: (first + index) / 25,
      strip: Array.from(encodeStrip(first + index + numberOffset)),
    }
  })
  return { fromSeconds, frames: shown, endedAtMilliseconds: 1_000 + frames * 40, errors: [] }
}

/** From this frame on, all is otherwise. */
function changedFrom(stretch: Stretch, from: number, change: (frame: ShownFrame) => ShownFrame): Stretch {
  const frames = stretch.frames.map((frame, index) => (index < from ? frame : change(frame)))
  return { ...stretch, frames, endedAtMilliseconds: frames.at(-1)!.atMilliseconds + 40 }
}

const shownLater = (milliseconds: number) => (frame: ShownFrame) => ({
  ...frame,
  atMilliseconds: frame.atMilliseconds + milliseconds,
  readAtMilliseconds: frame.readAtMilliseconds + milliseconds,
})

function judge(...stretches: Stretch[]): { stalls: string[]; faults: string[] } {
  const seen = judgePlayback({ stretches, errors: [] }, 25)
  return { stalls: seen.flatMap(({ stalls }) => stalls), faults: seen.flatMap(({ faults }) => faults) }
}

describe('what a viewer saw', () => {
  it('is well when each picture is shown in its time, also after a seek', () => {
    expect(judge(smooth(), smooth({ fromSeconds: 30 }))).toEqual({ stalls: [], faults: [] })
  })

  it('has a stall where no new frame comes for more than a quarter of a second', () => {
    expect(judge(changedFrom(smooth(), 20, shownLater(200))).stalls).toEqual([])
    const { stalls, faults } = judge(changedFrom(smooth(), 20, shownLater(220)))
    expect([stalls, faults]).toEqual([['260 ms without a new frame at 0.760 s'], []])
  })

  it('has a stall where nothing comes any more', () => {
    expect(judge({ ...smooth({ frames: 10 }), endedAtMilliseconds: 2_000 }).stalls).toEqual([
      '640 ms without a new frame at 0.360 s',
    ])
  })

  it('may wait for its second frame: only then does it play', () => {
    expect(judge(changedFrom(smooth(), 1, shownLater(3_000))).stalls).toEqual([])
  })

  it('is wrong where pictures of another time are shown after a seek', () => {
    const { faults } = judge(smooth(), smooth({ fromSeconds: 30, frames: 1, numberOffset: 3 }))
    expect(faults).toEqual(['at 30.000 s frame 753 is shown'])
  })

  it('is right when all of the film is as far from its time, unless that is far', () => {
    const film = (numberOffset: number) =>
      judge(smooth({ numberOffset }), smooth({ fromSeconds: 30, numberOffset })).faults
    expect(film(2)).toEqual([])
    expect(film(6)).toHaveLength(100)
  })

  it('is right when a picture was read late and a later one was there by then', () => {
    const late = (milliseconds: number) =>
      changedFrom(smooth({ frames: 11 }), 10, (frame) => ({
        ...frame,
        strip: Array.from(encodeStrip(12)),
        readAtMilliseconds: frame.atMilliseconds + milliseconds,
      }))
    expect(judge(late(50)).faults).toEqual([])
    expect(judge(late(5)).faults).toEqual(['at 0.400 s frame 12 is shown'])
  })

  it('is wrong where a picture cannot be read', () => {
    const grey = Array.from({ length: 20 }, () => 128)
    const { faults } = judge(changedFrom(smooth({ frames: 11 }), 10, (frame) => ({ ...frame, strip: grey })))
    expect(faults).toEqual(['at 0.400 s the picture cannot be read'])
  })

  it('is wrong where time goes back or something is left out', () => {
    const jump = (seconds: number) =>
      changedFrom(smooth({ frames: 11 }), 10, (frame) => {
        const mediaSeconds = frame.mediaSeconds + seconds
        return { ...frame, mediaSeconds, strip: Array.from(encodeStrip(Math.round(mediaSeconds * 25))) }
      })
    expect(judge(jump(-0.08)).faults).toEqual(['at 0.320 s time has gone back by 40 ms'])
    expect(judge(jump(0.32)).faults).toEqual(['at 0.720 s the player has left out 320 ms'])
  })

  it('is wrong where the player is elsewhere than where it was to be', () => {
    expect(judge({ ...smooth({ fromSeconds: 31 }), fromSeconds: 30 }).faults).toEqual([
      'it begins at 31 s instead of 30 s',
    ])
  })
})
