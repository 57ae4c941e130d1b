import { describe, expect, it } from 'vitest'
import { ass } from './ass.ts'
import { createTextCutter } from './text-cutter.ts'
import type { TextCue } from './text-file.ts'

const cue = (startSeconds: number, endSeconds: number): TextCue => ({
  ...{ startSeconds, endSeconds },
  text: `at ${startSeconds};`,
})

const cutterFrom = (firstNumber = 0) =>
  createTextCutter({ rules: ass, trailer: '!', firstNumber, segmentSeconds: 1 })

/** `whole 7: 0-5 text` and so on. */
function told(...lists: readonly (readonly TextCue[])[]): string[] {
  const cutter = cutterFrom(7)
  const steps = [...cutter.begin(), ...lists.flatMap((cues) => cutter.add(cues)), ...cutter.end()]
  return steps.map(
    ({ what, chunk }) => `${what} ${chunk.number}: ${chunk.startSeconds}-${chunk.endSeconds} ${chunk.text}`,
  )
}

describe('text that is cut', () => {
  it('has one chunk for each cue where they lie far apart, as FFmpeg’s own muxer', () => {
    const cues = [cue(2, 5), cue(21, 24), cue(40, 44), cue(220, 224)]
    expect(told(cues).filter((line) => line.startsWith('whole'))).toEqual([
      'whole 7: 0-5 at 2;!',
      'whole 8: 21-24 at 21;!',
      'whole 9: 40-44 at 40;!',
      'whole 10: 220-224 at 220;!',
    ])
  })

  it('tells each step: an empty chunk, its growth, its end', () => {
    expect(told([cue(0, 0.5)], [cue(0.4, 2), cue(1.2, 1.5)])).toEqual([
      'begun 7: 0-0 ',
      'grown 7: 0-0.5 at 0;',
      'grown 7: 0-2 at 0;at 0.4;',
      'whole 7: 0-2 at 0;at 0.4;!',
      'begun 8: 1.2-1.2 ',
      'grown 8: 1.2-1.5 at 1.2;',
      'whole 8: 1.2-1.5 at 1.2;!',
    ])
  })

  it('lets several cues of a segment’s time share a chunk once the count has caught up', () => {
    const cues = [cue(0, 1), cue(1, 2), cue(1.5, 2), cue(2, 3)]
    expect(told(cues).filter((line) => line.startsWith('whole'))).toEqual([
      'whole 7: 0-1 at 0;!',
      'whole 8: 1-2 at 1;at 1.5;!',
      'whole 9: 2-3 at 2;!',
    ])
  })

  it('is one empty chunk where there is none', () => {
    expect(told()).toEqual(['begun 7: 0-0 ', 'whole 7: 0-0 !'])
  })
})
