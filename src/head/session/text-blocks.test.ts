import { describe, expect, it } from 'vitest'
import { ass } from '../../container/text/ass.ts'
import { srt } from '../../container/text/srt.ts'
import type { TextFormatRules } from '../../container/text/text-file.ts'
import type { TextProgress } from '../../dialects/plex/text-progress.ts'
import type { Plan, SubtitleTrack } from '../../plan/plan.ts'
import { samplePlan } from '../../plan/testing/sample-plan.ts'
import { textBlocks } from './text-blocks.ts'

const track = (format: 'ass' | 'srt'): SubtitleTrack => ({
  ...{ source: { input: 0, stream: 2 }, alone: false, codec: 'copy', language: 'eng' },
  to: { kind: 'inside', format },
})
const plan: Plan = { ...samplePlan, subtitles: [track('srt'), track('ass')] }

const textOf = (rules: TextFormatRules, file: string): TextProgress => ({ rules, ...rules.read(file) })
const subrip = textOf(
  srt,
  '1\n00:00:01,250 --> 00:00:03,000\none\nand more\n\n2\n00:00:02,500 --> 00:00:02,700\ntwo\n\n',
)
const styled = textOf(
  ass,
  '[Events]\r\nFormat: x\r\nDialogue: 3,0:00:02.00,0:00:02.50,Sign,,0,0,0,,{\\b1}a, b\r\n',
)
const picture = (milliseconds: number) => ({
  ...{ track: 1, milliseconds, isKey: true, data: Buffer.from('p') },
})

describe('text within segments of Matroska', () => {
  const open = () => textBlocks(plan, { firstTrack: 3, offsetMilliseconds: 10_000 })

  it('is described with its codec, and with what stands before its cues', () => {
    expect(open().entries([subrip, styled])).toEqual([
      { kind: 'text', codecId: 'S_TEXT/UTF8', codecPrivate: null, language: 'eng' },
      {
        ...{ kind: 'text', codecId: 'S_TEXT/ASS', language: 'eng' },
        codecPrivate: Buffer.from('[Events]\r\nFormat: x\r\n'),
      },
    ])
  })

  it('stands where its time is, for as long as it is shown', () => {
    const blocks = open().among([picture(11_000), picture(12_000), picture(13_000)], [subrip, styled])
    expect(
      blocks.map(({ track: of, milliseconds, durationMilliseconds, data }) => [
        ...[of, milliseconds, durationMilliseconds],
        data.toString(),
      ]),
    ).toEqual([
      [1, 11_000, undefined, 'p'],
      [3, 11_250, 1_750, 'one\nand more'],
      [4, 12_000, 500, '0,3,Sign,,0,0,0,,{\\b1}a, b'],
      [1, 12_000, undefined, 'p'],
      [3, 12_500, 200, 'two'],
      [1, 13_000, undefined, 'p'],
    ])
  })

  it('is numbered through all segments, and comes last where nothing follows', () => {
    const words = open()
    words.among([picture(11_000)], [{ ...subrip, cues: [] }, styled])
    const [, last] = words.among([picture(11_000)], [{ ...subrip, cues: [] }, styled])
    expect(last!.data.toString()).toMatch(/^1,3,Sign/)
  })

  it('leaves segments without any as they are', () => {
    const pictures = [picture(11_000)]
    expect(open().among(pictures, [])).toBe(pictures)
    expect(textBlocks(samplePlan, { firstTrack: 3, offsetMilliseconds: 0 }).entries([])).toEqual([])
  })
})
