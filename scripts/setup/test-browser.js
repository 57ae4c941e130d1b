import { runQuietly, tellingLine } from './run-quietly.js'
import { findTool, toolSearchPath } from './tool-environment.js'

const skipped = 'Tests that play films in a browser are skipped'

/**
 * Installs the browser in which the long tests play films, where this is possible without asking anybody: as root.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} args of vitest: the short tests do without, and it takes hundreds of megabytes
 * @param {{ searchPath?: string, isRoot?: boolean }} [machine] as it is, unless a test says otherwise
 * @returns {Promise<string | undefined>} what to tell the person at the keyboard
 */
export async function installTestBrowser(root, args, machine = {}) {
  const { searchPath = toolSearchPath(), isRoot = process.getuid?.() === 0 } = machine
  if (!args.includes('long') || findTool('chromium', searchPath) !== undefined) return undefined
  const aptGet = findTool('apt-get', searchPath)
  if (!isRoot || aptGet === undefined) return `${skipped}: they need the Debian package chromium.`
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends']
  const { ok, output } = await runQuietly(root, 'test-browser', [aptGet, 'install', ...options, 'chromium'], {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
  })
  return ok ? undefined : `${skipped}: apt-get could not install chromium (${tellingLine(output)}).`
}
