import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/** A stand-in for the folder of Plex Media Server: programs, libraries, a link, odd modes and old times. */
export interface ServerTree {
  readonly root: string
  /** The transcoder's folder. */
  readonly folder: string
  readonly transcoder: string
  /** Everything below the root that can be compared: kind, owner, mode, times, bytes. */
  read(): Promise<Record<string, string>>
  /** As an update does it: the whole file beside it, then renamed. */
  update(text: string): Promise<Buffer>
  remove(): Promise<void>
}

/** A program for this machine that says its name; different texts give different bytes. */
export async function programOf(text: string): Promise<Buffer> {
  return Buffer.concat([await readFile('/bin/echo'), Buffer.from(text)])
}

export async function makeServerTree(
  options: { folder?: string; mode?: number; owner?: number } = {},
): Promise<ServerTree> {
  const root = await mkdtemp(join(tmpdir(), 'paceline-server-'))
  const folder = join(root, options.folder ?? 'usr/lib/plexmediaserver')
  const transcoder = join(folder, 'Plex Transcoder')
  await mkdir(join(folder, 'lib'), { recursive: true })
  await writeFile(join(folder, 'Plex Media Server'), await programOf('server'))
  await writeFile(join(folder, 'lib', 'libavcodec.so.60'), 'library')
  await writeFile(transcoder, await programOf('transcoder 1'))
  await chmod(transcoder, options.mode ?? 0o755)
  const longAgo = new Date('2024-02-29T12:00:00.123Z')
  await utimes(transcoder, longAgo, longAgo)
  return {
    root,
    folder,
    transcoder,
    read: () => readTree(root, root),
    async update(text) {
      const bytes = await programOf(text)
      await writeFile(`${transcoder}.new`, bytes, { mode: 0o755 })
      await rm(transcoder)
      await writeFile(transcoder, bytes, { mode: 0o755 })
      await rm(`${transcoder}.new`)
      return bytes
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

/** Folders without their times: names that came and went have changed them. */
export async function readTree(folder: string, root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    const { uid, gid, mode, mtimeMs, nlink } = await lstat(path)
    const name = relative(root, path)
    const rights = `${uid}:${gid} ${mode.toString(8)}`
    if (entry.isDirectory()) {
      found[name] = rights
      Object.assign(found, await readTree(path, root))
    } else {
      const bytes = await readFile(path)
      found[name] = `${rights} ${mtimeMs} ${nlink} ${digestOfBytes(bytes)}`
    }
  }
  return found
}

export const digestOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export const digestOf = async (path: string): Promise<string> => digestOfBytes(await readFile(path))
