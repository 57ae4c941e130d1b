import { describe, expect, it } from 'vitest'
import { understandJob } from '../../dialects/plex/understand-job.ts'
import type { DemoFilm } from './demo-film.ts'
import { transcoderArguments } from './transcoder-arguments.ts'

const film: DemoFilm = {
  path: '/films/a film.mkv',
  picture: { index: 0, decoder: 'hevc', language: 'eng', width: 1280, height: 534, rate: '23.976' },
  sound: { index: 2, decoder: 'ac3', language: 'deu' },
  durationSeconds: 20,
}
const jobUrl = 'http://127.0.0.1:4000/video/:/transcode/session/demo/1'

/** The value after an option, the last one where it stands several times. */
const lastOf = (args: readonly string[], option: string) => args[args.lastIndexOf(option) + 1]

describe('the arguments of a demonstration', () => {
  const args = transcoderArguments(film, jobUrl)

  it('are a job that the head understands', () => {
    expect(understandJob(args, true)).toMatchObject({
      inputs: [{ path: '/films/a film.mkv', analyzeDuration: '20000000', probeSize: '20000000' }],
      plex: { progressUrl: `${jobUrl}/progress`, firstSegment: 0, segmentSeconds: 3 },
    })
  })

  it('name the decoders before the input and the encoders after it', () => {
    const input = args.indexOf('-i')
    expect(args.slice(0, input)).toEqual(expect.arrayContaining(['-codec:0', 'hevc', '-codec:2', 'ac3']))
    expect(args.slice(input)).toEqual(expect.arrayContaining(['-codec:0', 'libx264', '-codec:1', 'aac']))
  })

  it('follow the film in size, rate, streams and languages', () => {
    expect(args).toContain(
      '[0:0]scale=w=1280:h=534:force_divisible_by=4[0];[0]format=pix_fmts=yuv420p|nv12[1]',
    )
    expect(lastOf(args, '-r:0')).toBe('23.976')
    expect(lastOf(args, '-filter_complex')).toMatch(/^\[0:2\] aresample=/)
    expect(lastOf(args, '-metadata:s:0')).toBe('language=eng')
    expect(lastOf(args, '-metadata:s:1')).toBe('language=deu')
  })

  it('have no word about sound for a silent film', () => {
    const silent = transcoderArguments({ ...film, sound: null }, jobUrl)
    expect(silent.filter((arg) => /:1$|:2$|aac|aresample/.test(arg))).toEqual([])
    expect(understandJob(silent, true)).not.toHaveProperty('local')
  })

  it('leave out what the film does not say', () => {
    const unknown = { ...film.picture, decoder: null, rate: null, language: null }
    const plain = transcoderArguments({ ...film, picture: unknown }, jobUrl)
    expect(plain).not.toContain('-r:0')
    expect(plain.slice(0, 2)).toEqual(['-codec:2', 'ac3'])
    expect(lastOf(plain, '-metadata:s:0')).toBe('language=und')
  })
})
