import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from './make-clip.ts'
import { collect } from './media-input.ts'
import { readFrames } from './read-frames.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-read-frames-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function encode(name: string, source: string, ...args: string[]): Promise<string> {
  const path = join(folder, name)
  await collect('ffmpeg', ['-v', 'error', '-y', '-i', source, ...args, path])
  return path
}

const numbers = async (...args: Parameters<typeof readFrames>) =>
  (await readFrames(...args)).frames.map(({ number }) => number)

describe('readFrames', () => {
  it.each(['160:90', '640:360', '284:160', '426:240', '1920:1080'])(
    'reads a clip scaled to %s at crf 30',
    async (size) => {
      const source = await makeClip({ seconds: 4 })
      const args = [
        '-vf',
        `scale=${size}`,
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-crf',
        '30',
        '-bf',
        '2',
      ]
      const path = await encode(`${size.replace(':', 'x')}.mp4`, source, ...args)
      expect(await numbers(path)).toEqual(Array.from({ length: 100 }, (_, index) => index))
    },
  )

  it('sees doubled, missing and exchanged frames', async () => {
    const source = await makeClip({ seconds: 2 })
    const filter = "select='not(eq(n\\,7))',shuffleframes=1 0 2 3 4 5 6,setpts=N/25/TB"
    const path = await encode(
      'shuffled.mkv',
      source,
      '-vf',
      filter,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    )
    expect((await numbers(path)).slice(0, 9)).toEqual([1, 0, 2, 3, 4, 5, 6, 9, 8])
    const doubled = await encode(
      'doubled.mkv',
      source,
      '-vf',
      'fps=50',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    )
    expect((await numbers(doubled)).slice(0, 6)).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('gives timestamps as the file has them, without subtracting its start', async () => {
    const source = await makeClip({ seconds: 2, container: 'ts', startSeconds: 100 })
    const entries = ['-select_streams', 'v:0', '-show_entries', 'frame=pts', '-of', 'csv=p=0']
    const { stdout } = await collect('ffprobe', ['-v', 'error', ...entries, source])
    const shown = Array.from(stdout.toString().matchAll(/^\d+/gm), ([pts]) => Number(pts))
    const { frames, timeBase } = await readFrames(source)
    expect(frames.map(({ pts }) => pts)).toEqual(shown)
    expect(timeBase).toEqual({ num: 1, den: 90_000 })
    expect(shown[0]).toBeGreaterThan(101 * 90_000)
  })

  it('reads segments, as paths or as bytes, as one file', async () => {
    const source = await makeClip({ seconds: 6, container: 'ts' })
    const copy = ['-copyts', '-c', 'copy', '-f', 'segment', '-segment_time', '1', '-segment_format', 'mpegts']
    await encode('part-%d.ts', source, ...copy)
    const paths = [0, 1, 2, 3].map((part) => join(folder, `part-${part}.ts`))
    const joined = await readFrames(paths)
    expect(joined.frames.map(({ number }) => number)).toEqual(
      Array.from({ length: 150 }, (_, index) => index),
    )
    expect(await readFrames(await Promise.all(paths.map((path) => readFile(path))))).toEqual(joined)
    expect(await numbers(paths[1]!)).toEqual(Array.from({ length: 48 }, (_, index) => 48 + index))
  })

  it('says which frame it cannot read', async () => {
    const path = await encode(
      'grey.mkv',
      await makeClip({ seconds: 2 }),
      '-vf',
      'eq=contrast=0.1',
      '-c:v',
      'libx264',
    )
    await expect(readFrames(path)).rejects.toThrow(/frame 0 of .*grey\.mkv has no readable strip: \d+ /)
  })

  it('fails with the words of ffmpeg where nothing can be decoded', async () => {
    const path = join(folder, 'nonsense')
    await writeFile(path, 'no film')
    await expect(readFrames(path)).rejects.toThrow(/Invalid data found/)
  })
})
