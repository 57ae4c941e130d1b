import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { assumedMedia } from './assumed-media.ts'
import { inputsOf } from './inputs.ts'
import { pendingOf } from './pending.ts'
import { readSegmentedJob } from './segmented.ts'
import { type JellyfinJob, jellyfinCommand, plainJellyfinJob } from './testing/jellyfin-commands.ts'
import type { JellyfinChip } from './testing/jellyfin-lines.ts'
import { planOf } from './testing/plan-of.ts'
import { plainPlexJob, plexCommand } from './testing/plex-commands.ts'

const jellyfin = (change: Partial<JellyfinJob> = {}, chip: JellyfinChip = 'software') =>
  jellyfinCommand({ ...plainJellyfinJob, ...change }, chip)

/** The line with another value for an option. */
function withValue(argv: readonly string[], option: string, value: string): string[] {
  return argv.with(argv.indexOf(option) + 1, value)
}

/** The line with more before what is there. */
function inserted(argv: readonly string[], before: string, ...more: string[]): string[] {
  return argv.toSpliced(argv.indexOf(before), 0, ...more)
}

function codeOf(argv: readonly string[]): string {
  const command = parseCommand(argv)
  const job = readSegmentedJob(command, ...assumedMedia(command))
  return 'local' in job ? job.code : 'planned'
}

const filters = (text: string): string[] => withValue(jellyfin(), '-vf', text)

describe('sound that is copied beside an encoded picture, and more than one track', () => {
  const copied = plexCommand({ ...plainPlexJob, sound: 'copy' }, 'nvenc')
  const both = inserted(
    plexCommand({ ...plainPlexJob, packing: 'mp4' }, 'software'),
    '-f',
    ...['-map', '0:2', '-codec:2', 'copy', '-copypriorss:2', '0'],
  )

  it('is in the plan, which the head does not carry out', () => {
    expect(planOf(copied).audio).toMatchObject({ source: { stream: 1 }, encoder: { codec: 'copy' } })
    expect(pendingOf(planOf(copied))).toEqual(['sound that is copied'])
    expect(planOf(both)).toMatchObject({
      audio: { source: { stream: 1 }, encoder: { codec: 'aac' } },
      moreAudio: [{ source: { stream: 2 }, encoder: { codec: 'copy' } }],
    })
    expect(pendingOf(planOf(both))).toEqual(['more than one track of sound'])
    expect(planOf(plexCommand(plainPlexJob, 'nvenc'))).not.toHaveProperty('moreAudio')
  })
})

describe('a film in several pieces', () => {
  const list = inserted(withValue(jellyfin(), '-f', 'concat'), '-i', '-safe', '0')
  const disc = withValue(list, '-i', '/transcodes/film.concat')

  it('is one input, which the head does not read yet', () => {
    expect(inputsOf(parseCommand(disc))).toMatchObject([{ path: '/transcodes/film.concat', pieces: true }])
    const plan = planOf(disc)
    expect(plan.inputs).toMatchObject([{ pieces: true }])
    expect(pendingOf(plan)).toContain('films in several pieces')
    expect(plan.video).toEqual(planOf(jellyfin()).video)
    expect(planOf(jellyfin()).inputs[0]).not.toHaveProperty('pieces')
  })
})

describe('a file that is read while it is written', () => {
  const stream = jellyfin({ packing: 'mkv' }).map((arg) =>
    arg.replace(/\.mkv$/, '.ts').replace('films/film.ts', 'films/film.mkv'),
  )

  it('may be a transport stream', () => {
    expect(planOf(stream).packaging).toMatchObject({ kind: 'file', format: 'mpegts', growing: true })
    expect(pendingOf(planOf(stream))).toContain('files that are read while they are written')
  })

  it('begins at 0 wherever the player sought to, unless times are kept', () => {
    const kept = jellyfin({ packing: 'mp4', startSeconds: 600 })
    const moved = kept.filter((arg) => arg !== '-copyts')
    expect(planOf(kept).packaging).not.toHaveProperty('earlierSeconds')
    expect(planOf(moved).packaging).toMatchObject({ earlierSeconds: 600 })
    expect(
      planOf(jellyfin({ packing: 'mp4' }).filter((arg) => arg !== '-copyts')).packaging,
    ).not.toHaveProperty('earlierSeconds')
  })
})

describe('the filter for a rate', () => {
  const paced = (rate: string, filter: string) =>
    filters(`${filter},scale=w=1280:h=720,format=yuv420p`).toSpliced(
      -1,
      0,
      ...(rate === '' ? [] : ['-r', rate]),
    )

  it('says the same as -r, or stands in its place', () => {
    expect(planOf(paced('30', 'fps=30')).video.rate).toEqual({ num: 30, den: 1 })
    expect(planOf(paced('', 'fps=fps=30'))).toEqual(planOf(paced('30', 'fps=30')))
    expect(planOf(paced('30', 'fps=30')).video.operations).toEqual(
      planOf(filters('scale=w=1280:h=720,format=yuv420p')).video.operations,
    )
  })

  it('is left to the server where it says something else, or more', () => {
    expect(codeOf(paced('30', 'fps=15'))).toBe('frame-rate')
    expect(codeOf(paced('30', 'fps=30:round=up'))).toBe('filter-value')
  })
})

describe('filters that chips alone have', () => {
  const turned = (text: string) =>
    planOf(filters(`${text},scale=w=1280:h=720,format=yuv420p`)).video.operations

  it('turn by half a circle on Vulkan', () => {
    expect(turned('flip_vulkan')).toEqual(turned('transpose_cuda=dir=reversal'))
  })

  it('scale twice on Rockchip, of which the first is on the way', () => {
    const first =
      'scale_rkrga=w=iw/7.9:h=ih/7.9:format=nv12:force_original_aspect_ratio=increase:force_divisible_by=4'
    const second = 'vpp_rkrga=w=214:h=120:format=nv12'
    expect(planOf(filters(`${first},${second}`))).toEqual(planOf(filters(second)))
    expect(codeOf(filters(first.replace('iw/7.9', 'iw/2')))).toBe('filter-value')
  })
})

describe('an overlay that ends with its subtitles', () => {
  const ending = (text: JellyfinJob['text']) =>
    jellyfin({ text }).map((arg) => arg.replace('eof_action=pass', 'eof_action=endall'))

  it('ends with the film, of which they are', () => {
    expect(planOf(ending('pgs'))).toEqual(planOf(jellyfin({ text: 'pgs' })))
  })

  it('would stop the film where they are in a file of their own', () => {
    expect(codeOf(ending('external-pgs'))).toBe('filter-value')
    expect(codeOf(jellyfin({ text: 'external-pgs' }))).toBe('planned')
  })
})

describe('what is taken for granted of a film that is not there', () => {
  it('is the rate that the job asks for', () => {
    const video = (argv: readonly string[]) => assumedMedia(parseCommand(argv))[0]!.streams[0]!
    expect(video(plexCommand(plainPlexJob, 'software'))).toMatchObject({ realRate: { num: 2997, den: 125 } })
    expect(video(jellyfin())).toMatchObject({ realRate: { num: 25, den: 1 } })
  })

  it('is sound in a file of its own', () => {
    const beside = inserted(jellyfin(), '-map_metadata', '-i', 'file:/films/film.ac3')
    const argv = beside.map((arg, index) => (arg === '0:1' && beside[index - 1] === '-map' ? '1:0' : arg))
    expect(assumedMedia(parseCommand(argv)).map(({ streams }) => streams.map(({ kind }) => kind))).toEqual([
      ['video'],
      ['audio'],
    ])
    expect(planOf(argv).audio).toMatchObject({ source: { input: 1, stream: 0 } })
  })
})
