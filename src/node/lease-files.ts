import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { GrantOrder, LeaseFile } from '../cluster/messages.ts'
import type { HeadClient } from './head-client.ts'

/** The files of one lease on this node's disk. */
export interface PlacedFiles {
  readonly text: string
  /** A folder. */
  readonly fonts: string
}

/** Fetches what leases want as files, and keeps fonts for the next lease. */
export interface LeaseFiles {
  /** Null when there is nothing to fetch. Resolves when all is there, or cannot be had; does not reject. */
  fetch(order: GrantOrder): Promise<void> | null
  /** What was fetched; the reason why it was not; undefined for an order without files. */
  of(order: GrantOrder): PlacedFiles | Error | undefined
  /** The lease is over, or never began: its folder goes. */
  drop(attempt: string): Promise<void>
  close(): Promise<void>
}

export interface LeaseFilesOptions {
  /** Of these files alone, emptied first; a temporary one unless told. */
  readonly folder?: string | undefined
  readonly client: Pick<HeadClient, 'request'>
  /** Of fonts that no lease uses any more. */
  readonly keptBytes?: number
}

const defaultKeptBytes = 128 * 1024 * 1024

export async function openLeaseFiles(options: LeaseFilesOptions): Promise<LeaseFiles> {
  const { client } = options
  const root = await emptyFolder(options.folder)
  const kept = createKeptFonts(join(root, 'fonts'), options.keptBytes ?? defaultKeptBytes)
  const placed = new Map<string, { readonly folder: string; result: PlacedFiles | Error | undefined }>()
  const closing = new AbortController()

  const place = async (folder: string, files: readonly LeaseFile[]): Promise<PlacedFiles> => {
    const paths = { text: join(folder, 'text.ass'), fonts: join(folder, 'fonts') }
    await mkdir(paths.fonts, { recursive: true, mode: 0o700 })
    await Promise.all(
      files.map(async (file) => {
        const get = () => fetchWhole(client, file, closing.signal)
        if (file.use === 'font') await kept.linkTo(join(paths.fonts, `${file.digest}.otf`), file, get)
        else await writeFile(paths.text, await get(), { mode: 0o600 })
      }),
    )
    return paths
  }
  const drop = async (attempt: string): Promise<void> => {
    const folder = placed.get(attempt)?.folder
    placed.delete(attempt)
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  return {
    fetch({ attempt, files = [] }) {
      if (files.length === 0 || placed.has(attempt)) return null
      const folder = join(root, `lease-${randomBytes(8).toString('hex')}`)
      const entry: { readonly folder: string; result: PlacedFiles | Error | undefined } = {
        ...{ folder, result: undefined },
      }
      placed.set(attempt, entry)
      return place(folder, files).then(
        (paths) => {
          entry.result = paths
        },
        (error: Error) => {
          entry.result = error
        },
      )
    },
    of: ({ attempt }) => placed.get(attempt)?.result,
    drop,
    async close() {
      closing.abort()
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function emptyFolder(wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return mkdtemp(join(tmpdir(), 'paceline-files-'))
  await rm(wanted, { recursive: true, force: true })
  await mkdir(wanted, { recursive: true, mode: 0o700 })
  return wanted
}

/** Fonts by their digest; the least recently used go first. Leases have links of their own. */
function createKeptFonts(folder: string, mostBytes: number) {
  const fonts = new Map<string, { readonly size: number; readonly stored: Promise<void> }>()

  const store = async (path: string, get: () => Promise<Buffer>): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const beside = `${path}.${randomBytes(4).toString('hex')}`
    await writeFile(beside, await get(), { mode: 0o600 })
    await rename(beside, path)
  }
  const makeRoom = async (): Promise<void> => {
    let bytes = [...fonts.values()].reduce((sum, { size }) => sum + size, 0)
    for (const [digest, { size }] of [...fonts].slice(0, -1)) {
      if (bytes <= mostBytes) return
      bytes -= size
      fonts.delete(digest)
      await rm(join(folder, digest), { force: true })
    }
  }
  return {
    async linkTo(path: string, { digest, size }: LeaseFile, get: () => Promise<Buffer>): Promise<void> {
      const own = join(folder, digest)
      const known = fonts.get(digest) ?? { size, stored: store(own, get) }
      fonts.delete(digest)
      fonts.set(digest, known)
      try {
        await known.stored
      } catch (error) {
        if (fonts.get(digest) === known) fonts.delete(digest)
        throw error
      }
      await link(own, path)
      await makeRoom()
    },
  }
}

async function fetchWhole(
  client: Pick<HeadClient, 'request'>,
  { url, size, digest }: LeaseFile,
  signal: AbortSignal,
): Promise<Buffer> {
  if (size === 0) return Buffer.alloc(0)
  const headers = { range: `bytes=0-${size - 1}` }
  const response = await client.request({ method: 'GET', path: url, headers, signal })
  if (response.statusCode !== 200 && response.statusCode !== 206) {
    response.resume()
    throw new Error(`the head answers ${response.statusCode} to a file of the lease`)
  }
  const bytes = await buffer(response)
  if (createHash('sha256').update(bytes).digest('hex') === digest) return bytes
  throw new Error('a file of the lease is not what the order says')
}
