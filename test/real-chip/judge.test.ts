import { describe, expect, it } from 'vitest'
import { type ChipEvidence, type Expected, judge, seamsOf } from './judge.ts'

const expected: Expected = {
  ...{ chipNode: 'card', way: 'nvidia:decode-filter', softwareNodes: ['board', 'box'] },
  filter: 'tonemap_paceline_cuda',
}

const seamless: ChipEvidence = {
  ...{
    exit: 0,
    wanted: { frames: 5, segments: 4 },
    announced: [0, 1, 2, 3],
    problems: [],
    oddSoundSteps: [],
  },
  makers: { 0: 'card', 1: 'card', 2: 'board', 3: 'box' },
  ways: { card: ['nvidia:decode-filter'], board: ['paceline-tone-map'], box: ['paceline-tone-map'] },
  frames: [0, 1, 2, 3, 4].map((number) => ({ number, ticks: number * 3_600 })),
  ...{ likeness: [36, 35, 38, 37], filters: ['scale_cuda', 'tonemap_paceline_cuda'] },
  log: '{"node":"card","way":"nvidia:decode-filter","msg":"a node makes pictures"}',
}

const wrongs: readonly (readonly [string, Partial<ChipEvidence>, string])[] = [
  ['that failed', { exit: 1 }, 'the job ended with 1'],
  ['with a missing segment', { announced: [0, 2, 3] }, 'announced were 0 2 3, not 0 to 3'],
  ['with too few pictures', { frames: seamless.frames.slice(0, 4) }, '4 pictures, not 5'],
  [
    'with a picture twice',
    { frames: seamless.frames.map(({ number, ticks }) => ({ number: number === 3 ? 2 : number, ticks })) },
    'picture 2 stands in the place of 3',
  ],
  [
    'with a late picture',
    {
      frames: seamless.frames.map(({ number, ticks }) => ({ number, ticks: ticks + (number === 4 ? 1 : 0) })),
    },
    'picture 4 is at 14401 ticks, not 14400',
  ],
  ['with a gap in the sound', { oddSoundSteps: ['3 @ 4000'] }, 'a step in the sound: 3 @ 4000'],
  ['with a file that changed', { problems: ['media-1.ts has changed'] }, 'media-1.ts has changed'],
  ['in which a node did nothing', { makers: { ...seamless.makers, 3: 'board' } }, 'box made no segment'],
  [
    'of which it is not known who made it',
    { makers: { 0: 'card', 2: 'board', 3: 'box' } },
    'nobody is known to have made 1',
  ],
  [
    'that was not made on the chip',
    { ways: { ...seamless.ways, card: ['software'] } },
    'card made pictures by software, not nvidia:decode-filter',
  ],
  [
    'that other nodes made on chips',
    { ways: { ...seamless.ways, box: ['vulkan:filter'] } },
    'box made pictures on a chip: vulkan:filter',
  ],
  ['of which the log says nothing', { log: '' }, 'the log does not say nvidia:decode-filter'],
  ['with another tone map', { filters: ['scale_cuda'] }, 'card has not proved tonemap_paceline_cuda'],
  [
    'of which the chip makes other pictures',
    { likeness: [36, 31, 38, 36] },
    "the chip's pictures are 31 dB from the film, the processor's 36",
  ],
  ['that was not looked at whole', { likeness: [36] }, '1 segments were compared, not 4'],
]

describe('the judge of sessions on a chip', () => {
  it('has nothing to say of one that was seamless', () => {
    expect(judge(seamless, expected)).toEqual([])
    expect(seamsOf(seamless)).toEqual([2, 3])
  })

  it.each(wrongs)('sees one %s', (_, change, sentence) => {
    expect(judge({ ...seamless, ...change }, expected)).toContain(sentence)
  })

  it('lets the processor be worse than the chip, and both differ where nobody sees it', () => {
    expect(judge({ ...seamless, likeness: [36, 35, 20, 37] }, expected)).toEqual([])
    expect(judge({ ...seamless, likeness: [36, 36, 48, 47] }, expected)).toEqual([])
  })
})
