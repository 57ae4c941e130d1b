import { describe, expect, it } from 'vitest'
import { findOption } from './find-option.ts'

describe('findOption', () => {
  it.each([
    ['codec', 'codec', null],
    ['c', 'codec', null],
    ['vcodec', 'codec', 'v'],
    ['acodec', 'codec', 'a'],
    ['vf', 'filter', 'v'],
    ['af', 'filter', 'a'],
    ['lavfi', 'filter_complex', null],
    ['b', 'b', 'v'],
    ['ab', 'b', 'a'],
    ['qscale', 'q', 'v'],
    ['vframes', 'frames', 'v'],
    ['channel_layout', 'ch_layout', null],
    ['v', 'loglevel', null],
    ['-help', 'h', null],
    ['ac', 'ac', null],
  ])('reads %s as %s for media %s', (written, name, media) => {
    expect(findOption(written, 'ffmpeg')).toMatchObject({ row: { name }, media, negated: false })
  })

  it.each(['accurate_seek', 'stats', 'stdin', 'autorotate', 'autoscale', 'copyts', 'hide_banner'])(
    'reads no%s as %s switched off',
    (name) => {
      expect(findOption(`no${name}`, 'ffmpeg')).toMatchObject({ row: { name }, negated: true })
    },
  )

  it.each(['nocodec', 'noss', 'noreport', 'nodelete_removed', 'noh', 'no'])(
    'does not know %s, since only booleans can be switched off',
    (written) => {
      expect(findOption(written, 'ffmpeg')).toBeNull()
    },
  )

  it('takes a media letter before an option of the codecs', () => {
    expect(findOption('vflags', 'ffmpeg')).toMatchObject({ row: { name: 'flags' }, media: 'v' })
    expect(findOption('aflags', 'ffmpeg')).toMatchObject({ row: { name: 'flags' }, media: 'a' })
    expect(findOption('vprofile', 'ffmpeg')).toMatchObject({ row: { name: 'profile' }, media: 'v' })
    expect(findOption('vhls_time', 'ffmpeg')).toBeNull()
  })

  it('keeps a whole name before one with a letter or "no" taken off', () => {
    expect(findOption('an', 'ffmpeg')?.row.name).toBe('an')
    expect(findOption('ss', 'ffmpeg')?.row.name).toBe('ss')
    expect(findOption('noise_reduction', 'ffmpeg')).toMatchObject({
      row: { name: 'noise_reduction' },
      negated: false,
    })
  })

  it('keeps the two programs apart', () => {
    expect(findOption('of', 'ffprobe')?.row.name).toBe('print_format')
    expect(findOption('of', 'ffmpeg')).toBeNull()
    expect(findOption('bitexact', 'ffprobe')?.row.scope).toBe('global')
    expect(findOption('bitexact', 'ffmpeg')?.row.scope).toBe('file')
  })

  it.each(['', 'frobnicate', 'codec ', 'CODEC', 'constructor', '__proto__'])(
    'does not know "%s"',
    (written) => {
      expect(findOption(written, 'ffmpeg')).toBeNull()
    },
  )
})
