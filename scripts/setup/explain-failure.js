import { SetupFailure } from './setup-failure.js'
import { codeOf } from './tool-environment.js'

/**
 * The one sentence for a failure that the person at the keyboard can mend, or undefined for a bug of ours.
 *
 * @param {unknown} error
 * @param {string} root the project's folder
 */
export function explainFailure(error, root) {
  if (error instanceof SetupFailure) return error.message
  const where =
    error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : root
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return `${where} cannot be written by this user: run this as the owner of ${root}, or make it yours with \`sudo chown -R "$(id -u)" ${root}\`.`
    case 'EROFS':
      return `${where} is on a read-only disk: clone Paceline into a folder that can be written.`
    case 'ENOSPC':
      return `${where} could not be written because the disk is full: free some space and run this again.`
    default:
      return undefined
  }
}
