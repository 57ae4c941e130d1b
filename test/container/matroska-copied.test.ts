import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { collect, withPath } from '../clips/media-input.ts'
import { copyPlan } from '../seams/copied-job.ts'
import { everySegment, LeaseRunner } from '../seams/lease-runner.ts'

let runner: LeaseRunner
beforeAll(async () => {
  runner = await LeaseRunner.open()
})
afterAll(() => runner.close())

const clips: readonly ClipOptions[] = [
  { container: 'mkv', rate: 'variable', gop: 40, seconds: 9, audio: 'aac-48000' },
  { container: 'mkv', rate: '25', codec: 'hevc', openGop: true, gop: 50, seconds: 9, audio: 'aac-48000' },
]

/** Times at which pictures are shown, milliseconds, in the order of the file; `K` marks key frames. */
async function shownIn(path: string): Promise<string[]> {
  const entries = ['-select_streams', 'v', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0']
  const { stdout } = await collect('ffprobe', ['-v', 'error', ...entries, path])
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => {
      const [time, flags] = line.split(',')
      return `${Math.round(Number(time) * 1000)} ${flags?.includes('K') ? 'K' : ''}`
    })
}

describe.each(clips)('Matroska segments of copied pictures: %o', (clip) => {
  it('show every picture of the film when it does, ten seconds later, key frames as such', async () => {
    const path = await makeClip(clip)
    const plan = await copyPlan(path, [], 'matroska')
    const made = await runner.make(plan, { video: everySegment(plan), audio: [] })
    const header = made.segments[0]!.header!
    expect(made.segments.length).toBeGreaterThan(2)
    await withPath([header, ...made.files], async (joined) => {
      const times = (await shownIn(joined)).map((line) => {
        const [time, key] = line.split(' ')
        return `${Number(time) - 10_000} ${key}`
      })
      expect(times).toEqual(await shownIn(path))
      const decoding = ['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-f', 'null', '-']
      const { stderr } = await collect('ffmpeg', ['-v', 'error', '-i', joined, ...decoding])
      expect(stderr).toBe('')
    })
  })
})
