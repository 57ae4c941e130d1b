import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'

/**
 * A folder that looks like a Debian with just the packages we compile against, for either architecture.
 *
 * @typedef {object} Sysroot
 * @property {string} folder
 * @property {Map<string, string>} owners package by the file name of a library, as `libx264.so.164`
 */

/**
 * @param {string} root the project's folder
 * @param {{ name: string, packages: readonly string[], sysroot?: string }} target
 * @param {import('./debian-archive.js').DebianArchive} archive
 * @returns {Promise<Sysroot>} made anew when a package has come or changed
 */
export async function sysroot(root, target, archive) {
  const what = `The packages FFmpeg is compiled against (${target.name})`
  // apt-get names only what it would still have to fetch: here, to a place where nothing is.
  const nowhere = ['-o', `Dir::Cache::archives=${join(archive.folder, 'empty')}`]
  const uris = await archive.get([...nowhere, 'install', '-y', '--print-uris', ...target.packages], what)
  const files = wantedFiles(uris, archive)
  if (files.some((file) => !existsSync(file)))
    await archive.get(['install', '-y', '--download-only', ...target.packages], what)
  const folder = join(root, '.cache', 'ffmpeg', `sysroot-${target.sysroot ?? target.name}`)
  const list = join(folder, '.made-of')
  const names = files.map((file) => basename(file)).join('\n')
  if (!existsSync(list) || readFileSync(list, 'utf8') !== names) {
    await unpack(root, files, folder)
    makeLinksRelative(folder, folder)
    writeFileSync(list, names)
  }
  return { folder, owners: libraryOwners(folder) }
}

/** What compiling never looks at, though other packages ask for it. */
const unwanted =
  /^(perl|libperl|python3|libpython3|libllvm|libgl1-mesa-dri|libz3|dpkg|tar|debconf|icu-devtools|fonts-|gir1\.2|media-types|pkgconf|pkg-config)/

/**
 * @param {string} uris what apt-get printed: `'URI' file size digest` a line
 * @param {import('./debian-archive.js').DebianArchive} archive
 */
function wantedFiles(uris, archive) {
  const names = [...uris.matchAll(/^'[^']+' (\S+\.deb) \d+ /gm)].map((match) => match[1] ?? '')
  const wanted = names.filter((name) => !unwanted.test(name)).sort()
  if (wanted.length === 0)
    throw new SetupFailure(
      `apt-get named no packages to compile against: it printed "${uris.slice(0, 200)}".`,
    )
  return wanted.map((name) => join(archive.folder, 'archives', name))
}

/**
 * @param {string} root
 * @param {readonly string[]} files
 * @param {string} folder
 */
async function unpack(root, files, folder) {
  const fresh = `${folder}.tmp`
  for (const old of [fresh, folder]) rmSync(old, { recursive: true, force: true })
  mkdirSync(join(fresh, '.contents'), { recursive: true })
  // Debian's packages still say /lib for what has long been /usr/lib.
  for (const name of ['lib', 'bin', 'sbin']) {
    mkdirSync(join(fresh, 'usr', name), { recursive: true })
    symlinkSync(`usr/${name}`, join(fresh, name))
  }
  const unpackEach =
    'for file; do dpkg-deb --fsys-tarfile "$file" | tar -xv --keep-directory-symlink --no-same-owner -C "$0" > "$0/.contents/$(basename "$file")" || exit 1; done'
  const command = ['sh', '-c', unpackEach, fresh, ...files]
  const { ok, output, log } = await runQuietly(root, 'ffmpeg-sysroot', command, process.env)
  if (!ok)
    throw new SetupFailure(
      `Debian's packages could not be unpacked (${tellingLine(output)}): see ${log}; \`rm -r .cache/ffmpeg\` begins anew.`,
    )
  renameSync(fresh, folder)
}

/**
 * Absolute links lead out of the folder, into the machine's own libraries.
 *
 * @param {string} folder
 * @param {string} top
 */
function makeLinksRelative(folder, top) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) makeLinksRelative(path, top)
    if (!entry.isSymbolicLink()) continue
    const target = readlinkSync(path)
    if (!target.startsWith('/')) continue
    rmSync(path)
    symlinkSync(relative(dirname(path), join(top, target)), path)
  }
}

/** @param {string} folder */
function libraryOwners(folder) {
  const contents = join(folder, '.contents')
  return new Map(
    readdirSync(contents).flatMap((file) => {
      const name = file.split('_', 1)[0] ?? ''
      const paths = readFileSync(join(contents, file), 'utf8').split('\n')
      return paths.filter((path) => /\.so(\.|$)/.test(path)).map((path) => [basename(path), name])
    }),
  )
}
