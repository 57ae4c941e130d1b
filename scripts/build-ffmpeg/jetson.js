import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'
import { targets } from './target.js'

/** NVIDIA's decoder and encoder as a library for FFmpeg, with a wrapper and a script that adds it; published, LGPL. */
const published = 'https://github.com/Keylost/jetson-ffmpeg'

/** Its newest commit that this was tried with. */
const commit = 'e1ac3ea'

/** @type {import('./target.js').Target} */
export const jetson = {
  ...targets.arm64,
  name: 'jetson',
  sysroot: targets.arm64.name,
  configure: [
    ...targets.arm64.configure.map((argument) =>
      argument.startsWith('--extra-ldexeflags=') ? `${argument}:/usr/local/lib` : argument,
    ),
    '--enable-nvmpi',
  ],
}

/** The library that is compiled on the board. */
export const boardLibrary = 'libnvmpi.so.1'

/** What the person at the keyboard has to do on the board. */
export const onTheBoard = `On the Jetson, once:
  1. JetPack with its multimedia API: sudo apt-get install nvidia-l4t-jetson-multimedia-api cmake g++
  2. ${boardLibrary}, against NVIDIA's own libraries, which only the board has:
       git clone ${published} && cd jetson-ffmpeg && git checkout ${commit}
       cmake -B build && make -C build && sudo make -C build install && sudo ldconfig
  3. The archive above, unpacked in /; without ${boardLibrary} its ffmpeg does not start.
An Orin Nano has no encoder: there, and where a source is HDR on anything older than Xavier, use the arm64 build, since
this decoder gives 8 bits only.`

/**
 * The published wrapper, from a folder or, pinned, from where it is published.
 *
 * @param {string} root the project's folder
 * @param {string | undefined} folder a copy that is there already
 * @returns {Promise<string>} the folder
 */
export async function nvmpiSource(root, folder) {
  if (folder !== undefined) {
    if (!existsSync(join(folder, 'include', 'nvmpi.h')))
      throw new SetupFailure(`${folder} has no include/nvmpi.h: it should be a copy of ${published}.`)
    return resolve(folder)
  }
  const place = join(root, '.cache', 'ffmpeg', 'jetson-ffmpeg')
  if (existsSync(join(place, 'include', 'nvmpi.h'))) return place
  rmSync(place, { recursive: true, force: true })
  const script = 'git clone -q "$0" "$1" && git -C "$1" checkout -q "$2"'
  const command = ['sh', '-c', script, published, place, commit]
  const { ok, output } = await runQuietly(root, 'jetson-clone', command, process.env)
  if (!ok)
    throw new SetupFailure(
      `${published} could not be cloned (${tellingLine(output)}): fetch it where that works, and name the folder with --nvmpi.`,
    )
  return place
}

/**
 * Puts the published header and a library of empty functions into the sysroot, against which FFmpeg is linked; the true
 * one comes from the board.
 *
 * @param {string} root the project's folder
 * @param {string} source as nvmpiSource() gives it
 * @param {string} sysroot its folder
 */
export async function addNvmpiLibrary(root, source, sysroot) {
  const { triplet } = jetson
  const header = readFileSync(join(source, 'include', 'nvmpi.h'), 'utf8')
  writeFileSync(join(sysroot, 'usr', 'include', 'nvmpi.h'), header)
  const functions = [...header.matchAll(/\b(nvmpi_\w+)\s*\([^)]*\)\s*;/g)].map((match) => match[1] ?? '')
  const libraries = join(sysroot, 'usr', 'lib', triplet)
  const code = join(root, '.cache', 'ffmpeg', 'nvmpi-stub.c')
  writeFileSync(code, functions.map((name) => `void ${name}(void) {}\n`).join(''))
  const soname = `-Wl,-soname,${boardLibrary}`
  const command = [`${triplet}-gcc`, '-shared', '-fPIC', soname, '-o', join(libraries, 'libnvmpi.so'), code]
  const { ok, output } = await runQuietly(root, 'jetson-stub', command, process.env)
  if (!ok) throw new SetupFailure(`The stand-in for libnvmpi could not be compiled (${tellingLine(output)}).`)
  mkdirSync(join(libraries, 'pkgconfig'), { recursive: true })
  const paragraph = 'Name: nvmpi\nDescription: Jetson multimedia\nVersion: 1.0.0\nLibs: -lnvmpi\nCflags:\n'
  writeFileSync(join(libraries, 'pkgconfig', 'nvmpi.pc'), paragraph)
}

/**
 * Lets the published script add the decoders and encoders to a fresh source. It knows FFmpeg up to 5.0 and from 6.0 on;
 * 5.1 declares codecs as 6.0 does, but for one macro.
 *
 * @param {string} root the project's folder
 * @param {string} source as nvmpiSource() gives it
 * @param {string} tree FFmpeg's source
 */
export async function addNvmpiCodecs(root, source, tree) {
  const stamp = join(tree, '.paceline', 'nvmpi')
  if (existsSync(stamp)) return
  const copy = join(root, '.cache', 'ffmpeg', 'jetson-ffmpeg-for-5.1')
  rmSync(copy, { recursive: true, force: true })
  cpSync(source, copy, { recursive: true, filter: (path) => !path.endsWith('/.git') })
  rewrite(join(copy, 'ffpatch.sh'), (text) => text.replace('-gt 59 ]', '-gt 58 ]'))
  for (const name of ['nvmpi_dec.c', 'nvmpi_enc.c'])
    rewrite(
      join(copy, 'ffmpeg_dev', 'common', 'libavcodec', name),
      (text) =>
        `#define CODEC_LONG_NAME(text) .p.long_name = text\n${text.replaceAll(/(LIBAVCODEC_VERSION_MAJOR >= )60/g, (_all, before) => `${before}59`)}`,
    )
  const command = ['env', '-C', copy, 'bash', './ffpatch.sh', tree]
  const { ok, output, log } = await runQuietly(root, 'jetson-patch', command, process.env)
  if (!ok)
    throw new SetupFailure(`${published} could not be added to FFmpeg (${tellingLine(output)}): see ${log}.`)
  writeFileSync(stamp, commit)
}

/**
 * @param {string} file
 * @param {(text: string) => string} change
 */
function rewrite(file, change) {
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}
