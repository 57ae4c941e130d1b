import { runQuietly, tellingLine } from './run-quietly.js'
import { findTool, toolSearchPath } from './tool-environment.js'

/**
 * Installs what some of the long tests need, where this is possible without asking anybody: as root. The short tests do
 * without, and it takes hundreds of megabytes.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} args of vitest
 * @param {{ name: string, what: string, tools: readonly string[], packages: readonly string[] }} wanted which tests, and the
 *   Debian packages that bring these programs
 * @param {{ searchPath?: string, isRoot?: boolean }} machine
 * @returns {Promise<string | undefined>} what to tell the person at the keyboard
 */
export async function installForLongTests(root, args, { name, what, tools, packages }, machine) {
  const { searchPath = toolSearchPath(), isRoot = process.getuid?.() === 0 } = machine
  const isThere = tools.every((tool) => findTool(tool, searchPath) !== undefined)
  if (!args.includes('long') || isThere) return undefined
  const words = packages.join(' ')
  const noun = packages.length === 1 ? 'the Debian package' : 'the Debian packages'
  const aptGet = findTool('apt-get', searchPath)
  if (!isRoot || aptGet === undefined) return `${what} are skipped: they need ${noun} ${words}.`
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120', '--no-install-recommends']
  const { ok, output } = await runQuietly(root, name, [aptGet, 'install', ...options, ...packages], {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
  })
  return ok ? undefined : `${what} are skipped: apt-get could not install ${words} (${tellingLine(output)}).`
}
