import { describe, expect, it } from 'vitest'
import { type Evidence, type JudgedFrame, type JudgedJob, judge, longestMs, ranges } from './judge.ts'
import type { Fault } from './schedule.ts'

const happened = { happened: true, how: 'it was seen' }

function framesOf(segments: readonly number[]): JudgedFrame[] {
  return segments.flatMap((segment) =>
    Array.from({ length: 50 }, (_, index) => {
      const number = segment * 50 + index
      return { number, seconds: number / 25 }
    }),
  )
}

const numbersFrom = (first: number, end = 30) =>
  Array.from({ length: end - first }, (_, index) => first + index)

/** A job without a flaw, from a segment on up to another one. */
function goodJob(first = 0, end = 30): JudgedJob {
  const announced = numbersFrom(first, end).map((segment) => ({
    name: `media-${String(segment).padStart(5, '0')}.ts`,
    ...{ startSeconds: segment * 2, endSeconds: segment * 2 + 2 },
  }))
  return {
    ...{ firstSegment: first, wasKilled: false, exit: 0, handedBackAt: [], announced, problems: [] },
    lists: announced.map((_, index) => numbersFrom(Math.max(first, first + index - 4), first + index + 1)),
    files: announced.map(({ name }) => name),
    frames: framesOf(numbersFrom(first, end)),
    soundSteps: [],
  }
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  return { jobs: [goodJob()], isStuck: false, strikes: [], left: [], tookMs: 10_000, ...change }
}

const ofJob = (change: Partial<JudgedJob>) => evidence({ jobs: [{ ...goodJob(), ...change }] })
const strikes = (...faults: Fault[]) =>
  faults.map((fault) => ({ timed: { fault, afterAnnounced: 3, delayMs: 0 }, proof: happened }))

function framesWith(change: (frames: JudgedFrame[]) => void): readonly JudgedFrame[] {
  const frames = framesOf(numbersFrom(0))
  change(frames)
  return frames
}

describe('a session that is judged', () => {
  it('passes when every picture of every segment is there', () => {
    expect(judge(evidence())).toEqual([])
  })

  it('passes after a seek, with a first job that was killed on its way', () => {
    const killed = { ...goodJob(0, 7), wasKilled: true, exit: null }
    const opened = { ...killed, files: [...killed.files, 'media-00007.ts', '.media-00007.ts.tmp'] }
    expect(judge(evidence({ jobs: [opened, goodJob(20)] }))).toEqual([])
  })

  it.each<[string, Evidence, RegExp]>([
    [
      'a segment is missing at the end',
      evidence({ jobs: [goodJob(0, 29)] }),
      /announced were 0-28 instead of 0-29/,
    ],
    [
      'a segment is announced twice or out of order',
      ofJob({ announced: [...goodJob().announced.slice(0, 5), ...goodJob().announced.slice(4, 29)] }),
      /announced were 0-4 4-28 instead/,
    ],
    ['a list leaves a segment out', ofJob({ lists: [[0], [0, 2]] }), /a list had 0 2/],
    [
      'a segment is announced at a wrong time',
      ofJob({ announced: goodJob().announced.map((row) => ({ ...row, endSeconds: row.endSeconds + 0.04 })) }),
      /media-00000.ts was announced from 0 to 2.04 s/,
    ],
    [
      'a picture is doubled',
      ofJob({ frames: framesWith((frames) => frames.splice(60, 1, { number: 59, seconds: 60 / 25 })) }),
      /1 pictures are wrong, first 59 in the place of 60/,
    ],
    [
      'a picture is lost',
      ofJob({ frames: framesWith((frames) => frames.splice(60, 1)) }),
      /1499 pictures instead of 1500/,
    ],
    [
      'a picture has a wrong time',
      ofJob({ frames: framesWith((frames) => frames.splice(60, 1, { number: 60, seconds: 2.41 })) }),
      /1 pictures have a wrong time, first picture 60 is 0.0100 s late/,
    ],
    ['pictures cannot be read', ofJob({ frames: { unreadable: 'no strip' } }), /cannot be read: no strip/],
    ['sound has a gap', ofJob({ soundSteps: [0.064] }), /a step of 0.0640 s in the sound/],
    ['an announced file changed', ofJob({ problems: ['media-00003.ts changed'] }), /media-00003.ts changed/],
    ['it ends with an error', ofJob({ exit: 1 }), /ended with 1/],
    [
      'a file is left',
      ofJob({ files: [...goodJob().files, '.media-00007.ts.tmp'] }),
      /\.media-00007\.ts\.tmp is left/,
    ],
    ['an encoder is left', evidence({ left: ['encoder 7 is still there'] }), /encoder 7 is still there/],
    ['it takes too long', evidence({ tookMs: longestMs + 1 }), /it took 90 s/],
    ['it does not go on', evidence({ isStuck: true }), /did not go on/],
    ['it is killed at last', ofJob({ wasKilled: true }), /killed at last/],
    ['nothing was played', evidence({ jobs: [] }), /no job/],
    [
      'the original was needed though there were nodes',
      evidence({
        jobs: [{ ...goodJob(), handedBackAt: [4] }],
        strikes: strikes({ kind: 'kill-node', node: 'node-1', backAfterMs: null }),
      }),
      /handed back at segment 4 with nodes left/,
    ],
    [
      'a fault did not happen',
      evidence({
        strikes: [
          {
            timed: { fault: { kind: 'kill-nats' }, afterAnnounced: 3, delayMs: 0 },
            proof: { happened: false, how: 'there is none' },
          },
        ],
      }),
      /kill-nats after 3 did not happen: there is none/,
    ],
    [
      'a fault shows something that must not be',
      evidence({
        strikes: [
          {
            timed: { fault: { kind: 'kill-nats' }, afterAnnounced: 3, delayMs: 0 },
            proof: { ...happened, wrong: ['it was taken'] },
          },
        ],
      }),
      /kill-nats after 3: it was taken/,
    ],
  ])('fails when %s', (_what, given, words) => {
    expect(judge(given).join('\n')).toMatch(words)
  })

  it('may be handed back when the head is lost, with a seam in the sound', () => {
    const jobs = [{ ...goodJob(), handedBackAt: [4], soundSteps: [0.05] }]
    expect(judge(evidence({ jobs, strikes: strikes({ kind: 'kill-head', backAfterMs: null }) }))).toEqual([])
  })

  it('may be handed back when all nodes are lost', () => {
    const jobs = [{ ...goodJob(), handedBackAt: [4] }]
    const lost = (['node-1', 'node-2', 'node-3'] as const).map(
      (node) => ({ kind: 'kill-node', node, backAfterMs: null }) as const,
    )
    expect(judge(evidence({ jobs, strikes: strikes(...lost) }))).toEqual([])
    expect(judge(evidence({ jobs, strikes: strikes(...lost.slice(1)) }))).not.toEqual([])
  })
})

describe('numbers as ranges', () => {
  it.each([
    [[], 'none'],
    [[3], '3'],
    [[0, 1, 2, 5, 7, 8], '0-2 5 7-8'],
    [[4, 3], '4 3'],
  ])('%j are %s', (numbers, words) => {
    expect(ranges(numbers)).toBe(words)
  })
})
