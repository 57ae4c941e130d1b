import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { debianPackages } from '../setup/debian-packages.js'
import { announce } from './announce.js'
import { arm64Archive, arm64Folder } from './arm64-bundle.js'
import { compile } from './compile.js'
import { debPackage } from './deb-package.js'
import { debianArchive } from './debian-archive.js'
import { addFilters } from './filters.js'
import { neededLibraries } from './libraries.js'
import { builtBefore, outFolder, remember, sourceKey } from './out.js'
import { checkKernels } from './ptx.js'
import { fetchSource, unpackSource } from './source.js'
import { sysroot } from './sysroot.js'
import { targetBuild } from './target-build.js'

/** @typedef {import('./target.js').Target} Target */

/**
 * Builds FFmpeg with the filters for one target, unless that very thing has been built before.
 *
 * @param {string} root the project's folder
 * @param {Target} target
 * @returns {Promise<string>} the Debian package
 */
export async function buildTarget(root, target) {
  const { architecture } = target
  const key = sourceKey(root, [architecture, ...target.packages, ...target.configure])
  const before = builtBefore(root, architecture, key)
  if (before !== undefined) {
    process.stderr.write(`build-ffmpeg: ${architecture} is up to date\n`)
    return before
  }
  await installTools(root, target)
  const archive = await announce("looking at Debian's packages", () => debianArchive(root, target))
  const against = await announce(`packages for ${architecture}`, () => sysroot(root, target, archive))
  const tree = join(root, '.cache', 'ffmpeg', `tree-${architecture}`)
  const version = await announce("Debian's source of FFmpeg", () => prepareSource(root, archive, tree))
  await addFilters(root, tree)
  await announce(`FFmpeg ${version} for ${architecture} (minutes when it is the first time)`, () =>
    compile(root, tree, { name: `ffmpeg-${architecture}`, ...targetBuild(target, against) }),
  )
  const kernels = checkKernels(tree)
  process.stderr.write(`build-ffmpeg: ${kernels} CUDA kernels, all of them for JetPack 4 and newer\n`)

  const file = await announce('packing', () => pack(root, { target, tree, version, key, against }))
  remember(root, architecture, key, file)
  return file
}

/**
 * @param {string} root
 * @param {Target} target
 */
export async function installTools(root, target) {
  const step = debianPackages(root, {}, target.tools)
  const missing = step.check()
  if (missing !== undefined) await announce(step.describe(missing), () => step.act(missing))
}

/**
 * Unpacks the source where that has not been done, and gives its version.
 *
 * @param {string} root
 * @param {import('./debian-archive.js').DebianArchive} archive
 * @param {string} tree
 */
export async function prepareSource(root, archive, tree) {
  const source = await fetchSource(root, archive)
  const stamp = join(tree, '.paceline', 'version')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== source.version) {
    await unpackSource(root, source, tree)
    mkdirSync(join(tree, '.paceline'), { recursive: true })
    writeFileSync(stamp, source.version)
  }
  return source.version
}

/**
 * @param {string} root
 * @param {object} built
 * @param {Target} built.target
 * @param {string} built.tree
 * @param {string} built.version
 * @param {string} built.key
 * @param {import('./sysroot.js').Sysroot} built.against
 */
async function pack(root, { target, tree, version, key, against }) {
  const { architecture, triplet } = target
  const programs = ['ffmpeg', 'ffprobe'].map((name) => join(tree, name))
  const paper = { tree, version, key, architecture }
  if (architecture === 'arm64') {
    const folder = await arm64Folder(root, programs, target, against)
    await arm64Archive(root, folder, target.name)
    return debPackage(root, { ...paper, folder, depends: [] })
  }
  const folder = join(outFolder(root), `stage-${architecture}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'bin'), { recursive: true })
  for (const program of programs) cpSync(program, join(folder, 'bin', basename(program)))
  const libraries = await Promise.all(programs.map((program) => neededLibraries(root, program, triplet)))
  const owners = libraries.flat().map((library) => against.owners.get(library))
  const depends = new Set(owners.filter((name) => name !== undefined))
  return debPackage(root, { ...paper, folder, depends: [...depends] })
}
