import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runQuietly, tellingLine } from './run-quietly.js'
import { SetupFailure } from './setup-failure.js'
import { findTool } from './tool-environment.js'

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage */

/**
 * What package-lock.json names is in node_modules. npm writes down what it has installed as the last thing it does, so
 * an installation made by hand counts and one that was interrupted does not.
 *
 * @param {string} root the project's folder
 * @returns {import('./run-steps.js').Step}
 */
export function npmDependencies(root) {
  return {
    check() {
      const wanted = readPackages(join(root, 'package-lock.json'))
      const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
      const missing = missingPackages(wanted, installed)
      return missing.length === 0 ? undefined : missing
    },
    describe: (missing) => `npm dependencies, ${missing.length} to fetch (npm ci)`,
    act: async () => installDependencies(root),
  }
}

/**
 * @param {string} file a lock file of npm, of version 2 or 3
 * @returns {Record<string, LockedPackage>} by path; empty when there is no such file
 */
function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

/**
 * The paths of packages that are wanted and not there in that version. Optional ones are for other machines, or npm
 * would have fetched them.
 *
 * @param {Record<string, LockedPackage>} wanted
 * @param {Record<string, LockedPackage>} installed
 */
export function missingPackages(wanted, installed) {
  return Object.entries(wanted)
    .filter(([path, locked]) => path !== '' && (locked.optional !== true || path in installed))
    .filter(([path, locked]) => !(path in installed) || installed[path]?.version !== locked.version)
    .map(([path]) => path)
}

/** @param {string} root */
async function installDependencies(root) {
  // The build needs the development dependencies, whatever NODE_ENV says.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const { ok, output, log } = await runQuietly(root, 'npm', [...npmCommand(), ...args], {
    ...process.env,
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  })
  if (!ok)
    throw new SetupFailure(
      `npm ci failed in ${root} (${tellingLine(output)}): ${remedy(output)} and run this again; ${log} has all it said.`,
    )
}

/** @param {string} output */
function remedy(output) {
  if (/in sync/.test(output)) return 'take package.json and package-lock.json from the same commit'
  if (/ENOSPC|no space left/.test(output)) return 'free some space on this disk'
  return 'check that the npm registry can be reached'
}

/** The npm that started us where there is one, since another may lie first on the search path. */
function npmCommand() {
  const running = process.env.npm_execpath
  if (running !== undefined && basename(running) === 'npm-cli.js') return [process.execPath, running]
  const npm = findTool('npm')
  if (npm === undefined)
    throw new SetupFailure(
      'npm is not on the search path: install it (on Debian: apt-get install npm) and run this again.',
    )
  return [npm]
}
