import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** When subtitles are shown, seconds. */
export interface Shown {
  readonly from: number
  readonly to: number
}

const run = promisify(execFile)

/** Puts a track into a film; times stay those of both files. */
async function joined(film: string, words: string, path: string): Promise<string> {
  const inputs = ['-copyts', '-i', film, '-i', words, '-map', '0', '-map', '1']
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...inputs, '-c', 'copy', path])
  return path
}

/** A film with a subtitle track of text, `one line` at each time; the folder is the caller's. */
export async function withText(film: string, folder: string, times: readonly Shown[]): Promise<string> {
  const words = join(folder, 'words.srt')
  await writeFile(words, srtOf(times))
  return joined(film, words, join(folder, 'film-with-text.mkv'))
}

/** A file of SubRip, `line N` at each time. */
export function srtOf(times: readonly Shown[]): string {
  return times.map(({ from, to }, index) => entry(index, from, to)).join('\n')
}

function entry(index: number, from: number, to: number): string {
  return `${index + 1}\n${clock(from)} --> ${clock(to)}\nline ${index}\n`
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  const milliseconds = Math.round((seconds - whole) * 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `00:${two(minutes)}:${two(rest)},${String(milliseconds).padStart(3, '0')}`
}

/**
 * A film with a track of bitmap subtitles as discs have them (PGS): a white bar of 160x20 at 80,130 in a canvas of
 * 320x180 at each time. FFmpeg has no encoder for it, so the stream is written here.
 */
export async function withBitmaps(film: string, folder: string, times: readonly Shown[]): Promise<string> {
  const words = join(folder, 'words.sup')
  await writeFile(
    words,
    Buffer.concat(times.flatMap(({ from, to }, index) => [shown(from, index), hidden(to, index)])),
  )
  return joined(film, words, join(folder, 'film-with-bitmaps.mkv'))
}

const canvas = { width: 320, height: 180 }
const bar = { width: 160, height: 20, x: 80, y: 130 }

function shown(seconds: number, index: number): Buffer {
  const objects = [0, 0, 0, 0, ...u16(bar.x), ...u16(bar.y)]
  return Buffer.concat([
    segment(seconds, 0x16, [...composition(index, 0x80), 1, ...objects]),
    segment(seconds, 0x17, [1, 0, ...u16(bar.x), ...u16(bar.y), ...u16(bar.width), ...u16(bar.height)]),
    segment(seconds, 0x14, [0, 0, 1, 235, 128, 128, 255]),
    segment(seconds, 0x15, picture()),
    segment(seconds, 0x80, []),
  ])
}

function hidden(seconds: number, index: number): Buffer {
  return Buffer.concat([
    segment(seconds, 0x16, [...composition(index, 0), 0]),
    segment(seconds, 0x17, [1, 0, ...u16(bar.x), ...u16(bar.y), ...u16(bar.width), ...u16(bar.height)]),
    segment(seconds, 0x80, []),
  ])
}

/** Size of the canvas, frame rate, number of the composition, its state, no palette update, palette 0. */
function composition(index: number, state: number): number[] {
  return [
    ...u16(canvas.width),
    ...u16(canvas.height),
    0x10,
    ...u16(2 * index + (state === 0 ? 1 : 0)),
    state,
    0,
    0,
  ]
}

/** Every line is one run of colour 1: two bytes for the length, one for the colour, and the end of the line. */
function picture(): number[] {
  const line = [0, 0xc0 | (bar.width >> 8), bar.width & 0xff, 1, 0, 0]
  const lines = Array.from({ length: bar.height }, () => line).flat()
  return [...u16(0), 0, 0xc0, ...u24(lines.length + 4), ...u16(bar.width), ...u16(bar.height), ...lines]
}

function segment(seconds: number, type: number, body: readonly number[]): Buffer {
  const header = Buffer.alloc(13)
  header.write('PG', 0, 'latin1')
  header.writeUInt32BE(Math.round(seconds * 90_000), 2)
  header.writeUInt8(type, 10)
  header.writeUInt16BE(body.length, 11)
  return Buffer.concat([header, Buffer.from(body)])
}

const u16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff]
const u24 = (value: number): number[] => [(value >> 16) & 0xff, ...u16(value)]
