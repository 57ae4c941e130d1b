import { describe, expect, it } from 'vitest'
import { readFleet } from './fleet-file.ts'
import { readExport, viewingsOfExport } from './playback-export.ts'
import { randomOf } from './random.ts'
import { readWorkload } from './workload-file.ts'

describe('the file of a fleet', () => {
  it('has boards by name and others by their numbers', () => {
    const fleet = readFleet(
      `
name: shelf
nodes:
  - { board: turing-rk1, count: 2 }
  - { name: jetson, capacity: 3, idleWatts: 5, busyWatts: 15, wakeSeconds: 20, capWatts: 12 }
responder: { capacity: 2.5, addedWatts: 35 }
floor: [{ name: head, watts: 4 }, { name: switch, watts: 3 }]
rules: { totalCapWatts: 100, keepWarm: [{ hours: "fri-sun 18:00-23:00", nodes: 1 }] }
`,
      'fleet.yaml',
    )
    expect(fleet.nodes.map(({ id }) => id)).toEqual(['turing-rk1-1', 'turing-rk1-2', 'jetson'])
    expect(fleet.nodes[0]).toMatchObject({ profile: { idleWatts: 2.85, busyWatts: 15, offWatts: 0 } })
    expect(fleet.nodes[2]).toMatchObject({ capWatts: 12, profile: { wakeWatts: 15, sleepWatts: 5 } })
    expect(fleet.responder).toMatchObject({ slots: 4, platforms: ['software'] })
    expect(fleet.rules).toMatchObject({ totalCapWatts: 100, floorWatts: 7, minOnSeconds: 60 })
    expect(fleet.rules.keepWarm[0]?.hours).toEqual({ days: [0, 5, 6], from: 1080, to: 1380 })
  })

  it.each([
    ['nodes: [', 'fleet.yaml: '],
    ['name: a\nnodes: []', 'nodes'],
    ['name: a\nnodes: [{ board: pentium }]', 'no board "pentium"'],
    ['name: a\nnodes: [{ capacity: 3 }]', 'give a board, or capacity'],
    ['name: a\nnodes: [{ board: turing-rk1, watts: 3 }]', 'nodes.0'],
    [
      'name: a\nnodes: [{ board: turing-rk1 }]\nrules: { quiet: [{ hours: at night }] }',
      'is not like 18:00-23:00',
    ],
  ])('says what is wrong with %j', (text, words) => {
    expect(() => readFleet(text, 'fleet.yaml')).toThrow(words)
    expect(() => readFleet(text, 'fleet.yaml')).toThrow(expect.objectContaining({ code: 'E_SIMULATE_FILE' }))
  })
})

describe('the file of a workload', () => {
  it('is as at home where it says nothing else', () => {
    const file = readWorkload('perDay: 12\nstreams: [{ demand: 2 }]', 'w.yaml')
    expect(file).toMatchObject({ kind: 'shape', shape: { perDay: 12, streams: [{ demand: 2, weight: 1 }] } })
  })

  it('may name an export', () => {
    const file = readWorkload('export: history.json\ntranscoded: 0.4', 'w.yaml')
    expect(file).toMatchObject({ kind: 'export', source: { export: 'history.json', transcoded: 0.4 } })
  })

  it('says what is wrong', () => {
    expect(() => readWorkload('perDay: 0', 'w.yaml')).toThrow('w.yaml: perDay')
    expect(() => readWorkload('perDay: 3\nhours: [1]', 'w.yaml')).toThrow('hours')
    expect(() => readWorkload('export: a\nfoo: 1', 'w.yaml')).toThrow('foo')
  })
})

describe('a playback export', () => {
  const stream = { demand: 1.5, platforms: ['software'] }
  const tautulli = JSON.stringify({
    response: {
      result: 'success',
      data: {
        recordsTotal: 3,
        data: [
          {
            started: 1_700_000_600,
            play_duration: 1_200,
            paused_counter: 60,
            transcode_decision: 'transcode',
          },
          { started: 1_700_000_000, duration: 600, transcode_decision: 'direct play' },
          { started: 1_700_009_000, play_duration: '300', paused_counter: null, transcode_decision: '' },
        ],
      },
    },
  })

  it("of Tautulli is its history's answer, in order of time", () => {
    const { played, oddRows } = readExport(tautulli, 'history.json')
    expect(oddRows).toBe(0)
    expect(played.map(({ watchSeconds }) => watchSeconds)).toEqual([600, 1_200, 300])
    expect(played.map(({ isTranscoded }) => isTranscoded)).toEqual([false, true, null])
    const viewings = viewingsOfExport(played, stream, 1, randomOf(1))
    expect(viewings).toHaveLength(2)
    expect(viewings[0]).toMatchObject({
      ...{ atSeconds: 1_700_000_600 % 86_400, watchSeconds: 1_200, demand: 1.5 },
      pauses: [{ afterSeconds: 600, seconds: 60 }],
    })
    expect(viewingsOfExport(played, stream, 0, randomOf(1))).toHaveLength(1)
  })

  it('of Playback Reporting is lines with tabs', () => {
    const line = (time: string, method: string, seconds: number) =>
      [time, 'user', 'item', 'Movie', 'A film', method, 'Web', 'Firefox', seconds].join('\t')
    const text = `${line('2024-03-01 20:15:00.1234567', 'Transcode (v:h264 a:aac)', 3_600)}\n${line('2024-03-01 21:30:00', 'DirectPlay', 60)}\n`
    const { played } = readExport(text, 'backup.tsv')
    expect(played).toEqual([
      { ...{ atSeconds: 1_709_324_100, watchSeconds: 3_600, pausedSeconds: 0 }, isTranscoded: true },
      { ...{ atSeconds: 1_709_328_600, watchSeconds: 60, pausedSeconds: 0 }, isTranscoded: false },
    ])
  })

  it.each(['{', '{"response":{}}', 'what\never', '', '{"response":{"data":{"data":[]}}}'])(
    'is not %j',
    (text) => {
      expect(() => readExport(text, 'history')).toThrow(expect.objectContaining({ code: 'E_SIMULATE_FILE' }))
    },
  )
})
