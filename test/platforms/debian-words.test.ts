import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { askedWords } from '../../src/platforms/testing/asked-words.ts'
import type { Told } from '../../src/platforms/testing/emitted-words.ts'

const run = promisify(execFile)

/** What another FFmpeg has, and a node proves by itself before it is asked for it. */
const ofOthers = new Set(['tonemap_opencl tonemap=bt2390'])

/** Options of every encoder and every filter, which are not listed with each. */
const general = new Set([
  ...['b', 'maxrate', 'bufsize', 'g', 'bf', 'profile', 'level', 'global_quality', 'extra_hw_frames'],
])

/** Words by option as `ffmpeg -h` lists them; null where it has no such thing. */
type Listed = ReadonlyMap<string, ReadonlySet<string>> | null

async function listed(kind: 'encoder' | 'filter', name: string): Promise<Listed> {
  const { stdout } = await run('ffmpeg', ['-hide_banner', '-h', `${kind}=${name}`])
  if (!stdout.startsWith(kind === 'encoder' ? 'Encoder' : 'Filter')) return null
  const options = new Map<string, Set<string>>()
  let words = new Set<string>()
  for (const line of stdout.split('\n')) {
    const option = /^\s+-?([A-Za-z0-9_-]+)\s+<\w+>/.exec(line)?.[1]
    const word = /^ {5,}(\S+)\s+(-?\d+\s+)?[E.][D.]?[F.]?[VAS.]/.exec(line)?.[1]
    if (option !== undefined) {
      words = new Set()
      options.set(option, words)
    } else if (word !== undefined) words.add(word)
  }
  return options
}

describe('every word that is told to what Debian’s FFmpeg has, for hundreds of servers’ lines too, it knows', () => {
  const { encoders, filters } = askedWords()
  const known = new Map<string, Listed>()

  beforeAll(async () => {
    for (const [kind, told] of [
      ['encoder', encoders],
      ['filter', filters],
    ] as const) {
      const names = Object.keys(told)
      const tables = await Promise.all(names.map((name) => listed(kind, name)))
      names.forEach((name, index) => {
        known.set(name, tables[index]!)
      })
    }
  }, 60_000)

  function unknown(told: Told): string[] {
    return Object.entries(told).flatMap(([name, options]) => {
      const table = known.get(name)
      if (!table) return []
      return Object.entries(options).flatMap(([option, values]) => {
        const words = table.get(option)
        if (!words) return general.has(option) ? [] : [`${name} ${option}`]
        if (words.size === 0) return []
        return values
          .filter((value) => !/^[\d.]+$/.test(value) && !words.has(value))
          .map((value) => `${name} ${option}=${value}`)
          .filter((row) => !ofOthers.has(row))
      })
    })
  }

  it('encoders', () => {
    expect(unknown(encoders)).toEqual([])
    for (const name of [
      'h264_nvenc',
      'h264_vaapi',
      'h264_qsv',
      'h264_v4l2m2m',
      'libx264',
      'libx265',
      'aac',
      'ac3',
    ])
      expect(known.get(name), name).toBeTruthy()
    expect(unknown({ h264_nvenc: { preset: ['p9'], colour: ['1'] } })).toEqual([
      ...['h264_nvenc preset=p9', 'h264_nvenc colour'],
    ])
  })

  it('filters', () => {
    expect(unknown(filters)).toEqual([])
    for (const name of [
      'scale_cuda',
      'scale_vaapi',
      'tonemap_vaapi',
      'libplacebo',
      'scale',
      'fps',
      'overlay',
      'yadif',
    ])
      expect(known.get(name), name).toBeTruthy()
  })
})
