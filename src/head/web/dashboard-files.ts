import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** A file of the dashboard, ready to be sent. */
export interface DashboardFile {
  readonly type: string
  /** Strong, quoted. */
  readonly etag: string
  /** Its name has a digest in it, so that it never changes. */
  readonly isImmutable: boolean
  readonly bodies: Readonly<Record<Encoding, Buffer>>
}

export type Encoding = 'identity' | 'gzip' | 'br'

/** The dashboard as it was built: by path, beginning with a slash. */
export type DashboardFiles = ReadonlyMap<string, DashboardFile>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

/** As the bundler names what it makes: `index-BqX3fa9_.js`. */
const digestName = /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/

/**
 * Reads a folder whole, once: what is sent later is looked up by its name, and no name that somebody asks for ever reaches
 * the disk. Empty where there is no such folder; files of other kinds (maps for debuggers) are left out.
 */
export async function readDashboard(folder: string): Promise<DashboardFiles> {
  const names = await listFiles(folder)
  const files = await Promise.all(
    names.flatMap((name) => {
      const type = types[extname(name)]
      return type === undefined ? [] : [readOne(folder, name, type)]
    }),
  )
  return new Map(files)
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function readOne(folder: string, name: string, type: string): Promise<[string, DashboardFile]> {
  const identity = await readFile(join(folder, name))
  const [zipped, br] = await Promise.all([
    promisify(gzip)(identity, { level: 9 }),
    promisify(brotliCompress)(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } }),
  ])
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`
  return [
    `/${name}`,
    { type, etag, isImmutable: digestName.test(name), bodies: { identity, gzip: zipped, br } },
  ]
}

/** Of 11: above it takes seconds for a few percent. */
const brotliQuality = 8
