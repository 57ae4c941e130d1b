import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Where the head keeps its certificate, credentials and segments in passing: `--data`, else PACELINE_DATA, else
 * /var/lib/paceline for root and the XDG data folder for everybody else.
 */
export function dataFolderOf(option: string | undefined): string {
  const given = option ?? process.env.PACELINE_DATA
  if (given !== undefined && given !== '') return resolve(given)
  if (process.getuid?.() === 0) return '/var/lib/paceline'
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'paceline')
}
