import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly, tellingLine } from '../setup/run-quietly.js'
import { SetupFailure } from '../setup/setup-failure.js'

/** Debian 12: its FFmpeg is 5.1, and glibc 2.36 runs on the kernels of every board we know. */
const release = 'bookworm'

/** Where headers come from that are too old in Debian 12 for some source; nothing else does. */
const nextRelease = 'trixie'

const mirror = process.env.PACELINE_DEBIAN_MIRROR ?? 'http://deb.debian.org'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * Debian's archive seen through an apt of our own, whose lists, caches and idea of what is installed lie in one
 * folder. The machine's own apt and its packages stay as they are, and no root is needed.
 *
 * @typedef {object} DebianArchive
 * @property {(args: readonly string[], what: string, workingFolder?: string) => Promise<string>} get runs apt-get and gives what it printed
 * @property {string} folder where downloads arrive
 */

/**
 * @param {string} root the project's folder
 * @param {object} target
 * @param {string} target.name
 * @param {'amd64' | 'arm64'} target.architecture whose packages are meant
 * @param {readonly string[]} target.packages those named `…/trixie` come from the next release
 * @returns {Promise<DebianArchive>} with its lists fetched
 */
export async function debianArchive(root, { name, architecture, packages }) {
  if (!existsSync(keyring))
    throw new SetupFailure(
      `${keyring} is missing, without which Debian's packages cannot be trusted: install the package debian-archive-keyring and run this again.`,
    )
  const folder = join(root, '.cache', 'ffmpeg', `apt-${name}`)
  for (const place of ['lists/partial', 'archives/partial', 'empty/partial', 'sources.list.d'])
    mkdirSync(join(folder, place), { recursive: true })
  const isMixed = packages.some((wanted) => wanted.endsWith(`/${nextRelease}`))
  writeFileSync(join(folder, 'sources.list.d', 'debian.sources'), sources(isMixed))
  writeFileSync(join(folder, 'preferences'), `Package: *\nPin: release n=${nextRelease}\nPin-Priority: 100\n`)
  writeFileSync(join(folder, 'status'), '', { flag: 'a' })

  const options = Object.entries({
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': join(folder, 'sources.list.d'),
    'Dir::Etc::Preferences': join(folder, 'preferences'),
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State': folder,
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': folder,
    'Dir::Cache::archives': join(folder, 'archives'),
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Install-Recommends': 'false',
    'APT::Get::AllowUnauthenticated': 'false',
    'APT::Sandbox::User': '',
    'Debug::NoLocking': 'true',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`])

  /** @type {DebianArchive['get']} */
  const get = async (args, what, workingFolder = folder) => {
    const command = ['env', '-C', workingFolder, 'LC_ALL=C', 'apt-get', '-q', ...options, ...args]
    const { ok, output, log } = await runQuietly(root, `ffmpeg-apt-${name}`, command, process.env)
    if (!ok)
      throw new SetupFailure(
        `${what} could not be fetched from ${mirror} (${tellingLine(output)}): ${log} has all that apt-get said; PACELINE_DEBIAN_MIRROR names another mirror.`,
      )
    return output
  }
  await get(['update'], "Debian's lists of packages")
  return { get, folder }
}

/** @param {boolean} isMixed */
function sources(isMixed) {
  const paragraph = (/** @type {string} */ path, /** @type {string} */ suites) =>
    `Types: deb deb-src\nURIs: ${mirror}/${path}\nSuites: ${suites}\nComponents: main\nSigned-By: ${keyring}\n`
  return [
    paragraph('debian', `${release} ${release}-updates`),
    paragraph('debian-security', `${release}-security`),
    ...(isMixed ? [paragraph('debian', nextRelease)] : []),
  ].join('\n')
}
