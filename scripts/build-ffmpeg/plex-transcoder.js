import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { debianPackages } from '../setup/debian-packages.js'
import { SetupFailure } from '../setup/setup-failure.js'
import { announce } from './announce.js'
import { compile } from './compile.js'
import { debianArchive } from './debian-archive.js'
import { addFilters } from './filters.js'
import { sysroot } from './sysroot.js'
import { targets } from './target.js'
import { targetBuild } from './target-build.js'

/**
 * What Plex's own command lines need of it: its own demuxers, muxers and filters are there without asking, its
 * decoders that come as separate files are not.
 */
const configure = [
  '--extra-version=paceline',
  '--enable-gpl',
  '--disable-autodetect',
  '--disable-doc',
  '--disable-debug',
  '--disable-ffplay',
  '--disable-indevs',
  '--enable-indev=lavfi',
  '--disable-outdevs',
  '--enable-pthreads',
  '--enable-iconv',
  '--enable-zlib',
  '--enable-libx264',
  '--enable-libass',
  '--enable-libfontconfig',
  '--enable-libfreetype',
  '--enable-libfribidi',
  '--enable-libdav1d',
  '--enable-libopus',
  '--enable-libmp3lame',
  '--enable-libdrm',
  '--enable-vaapi',
  '--enable-ffnvcodec',
  '--enable-cuda',
  '--enable-cuda-llvm',
  '--enable-cuvid',
  '--enable-nvdec',
  '--enable-nvenc',
]

/**
 * Builds a copy of Plex's published transcoder source with our filters added. The source itself stays as it is.
 *
 * @param {string} root the project's folder
 * @param {string} source a folder that has Plex's FFmpeg in it, as sourceFolder() finds it
 * @returns {Promise<string>} the program
 */
export async function buildPlexTranscoder(root, source) {
  const from = sourceFolder(resolve(source))
  const packages = targets.amd64.packages.filter((name) => name !== 'libffmpeg-nvenc-dev')
  // FFmpeg 6.1 refuses the headers of Debian 12.
  const target = {
    ...targets.amd64,
    name: 'plex',
    configure,
    packages: [...packages, 'libffmpeg-nvenc-dev/trixie'],
  }
  const step = debianPackages(root, {}, target.tools)
  const missing = step.check()
  if (missing !== undefined) await announce(step.describe(missing), () => step.act(missing))
  const against = await announce('packages to compile against', async () =>
    sysroot(root, target, await debianArchive(root, target)),
  )
  const tree = join(root, '.cache', 'plex-transcoder')
  await announce('a copy of the source', async () => copySource(from, tree))
  await addFilters(root, tree)
  const { configure: paths, compiler, environment } = targetBuild(target, against)
  await announce("Plex's transcoder (minutes when it is the first time)", () =>
    compile(root, tree, { name: 'plex-transcoder', configure: paths, compiler, environment }),
  )
  return join(tree, 'ffmpeg')
}

/**
 * Where the source lies in what was unpacked or cloned: in the folder itself, in `PlexTranscoder`, or one folder deeper.
 *
 * @param {string} folder
 * @returns {string}
 */
export function sourceFolder(folder) {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
  const inside = isFolder
    ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : []
  const tops = [folder, ...inside.map((entry) => join(folder, entry.name))]
  const places = tops.flatMap((top) => [top, join(top, 'PlexTranscoder')])
  const found = places.find((place) => existsSync(join(place, 'libavfilter', 'allfilters.c')))
  if (found === undefined)
    throw new SetupFailure(
      `${folder} is no source of FFmpeg (it has no libavfilter/allfilters.c): unpack there what Plex publishes as "Plex Transcoder" in its licence notes.`,
    )
  return found
}

/**
 * Copies the source unless the copy there is of that folder and version.
 *
 * @param {string} from
 * @param {string} tree
 */
function copySource(from, tree) {
  const stamp = join(tree, '.paceline', 'copied-from')
  const release = join(from, 'RELEASE')
  const what = `${from} ${existsSync(release) ? readFileSync(release, 'utf8').trim() : ''}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === what) return
  rmSync(tree, { recursive: true, force: true })
  cpSync(from, tree, { recursive: true, preserveTimestamps: true, filter: (path) => !path.endsWith('/.git') })
  mkdirSync(join(tree, '.paceline'), { recursive: true })
  writeFileSync(stamp, what)
}
