import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  compileOnce,
  compileReference,
  type Distance,
  referenceProgram,
  root,
  run,
  type Words,
} from './cpu-filter-tools.ts'
import { ptxToC } from './ptx/ptx-to-c.ts'

const native = join(root, 'native', 'tonemap')
const build = join(native, 'build')
const shared = [
  'host/job.c',
  'tonemap_paceline_setup.c',
  'tonemap_paceline_dither.c',
  'tonemap_paceline_scale.c',
]

/** Something that runs the CUDA filter's kernels without a GPU. */
export interface Runner {
  readonly name: string
  /** Why it cannot be here, or undefined. */
  readonly missing: string | undefined
  compile(): void
  map(words: Words, frame: Uint16Array): Buffer
}

const has = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

const noCompiler = has('c++') ? undefined : 'there is no C++ compiler (apt-get install g++)'
const noClang = has('clang-16')
  ? noCompiler
  : 'there is no clang-16, which compiles kernels (apt-get install clang-16)'

/** The same source compiled for the CPU. */
export const host: Runner = {
  name: 'compiled for the CPU',
  missing: noCompiler,
  compile() {
    run('make', ['-s', '-C', native, 'host'])
    compileReference()
  },
  map: (words, frame) => run(join(build, 'tonemap-host'), list(words), bytesOf(frame)),
}

/** What a GPU would be given, translated to C. */
function ptx(name: string, large: 0 | 1): Runner {
  const program = join(build, 'ptx-host')
  const kernels = join(build, 'tonemap.ptx')
  const folder = join(root, 'test', 'tonemap', 'ptx')
  const translation = ['ptx-to-c.ts', 'ptx-host.c'].map((name) => join(folder, name))
  return {
    name,
    missing: noClang,
    compile() {
      host.compile()
      run('make', ['-s', '-C', native, 'ptx', 'CLANG=clang-16'])
      compileOnce(program, [kernels, ...translation], (fresh) => translate(kernels, fresh))
    },
    map: (words, frame) => run(program, [`large=${large}`, ...list(words)], bytesOf(frame)),
  }
}

function translate(kernels: string, program: string) {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-ptx-'))
  try {
    writeFileSync(join(folder, 'kernels.c'), ptxToC(readFileSync(kernels, 'utf8')))
    const sources = [join(root, 'test/tonemap/ptx/ptx-host.c'), ...shared.map((name) => join(native, name))]
    const includes = [folder, native, join(native, 'host')].map((name) => `-I${name}`)
    const flags = ['-O1', '-w', '-std=gnu11', '-ffp-contract=off', ...includes]
    run('cc', [...flags, ...sources, '-lm', '-o', program])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** They take half a minute to compile. */
export const ptxRunners: readonly Runner[] = [
  ptx('as PTX, for a GPU with little shared memory', 0),
  ptx('as PTX, for a GPU with much shared memory', 1),
]

/** What the reference says of a runner's output for that frame. */
export function judged(
  runner: Runner,
  words: Words,
  frame: Uint16Array,
): { luma: Distance; chroma: Distance } {
  const place = mkdtempSync(join(tmpdir(), 'paceline-kernels-'))
  try {
    const [input, output] = [join(place, 'in'), join(place, 'out')]
    writeFileSync(input, bytesOf(frame))
    writeFileSync(output, runner.map(words, frame))
    return JSON.parse(run(referenceProgram, ['judge', ...list(words), input, output]).toString())
  } finally {
    rmSync(place, { recursive: true })
  }
}

/** What the reference prints. */
export function reference(command: string, args: readonly string[]): string[] {
  return run(referenceProgram, [command, ...args])
    .toString()
    .trim()
    .split('\n')
}

function list(words: Words): string[] {
  return Object.entries(words).map(([key, value]) => `${key}=${value}`)
}

function bytesOf(frame: Uint16Array): Buffer {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
}
