import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Debian puts nats-server where the search path of an ordinary user does not lead. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/**
 * The search path with the system folders at its end.
 *
 * @param {string} [path] as in `PATH`
 */
export function toolSearchPath(path = process.env.PATH ?? '') {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  return [...folders, ...systemFolders.filter((folder) => !folders.includes(folder))].join(delimiter)
}

/**
 * Where a program is, or undefined.
 *
 * @param {string} name
 * @param {string} [searchPath]
 */
export function findTool(name, searchPath = toolSearchPath()) {
  return searchPath
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isProgram)
}

/** @param {string} file */
function isProgram(file) {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch (error) {
    if (codeOf(error) === 'EACCES') return false
    throw error
  }
}

/**
 * The code of a system error (`ENOENT` and the like), or undefined.
 *
 * @param {unknown} error
 */
export function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/**
 * The environment for what the scripts start, npm and apt-get excepted: system folders on the search path, and no extra
 * certificates, which cost each start of Node tens of milliseconds and which nothing here needs.
 */
export function toolEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const environment = { ...process.env, PATH: toolSearchPath() }
  delete environment.NODE_EXTRA_CA_CERTS
  return environment
}
