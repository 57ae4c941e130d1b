import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import { builtFfmpeg, compile, run } from './cpu-filter-tools.ts'
import { judged } from './kernel-tools.ts'

const ffmpeg = builtFfmpeg() ?? ''
if (ffmpeg === '') console.warn('Real films are not tone mapped: `npm run build:ffmpeg` has not been run.')

interface Film {
  file: string
  transfer: 'pq' | 'hlg'
  /** Which picture is looked at, from 0 on. */
  picture: number
  options: string
}

const films: Film[] = [
  { file: 'hdr10-video-with-sdr-container.mp4', transfer: 'pq', picture: 11, options: 'tonemap=mobius' },
  { file: 'hdr10-video-with-sdr-container.mp4', transfer: 'pq', picture: 20, options: 'mode=itp:peak=4000' },
  { file: 'hdr10-av1.mp4', transfer: 'pq', picture: 37, options: 'tonemap=bt2390:peak=600' },
  { file: 'hdr10-av1.mp4', transfer: 'pq', picture: 5, options: 'tonemap=clip:mode=luma:gamut=compress' },
  { file: 'hlg10-color-test.mp4', transfer: 'hlg', picture: 3, options: 'tonemap=hable' },
  { file: 'dolbyVision-hdr.MOV', transfer: 'hlg', picture: 2, options: 'tonemap=reinhard:mode=rgb' },
]

describe.skipIf(ffmpeg === '' || sharedFolder === null)(
  `real films through tonemap_paceline${sharedNote}`,
  () => {
    const place = mkdtempSync(join(tmpdir(), 'paceline-real-films-'))
    beforeAll(compile)
    afterAll(() => rmSync(place, { recursive: true }))

    /** What a probe says of a film's pictures, by name. */
    function probed(file: string, entries: string): Record<string, string> {
      const args = [
        '-v',
        'error',
        '-select_streams',
        'v:0',
        '-show_entries',
        `stream=${entries}`,
        '-of',
        'json',
      ]
      return JSON.parse(run('ffprobe', [...args, file]).toString()).streams[0]
    }

    /** One picture of a film after filters. */
    function picture(file: string, number: number, filters: string, format: string): Buffer {
      const graph = `trim=start_frame=${number}:end_frame=${number + 1},${filters}`
      const to = ['-vf', graph, '-pix_fmt', format, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-']
      return run(ffmpeg, ['-v', 'error', '-nostdin', '-noautorotate', '-i', file, '-an', ...to])
    }

    it.each(films)('are mapped as the reference maps their pictures: $file, $options', (film) => {
      const file = join(sharedFolder ?? '', 'media', film.file)
      expect(existsSync(file)).toBe(true)
      const { width, height } = probed(file, 'width,height')
      const before = picture(file, film.picture, 'null', 'p010le')
      const after = picture(file, film.picture, `tonemap_paceline=${film.options}:format=nv12`, 'nv12')
      const words = {
        ...Object.fromEntries(film.options.split(':').map((option) => option.split('='))),
        ...{ transfer: film.transfer, size: `${width}x${height}` },
      }
      const way = { name: 'in FFmpeg', missing: undefined, compile, map: () => after }
      const codes = new Uint16Array(before.buffer.slice(before.byteOffset, before.byteOffset + before.length))
      for (const plane of Object.values(judged(way, words, codes))) {
        expect(plane.mean).toBeLessThan(0.01)
        expect(plane.within1).toBeGreaterThanOrEqual(0.999)
        expect(plane.max).toBeLessThanOrEqual(2)
      }
    })

    it('become films that say that they are SDR, as long as they were', () => {
      const file = join(sharedFolder ?? '', 'media', 'hdr10-video-with-sdr-container.mp4')
      const made = join(place, 'sdr.mp4')
      const graph = 'scale=640:360,tonemap_paceline=tonemap=bt2390:peak=1000'
      const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-fps_mode', 'passthrough']
      run(ffmpeg, ['-v', 'error', '-nostdin', '-i', file, '-an', '-vf', graph, ...encode, made])
      const colours = 'pix_fmt,color_range,color_space,color_transfer,color_primaries,nb_frames'
      expect(probed(made, colours)).toEqual({
        ...{ pix_fmt: 'yuv420p', color_range: 'tv', color_space: 'bt709' },
        ...{ color_transfer: 'bt709', color_primaries: 'bt709' },
        nb_frames: probed(file, 'nb_frames').nb_frames,
      })
    })
  },
)
