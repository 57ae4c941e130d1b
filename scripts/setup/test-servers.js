import { existsSync, readdirSync } from 'node:fs'
import { runQuietly, tellingLine } from './run-quietly.js'
import { findTool, toolSearchPath } from './tool-environment.js'

/** Where drivers of Vulkan are listed. */
const systemDrivers = '/usr/share/vulkan/icd.d'

/** Mesa's driver on the processor is `lvp_icd.*.json`. @param {string} folder */
const hasLavapipe = (folder) =>
  existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('lvp_icd.'))

/**
 * What the tests of the power drivers talk to, the Vulkan that those of libplacebo run on, and which Debian package
 * brings it.
 *
 * @type {readonly { name: string, debianPackage: string, isThere?: (drivers: string) => boolean }[]}
 */
const servers = [
  { name: 'snmpd', debianPackage: 'snmpd' },
  { name: 'mosquitto', debianPackage: 'mosquitto' },
  { name: 'sshd', debianPackage: 'openssh-server' },
  { name: 'lavapipe', debianPackage: 'mesa-vulkan-drivers', isThere: hasLavapipe },
]

/**
 * Installs the servers and drivers that some tests need, where that harms nobody: as root on a machine without systemd, such as
 * a container of CI. Anywhere else Debian would start them as services, and the tests skip what needs them.
 *
 * @param {string} root the project's folder
 * @param {{ searchPath?: string, isRoot?: boolean, hasServices?: boolean, vulkanDrivers?: string }} [machine] as it is, unless a test says otherwise
 * @returns {Promise<string | undefined>} what to tell the person at the keyboard
 */
export async function installTestServers(root, machine = {}) {
  const { searchPath = toolSearchPath(), isRoot = process.getuid?.() === 0 } = machine
  const { hasServices = existsSync('/run/systemd/system'), vulkanDrivers = systemDrivers } = machine
  const isMissing = (/** @type {typeof servers[number]} */ { name, isThere }) =>
    isThere ? !isThere(vulkanDrivers) : findTool(name, searchPath) === undefined
  const missing = servers.filter(isMissing)
  if (missing.length === 0) return undefined
  const packages = missing.map(({ debianPackage }) => debianPackage)
  const skipped = `Tests that need ${missing.map(({ name }) => name).join(', ')} are skipped`
  const aptGet = findTool('apt-get', searchPath)
  if (!isRoot || hasServices || aptGet === undefined)
    return `${skipped}: they need the Debian packages ${packages.join(' ')}.`
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends']
  // In this runlevel Debian starts no service of a package that it installs.
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const { ok, output } = await runQuietly(
    root,
    'test-servers',
    [aptGet, 'install', ...options, ...packages],
    environment,
  )
  return ok ? undefined : `${skipped}: apt-get could not install them (${tellingLine(output)}).`
}
