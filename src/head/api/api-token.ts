import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere, writePrivateFile } from '../../cluster/private-file.ts'

/** Where the commands on this machine find the key to the head's API. Mode 0600: the head's own user and root. */
export function apiTokenPath(dataFolder: string): string {
  return join(dataFolder, 'api-token')
}

/** The key, made at the first start. */
export async function openApiToken(dataFolder: string): Promise<string> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  return openToken(apiTokenPath(dataFolder))
}

/** For programs that only look: what collects metrics, a panel on the wall. Made with the other. */
export async function openViewerToken(dataFolder: string): Promise<string> {
  return openToken(join(dataFolder, 'viewer-token'))
}

async function openToken(path: string): Promise<string> {
  const kept = await readFileIfThere(path)
  if (kept !== undefined && kept.trim() !== '') return kept.trim()
  const token = randomBytes(24).toString('base64url')
  await writePrivateFile(path, `${token}\n`)
  return token
}
