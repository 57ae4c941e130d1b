import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'
import { outFolder } from './out.js'
import { prefix } from './target.js'

/**
 * A Debian package out of a folder that holds what shall lie below `/opt/paceline`.
 *
 * @param {string} root the project's folder
 * @param {object} contents
 * @param {string} contents.folder what goes to /opt/paceline
 * @param {string} contents.tree FFmpeg's source, whose licence goes along
 * @param {string} contents.version FFmpeg's, as `5.1.9-0+deb12u1`
 * @param {string} contents.key of our own sources
 * @param {'amd64' | 'arm64'} contents.architecture
 * @param {readonly string[]} contents.depends names of packages
 * @returns {Promise<string>} the package
 */
export async function debPackage(root, { folder, tree, version, key, architecture, depends }) {
  const stage = join(outFolder(root), `deb-${architecture}`)
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(join(stage, 'DEBIAN'), { recursive: true })
  cpSync(folder, join(stage, prefix), { recursive: true, verbatimSymlinks: true })

  const papers = join(stage, 'usr', 'share', 'doc', 'paceline-ffmpeg')
  mkdirSync(papers, { recursive: true })
  writeFileSync(join(papers, 'copyright'), copyright(tree))
  // A tilde after our key would sort before; a plus sorts after the release it was made from.
  const control = {
    Package: 'paceline-ffmpeg',
    Version: `7:${version}+paceline.${key}`,
    Architecture: architecture,
    Maintainer: 'Paceline <https://github.com/paceline>',
    Section: 'video',
    Priority: 'optional',
    ...(depends.length > 0 ? { Depends: [...depends].sort().join(', ') } : {}),
    Description: `FFmpeg with Paceline's tone mapping filters\n Lies in ${prefix}, beside the system's own FFmpeg.`,
  }
  const lines = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`)
  writeFileSync(join(stage, 'DEBIAN', 'control'), lines.join(''))

  const file = join(outFolder(root), `paceline-ffmpeg_${architecture}.deb`)
  const command = ['dpkg-deb', '--root-owner-group', '-Zxz', '-z3', '--build', stage, file]
  const { ok, output, log } = await runQuietly(root, 'ffmpeg-deb', command, process.env)
  if (!ok)
    throw new SetupFailure(`The Debian package could not be made (${tellingLine(output)}): see ${log}.`)
  rmSync(stage, { recursive: true })
  return file
}

/** @param {string} tree */
function copyright(tree) {
  const debian = join(tree, 'debian', 'copyright')
  const said = existsSync(debian) ? readFileSync(debian, 'utf8') : ''
  return [
    'This FFmpeg is configured under the GNU General Public License, version 2 or later.',
    'Its source is the Debian package ffmpeg of the version named above, with the files of native/tonemap of Paceline',
    '(GNU Lesser General Public License, version 2.1 or later) added.',
    '',
    said,
  ].join('\n')
}
