import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const folder = join(root, 'native', 'tonemap')
const filter = join(folder, 'build', 'tonemap-cpu')

/** The reference that judges both filters, where it is compiled. */
export const referenceProgram = join(folder, 'build', 'test-reference')
const referenceSources = [
  ...['reference.cc', 'picture.h', 'standards.h', 'tone-mapping.h', 'greys.h', 'difference.h'],
].map((name) => join(root, 'test', 'tonemap', 'reference', name))

/** Options of the filter and properties of its frames by name, as the programs below native/tonemap/host take them. */
export type Words = Record<string, string | number>

/** How far codes are from the right ones: mean and largest difference, and the share of those at most 1 away. */
export interface Distance {
  samples: number
  mean: number
  within1: number
  max: number
}

/** Compiles the filter's loops and the reference that judges them. */
export function compile(): void {
  run('make', ['-s', '-C', folder, 'cpu'])
  compileReference()
}

/** Compiles the reference where that has not been done. */
export function compileReference(): void {
  const [source = ''] = referenceSources
  compileOnce(referenceProgram, referenceSources, (fresh) =>
    run('c++', ['-O2', '-std=c++17', source, '-o', fresh]),
  )
}

/**
 * Makes a program that is older than one of the files it is made from. Written beside and renamed, so that another test
 * file never runs half a program.
 */
export function compileOnce(
  program: string,
  inputs: readonly string[],
  compile: (fresh: string) => void,
): void {
  const age = (file: string) => statSync(file).mtimeMs
  if (existsSync(program) && inputs.every((input) => age(input) < age(program))) return
  mkdirSync(dirname(program), { recursive: true })
  const fresh = `${program}.${process.pid}`
  compile(fresh)
  renameSync(fresh, program)
}

/** A sentence where the reference cannot be compiled, or undefined. */
export function missingCompiler(): string | undefined {
  const found = spawnSync('c++', ['--version'], { stdio: 'ignore' }).status === 0
  return found ? undefined : 'there is no C++ compiler for the reference (apt-get install g++)'
}

/** What the filter makes of frames. */
export function mapped(words: Words, frames: Uint16Array): Buffer {
  return run(filter, list(words), bytesOf(frames))
}

/** What the filter says when it refuses. */
export function complaint(words: Words): string {
  return spawnSync(filter, list(words), { encoding: 'utf8', input: '' }).stderr
}

/** What the reference says of the filter's output for those frames. */
export function judged(words: Words, frames: Uint16Array): { luma: Distance; chroma: Distance } {
  const place = mkdtempSync(join(tmpdir(), 'paceline-cpu-filter-'))
  try {
    const [input, output] = [join(place, 'in'), join(place, 'out')]
    writeFileSync(input, bytesOf(frames))
    writeFileSync(output, mapped(words, frames))
    const { simd: _simd, slices: _slices, ...known } = words
    return JSON.parse(run(referenceProgram, ['judge', ...list(known), input, output]).toString())
  } finally {
    rmSync(place, { recursive: true })
  }
}

/** One frame of p010 from a function of place and plane: 10-bit codes. */
export function p010(
  width: number,
  height: number,
  code: (x: number, y: number, plane: 0 | 1 | 2) => number,
) {
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const samples = new Uint16Array(width * height + 2 * columns * rows)
  let at = 0
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) samples[at++] = code(x, y, 0) << 6
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (const plane of [1, 2] as const) samples[at++] = code(x, y, plane) << 6
  return samples
}

/** A frame of p010 full of colours that mean nothing to each other, the same each time: limited range. */
export function noise(width: number, height: number): Uint16Array {
  let state = 20100
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return p010(width, height, (_x, _y, plane) => 64 + Math.floor(random() * (plane === 0 ? 877 : 897)))
}

/** The same frame as yuv420p10. */
export function planar(frame: Uint16Array, width: number, height: number): Uint16Array {
  const luma = frame.subarray(0, width * height)
  const chroma = frame.subarray(width * height)
  const of = (plane: number) => chroma.filter((_code, i) => i % 2 === plane)
  return Uint16Array.from([...luma, ...of(0), ...of(1)], (code) => code >> 6)
}

function list(words: Words): string[] {
  return Object.entries(words).map(([key, value]) => `${key}=${value}`)
}

function bytesOf(frames: Uint16Array): Buffer {
  return Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength)
}

/** Runs a program and gives what it printed; throws what it said when it failed. */
export function run(program: string, args: readonly string[], input?: Buffer): Buffer {
  const options = { maxBuffer: 2 ** 28, ...(input === undefined ? {} : { input }) }
  const { status, stdout, stderr, error } = spawnSync(program, args, options)
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** The FFmpeg that `npm run build:ffmpeg` makes, or undefined where that has not been done. */
export function builtFfmpeg(): string | undefined {
  const file = process.env.PACELINE_BUILT_FFMPEG ?? '/opt/paceline/bin/ffmpeg'
  return existsSync(file) ? file : undefined
}
