import { beforeEach, describe, expect, it } from 'vitest'
import { ass } from '../../container/text/ass.ts'
import { printText, type TextFile } from '../../container/text/text-file.ts'
import { PacelineError } from '../../errors.ts'
import { createTextReader, type TextReader } from './text-reader.ts'

const header = '[Events]\nFormat: Layer, Start, End, Style, Text\n'

/** A film with a cue at every tenth second, each shown for a second. */
const clock = (seconds: number) =>
  `0:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}.00`
const cueAt = (seconds: number) =>
  `Dialogue: 0,${clock(seconds)},${clock(seconds + 1)},Default,at ${seconds}\n`
const film = Array.from({ length: 100 }, (_, index) => index * 10)

interface Asked {
  readonly node: string
  readonly from: number
  readonly to: number
}

let asked: Asked[]
let broken: Set<string>

/** What ffmpeg makes of it: somewhat more than was asked for. */
function stretch(from: number, to: number): Buffer {
  const cues = film.filter((seconds) => seconds >= from - 12 && seconds <= to + 2)
  return Buffer.from(header + cues.map(cueAt).join(''))
}

function readerFrom(startSeconds: number, whole = false): TextReader {
  return createTextReader({
    ...{ rules: ass, startSeconds, whole, lookBackSeconds: 60, nodes: () => ['a', 'b'] },
    async read(node, { from, to }) {
      asked.push({ node, from, to })
      return broken.has(node) ? null : stretch(from, to)
    },
  })
}

/** Times of the cues in a file. */
const timesIn = (file: TextFile): number[] =>
  [...printText(ass, file).matchAll(/at (\d+)/g)].map(([, seconds]) => Number(seconds))

beforeEach(() => {
  asked = []
  broken = new Set()
})

describe('the text of a session', () => {
  it('is read as far as the first picture needs it, and then further ahead each time', async () => {
    const reader = readerFrom(0)
    await reader.until(3, 'a')
    await reader.until(6, 'b')
    await reader.until(9, 'a')
    await reader.until(20, 'a')
    expect(asked).toEqual([
      { node: 'a', from: 0, to: 3 },
      { node: 'b', from: 3, to: 9 },
      { node: 'a', from: 9, to: 29 },
    ])
  })

  it('is never read further ahead than a minute', async () => {
    const reader = readerFrom(0)
    await reader.until(300, 'a')
    await reader.until(303, 'a')
    expect(asked.at(-1)).toEqual({ node: 'a', from: 300, to: 363 })
  })

  it('has every cue once, whatever the stretches overlap, and keeps all that began before', async () => {
    const reader = readerFrom(0)
    for (const until of [3, 11, 45, 130]) await reader.until(until, 'a')
    const file = await reader.until(131, 'b')
    expect(timesIn(file)).toEqual(film.filter((seconds) => seconds < asked.at(-1)!.to))
    expect(file.header).toBe(header)
  })

  it('begins a minute before a session that begins late, with whatever is found there', async () => {
    const reader = readerFrom(200)
    const file = await reader.until(203, 'a')
    expect(asked).toEqual([{ node: 'a', from: 140, to: 203 }])
    expect(timesIn(file)).toEqual([130, 140, 150, 160, 170, 180, 190, 200])
  })

  it('is read whole at once where it has a file of its own', async () => {
    const reader = readerFrom(200, true)
    expect(timesIn(await reader.until(203, 'a'))).toEqual(film.filter((seconds) => seconds >= 128))
    await reader.until(900, 'b')
    expect(asked).toHaveLength(1)
  })
})

describe('leases that want text at the same time', () => {
  it('wait for one and the same reading, and the next one covers all that are left', async () => {
    const reader = readerFrom(0)
    const files = await Promise.all([
      reader.until(3, 'a'),
      reader.until(6, 'b'),
      reader.until(12, 'b'),
      reader.until(2, 'b'),
    ])
    expect(asked.map(({ to }) => to)).toEqual([3, 15])
    expect(timesIn(files[2]!)).toEqual([0, 10])
  })
})

describe('a node that cannot read it', () => {
  it('is followed by another one', async () => {
    broken.add('a')
    expect(timesIn(await readerFrom(0).until(11, 'a'))).toEqual([0, 10])
    expect(asked.map(({ node }) => node)).toEqual(['a', 'b'])
  })

  it('fails the lease when all fail, and the next lease tries again', async () => {
    broken = new Set(['a', 'b'])
    const reader = readerFrom(0)
    const failure = await reader.until(11, 'a').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(PacelineError)
    expect(failure).toMatchObject({ code: 'E_TEXT_UNREAD', where: '0.0 s to 11.0 s' })
    expect(asked.map(({ node }) => node)).toEqual(['a', 'b', 'a'])
    broken.clear()
    expect(timesIn(await reader.until(11, 'b'))).toEqual([0, 10])
  })
})
