import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../plan/plan.ts'
import { sampleFilm } from '../../testing/sample-film.ts'
import { jobWords, planWords } from './plan-words.ts'

const { plan } = sampleFilm(300, 563)
const encoder = { codec: 'hevc', crf: '21', bitrate: '4M', preset: 'fast', tuning: [] } as const
const scaled: Plan = {
  ...plan,
  video: {
    ...plan.video,
    operations: [
      { kind: 'scale', width: '1280', height: '720' },
      { kind: 'tone-map', curve: 'hable', transfer: 'pq' },
      { kind: 'format', pixelFormats: ['yuv420p'] },
    ],
    encoder,
  },
}

describe('what the client wants', () => {
  it('is a short line', () => {
    expect(jobWords(scaled)).toBe('MPEG-TS segments, 1280x720, HEVC, AAC')
    expect(jobWords({ ...scaled, packaging: { kind: 'dash' }, audio: null })).toBe(
      'DASH, 1280x720, HEVC, no sound',
    )
  })

  it('has the height alone where the width follows from it', () => {
    const operations = [{ kind: 'scale', width: '-2', height: '480' }] as const
    expect(jobWords({ ...scaled, video: { ...scaled.video, operations } })).toContain(', 480 lines, ')
  })

  it('says what is copied', () => {
    const copied = { codec: 'copy', source: 'h264' } as unknown as Plan['video']['encoder']
    const job = { ...scaled, video: { ...scaled.video, encoder: copied } }
    expect(jobWords(job)).toBe('MPEG-TS segments, H.264 copied, AAC')
    expect(planWords(job)).toContain('The H.264 pictures are copied as they are.')
  })
})

describe('a plan in words', () => {
  it('says what is done to pictures and sound, and what comes out', () => {
    const words = planWords(scaled).join('\n')
    expect(words).toContain('The picture is scaled to 1280x720.')
    expect(words).toContain('HDR (HDR10) is mapped to the standard range by hable.')
    expect(words).toMatch(/encoded as HEVC, \S+ pictures a second, quality 21, 4Mbit\/s, preset fast\./)
    expect(words).toMatch(/The client gets MPEG-TS segments: about \d+ segments of \S+ s\./)
    expect(words).not.toContain('yuv420p')
  })

  it('says that there is no sound, and where subtitles go', () => {
    const subtitles = [
      {
        source: { input: 0, stream: 2 },
        codec: 'ass',
        alone: false,
        to: { kind: 'segments', seconds: 3, format: 'ass', name: 's' },
      },
    ] as const
    const words = planWords({ ...scaled, audio: null, subtitles })
    expect(words).toContain('There is no sound.')
    expect(words).toContain('Subtitles are written as ass in segments of their own.')
  })
})
