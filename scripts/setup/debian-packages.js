import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runQuietly, tellingLine } from './run-quietly.js'
import { SetupFailure } from './setup-failure.js'
import { findTool, toolSearchPath } from './tool-environment.js'

/** Which Debian package brings what we call. */
const programs = [
  { name: 'ffmpeg', debianPackage: 'ffmpeg' },
  { name: 'ffprobe', debianPackage: 'ffmpeg' },
  { name: 'nats-server', debianPackage: 'nats-server' },
  { name: 'cc', debianPackage: 'gcc' },
  // Judges the tone mapping filters: the reference in double precision is C++.
  { name: 'c++', debianPackage: 'g++' },
  { name: 'make', debianPackage: 'make' },
]

/** A header without which cc cannot compile anything. */
const libcHeader = '/usr/include/stdio.h'

/**
 * The programs that Paceline runs and the compiler for its shim, or others that are named.
 *
 * @param {string} root the project's folder
 * @param {{ searchPath?: string, header?: string, isRoot?: boolean }} [machine] as it is, unless a test says otherwise
 * @param {readonly { name: string, debianPackage: string }[]} [wanted]
 * @returns {import('./run-steps.js').Step}
 */
export function debianPackages(root, machine = {}, wanted = programs) {
  const { searchPath = toolSearchPath(), header = libcHeader, isRoot = process.getuid?.() === 0 } = machine
  return {
    check() {
      const missing = wanted
        .filter(({ name }) => findTool(name, searchPath) === undefined)
        .map((program) => program.debianPackage)
      if (!existsSync(header)) missing.push('libc6-dev')
      return missing.length === 0 ? undefined : [...new Set(missing)]
    },
    describe: (missing) => `${missing.join(', ')} (apt-get install)`,
    async act(missing) {
      const aptGet = findTool('apt-get', searchPath)
      if (aptGet === undefined)
        throw new SetupFailure(
          `${list(missing)} cannot be installed without apt-get: install what these Debian packages hold in your system's own way and run this again.`,
        )
      // Named on the command line since sudo drops the environment, in which apt-get is told not to ask questions.
      const quietly = ['env', 'DEBIAN_FRONTEND=noninteractive', aptGet]
      await install(root, missing, [...becomeRoot(missing, searchPath, isRoot), ...quietly])
      if (missing.includes('nats-server')) await keepDebianServiceOff(root, missing, searchPath, isRoot)
    },
  }
}

/** @param {string[]} names */
function list(names) {
  return names.join(', ').replace(/, ([^,]*)$/, ' and $1')
}

/**
 * What to put before a command that needs root.
 *
 * @param {string[]} missing
 * @param {string} searchPath
 * @param {boolean} isRoot
 * @returns {string[]}
 */
export function becomeRoot(missing, searchPath, isRoot) {
  if (isRoot) return []
  const sudo = findTool('sudo', searchPath)
  if (sudo !== undefined && spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status === 0)
    return [sudo, '-n']
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  const how = sudo === undefined ? `run \`${command}\` as root` : `run \`sudo ${command}\``
  throw new SetupFailure(
    `${list(missing)} ${missing.length === 1 ? 'is' : 'are'} missing: ${how} and then this again.`,
  )
}

/**
 * @param {string} root
 * @param {string[]} missing
 * @param {string[]} aptGet with what makes it root
 */
async function install(root, missing, aptGet) {
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends']
  const attempt = () =>
    runQuietly(root, 'apt-get', [...aptGet, 'install', ...options, ...missing], process.env)

  // Package lists that are absent or out of date show as a failure to install: only then are they worth their time.
  let outcome = await attempt()
  if (!outcome.ok) {
    await runQuietly(root, 'apt-get-update', [...aptGet, 'update', '-q'], process.env)
    outcome = await attempt()
  }
  if (!outcome.ok)
    throw new SetupFailure(
      `apt-get could not install ${list(missing)} (${tellingLine(outcome.output)}): mend that and run this again; ${outcome.log} has all it said.`,
    )
}

/**
 * Debian's package starts a server of its own that anybody may use on port 4222; Paceline's listens on loopback only,
 * with credentials. Where the package came with us, its service goes again.
 *
 * @param {string} root
 * @param {string[]} missing
 * @param {string} searchPath
 * @param {boolean} isRoot
 */
async function keepDebianServiceOff(root, missing, searchPath, isRoot) {
  const systemctl = findTool('systemctl', searchPath)
  if (systemctl === undefined || !existsSync('/run/systemd/system')) return
  const command = [
    ...becomeRoot(missing, searchPath, isRoot),
    systemctl,
    'disable',
    '--now',
    'nats-server.service',
  ]
  const { ok, output } = await runQuietly(root, 'systemctl', command, process.env)
  if (!ok)
    throw new SetupFailure(
      `Debian's own nats-server is running on port 4222 and could not be switched off (${tellingLine(output)}): run \`systemctl disable --now nats-server\` as root and then this again.`,
    )
}
