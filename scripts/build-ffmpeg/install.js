import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { becomeRoot } from '../setup/debian-packages.js'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'
import { toolSearchPath } from '../setup/tool-environment.js'
import { announce } from './announce.js'
import { prefix } from './target.js'

/** Where dpkg keeps what is installed. */
const status = '/var/lib/dpkg/status'

/**
 * Installs a package of ours with what it needs, unless that very one is installed.
 *
 * @param {string} root the project's folder
 * @param {string} file the package
 */
export async function install(root, file) {
  const { ok, output } = await runQuietly(
    root,
    'ffmpeg-version',
    ['dpkg-deb', '-f', file, 'Version'],
    process.env,
  )
  const version = output.trim()
  if (ok && isInstalled(version)) {
    process.stderr.write(`build-ffmpeg: ${join(prefix, 'bin', 'ffmpeg')} is that one\n`)
    return
  }
  const asRoot = rootCommand(file)
  const options = [
    '-y',
    '-q',
    '--allow-downgrades',
    '-o',
    'DPkg::Lock::Timeout=120',
    '--no-install-recommends',
  ]
  const command = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', ...options, file]
  await announce(`installing to ${prefix}`, async () => {
    const outcome = await runQuietly(root, 'ffmpeg-install', command, process.env)
    if (!outcome.ok)
      throw new SetupFailure(
        `${file} is made and could not be installed (${tellingLine(outcome.output)}): ${outcome.log} has all that apt-get said.`,
      )
  })
}

/** @param {string} version */
function isInstalled(version) {
  if (!existsSync(status) || !existsSync(join(prefix, 'bin', 'ffmpeg'))) return false
  const paragraph = readFileSync(status, 'utf8')
    .split('\n\n')
    .find((text) => text.startsWith('Package: paceline-ffmpeg\n'))
  return (
    paragraph?.includes(`\nStatus: install ok installed\n`) === true &&
    paragraph.includes(`\nVersion: ${version}`)
  )
}

/** @param {string} file */
function rootCommand(file) {
  try {
    return becomeRoot([file], toolSearchPath(), process.getuid?.() === 0)
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error
    throw new SetupFailure(`${file} is made and not installed: run \`sudo apt-get install ${file}\`.`)
  }
}
