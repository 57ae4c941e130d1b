import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProgressReader } from './progress.ts'

/** What ffmpeg 5.1 writes for two reports. */
const reports = `frame=51
fps=25.50
stream_0_0_q=28.0
bitrate=N/A
total_size=N/A
out_time_us=1960000
out_time=00:00:01.960000
dup_frames=0
drop_frames=0
speed=1.31x
progress=continue
frame=250
fps=27.00
speed=   2x
progress=end
`

describe('progress reports', () => {
  test('give frames and speed of the last whole one', () => {
    const reader = new ProgressReader()
    expect(reader.progress).toEqual({ frames: 0, speed: 0 })
    reader.feed(reports.slice(0, reports.indexOf('progress=continue')))
    expect(reader.progress).toEqual({ frames: 0, speed: 0 })
    reader.feed(reports.slice(reports.indexOf('progress=continue')))
    expect(reader.progress).toEqual({ frames: 250, speed: 2 })
  })

  test('read the same however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(reports.length)), (cuts) => {
        const reader = new ProgressReader()
        const edges = [0, ...cuts.sort((a, b) => a - b), reports.length]
        for (const [index, edge] of edges.entries()) reader.feed(reports.slice(edges[index - 1] ?? 0, edge))
        expect(reader.progress).toEqual({ frames: 250, speed: 2 })
      }),
    )
  })

  test('without pictures or a known speed give noughts', () => {
    const reader = new ProgressReader()
    reader.feed('speed=1.5x\nprogress=continue\nbitrate=N/A\nspeed=N/A\nprogress=continue\n')
    expect(reader.progress).toEqual({ frames: 0, speed: 0 })
  })

  test('count as steps only when they tell of something new', () => {
    const reader = new ProgressReader()
    reader.feed('frame=5\nspeed=1x\nprogress=continue\n')
    expect(reader.steps).toBe(1)
    reader.feed('frame=5\nspeed=0.9x\nprogress=continue\nframe=5\nspeed=0.8x\nprogress=continue\n')
    expect(reader.steps).toBe(1)
    reader.feed('frame=6\nspeed=0.7x\nprogress=continue\n')
    expect(reader.steps).toBe(2)
    reader.feed('out_time_us=40\nprogress=continue\nout_time_us=80\nprogress=continue\n')
    expect(reader.steps).toBe(4)
  })
})
