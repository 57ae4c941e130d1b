import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../src/command/parse-command.ts'
import { understandJob } from '../../src/dialects/plex/understand-job.ts'
import { readRecording } from '../golden/recording.ts'
import { sharedFolder, sharedNote } from '../golden/shared-folder.ts'
import {
  optimiseArguments,
  sessionArguments,
  thumbnailArguments,
  type WantedSession,
} from './session-arguments.ts'

const job = '7c0ffee0-0000-4000-8000-000000000001'
const film = (width: number, height: number) => ({
  path: '/media/film.mkv',
  picture: { index: 0, decoder: 'h264', language: 'eng', width, height, rate: '30' },
  sound: { index: 1, decoder: 'aac', language: 'eng' },
  durationSeconds: 60,
})
const wanted = {
  protocol: 'hls',
  startSeconds: 0,
  segmentSeconds: 3,
  layout: 'new',
  session: 's-1',
  job,
} as const

/** Bit rates follow from the player's choice, which the stand-in has none of. */
const withoutRates = (args: readonly string[]) =>
  args.filter((_, at) => !/^-(b|maxrate|bufsize):/.test(args[at - 1] ?? ''))

describe.skipIf(sharedFolder === null)(`a session's arguments${sharedNote}`, () => {
  it.each<[string, number, number, Partial<WantedSession>]>([
    ['hls-mpegts', 1280, 720, {}],
    ['hls-seek', 1280, 720, { startSeconds: 300 }],
    ['dash-software', 720, 404, { protocol: 'dash', segmentSeconds: 8 }],
    ['dash-seek', 720, 404, { protocol: 'dash', segmentSeconds: 8, startSeconds: 240 }],
    ['dash-old-layout', 720, 404, { protocol: 'dash', segmentSeconds: 5, startSeconds: 320, layout: 'old' }],
  ])('are those of the recording %s', (name, width, height, more) => {
    const golden = readRecording(join(sharedFolder!, 'golden', 'plex', `${name}.json`))
    const made = sessionArguments(film(width, height), { ...wanted, ...more })
    expect(withoutRates(made)).toEqual(withoutRates(golden.args))
  })
})

describe('arguments', () => {
  const filled = (args: readonly string[]) =>
    args.map((arg) => arg.replace('{PMS}', 'http://127.0.0.1:1').replace('{MEDIA}', '/media/film.mkv'))

  it.each(['hls', 'dash'] as const)('of a session over %s are understood by the head', (protocol) => {
    expect(
      understandJob(filled(sessionArguments(film(640, 360), { ...wanted, protocol })), false),
    ).not.toHaveProperty('local')
  })

  it('of a film without sound ask for none', () => {
    expect(sessionArguments({ ...film(640, 360), sound: null }, wanted).join(' ')).not.toMatch(
      /aresample|aac/,
    )
  })

  it('of pictures and of a whole file are FFmpeg’s', () => {
    for (const args of [thumbnailArguments(film(640, 360)), optimiseArguments(film(640, 360), 's-1', job)]) {
      expect(parseCommand(filled(args)).unknown).toEqual([])
    }
  })
})
