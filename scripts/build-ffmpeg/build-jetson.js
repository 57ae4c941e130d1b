import { join } from 'node:path'
import { announce } from './announce.js'
import { arm64Archive, arm64Folder } from './arm64-bundle.js'
import { installTools, prepareSource } from './build-target.js'
import { compile } from './compile.js'
import { debianArchive } from './debian-archive.js'
import { addFilters } from './filters.js'
import { addNvmpiCodecs, addNvmpiLibrary, boardLibrary, jetson, nvmpiSource } from './jetson.js'
import { checkKernels } from './ptx.js'
import { sysroot } from './sysroot.js'
import { targetBuild } from './target-build.js'

/**
 * The arm64 build with NVIDIA's decoder and encoder for Jetson, linked against the published header.
 *
 * @param {string} root the project's folder
 * @param {string | undefined} nvmpi a copy of the published wrapper, or undefined to fetch it
 * @returns {Promise<string>} the archive
 */
export async function buildJetson(root, nvmpi) {
  await installTools(root, jetson)
  const source = await announce("the published wrapper of NVIDIA's codecs", () => nvmpiSource(root, nvmpi))
  const archive = await announce("looking at Debian's packages", () => debianArchive(root, jetson))
  const against = await announce('packages for arm64', () => sysroot(root, jetson, archive))
  await addNvmpiLibrary(root, source, against.folder)
  const tree = join(root, '.cache', 'ffmpeg', 'tree-jetson')
  const version = await announce("Debian's source of FFmpeg", () => prepareSource(root, archive, tree))
  await addNvmpiCodecs(root, source, tree)
  await addFilters(root, tree)
  await announce(`FFmpeg ${version} for Jetson (minutes when it is the first time)`, () =>
    compile(root, tree, { name: 'ffmpeg-jetson', ...targetBuild(jetson, against) }),
  )
  checkKernels(tree)
  const programs = ['ffmpeg', 'ffprobe'].map((name) => join(tree, name))
  return announce('packing', async () => {
    const folder = await arm64Folder(root, programs, jetson, against, [boardLibrary])
    return arm64Archive(root, folder, jetson.name)
  })
}
