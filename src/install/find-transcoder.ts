import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { PacelineError } from '../errors.ts'
import { insideRoot } from './inside-root.ts'
import { type Place, placeIn, plexTranscoderName } from './place.ts'
import { lookAtFile } from './transcoder-file.ts'

/** Where to look: one folder, everywhere below a container's root folder, or on this machine. */
export interface WhereToLook {
  readonly folder?: string | undefined
  readonly root?: string | undefined
}

export interface FoundTranscoder {
  readonly place: Place
  /** The root folder that the media server sees; `/` but for a container. */
  readonly root: string
  /** The transcoder's path as the media server sees it. */
  readonly inside: string
}

/**
 * Where Plex's packages put it: Debian, RPM and Arch Linux, and the containers of Plex and linuxserver.io alike; by
 * hand; Synology.
 */
const plexFolders = [
  '/usr/lib/plexmediaserver',
  '/usr/lib64/plexmediaserver',
  '/opt/plexmediaserver',
  '/var/packages/PlexMediaServer/target',
]

/** How far below a named folder it is looked for. */
const depthBelowFolder = 4

/**
 * Finds Plex's transcoder. PacelineError E_INSTALL_NOT_FOUND, and E_INSTALL_SEVERAL where it is not clear which.
 */
export async function findTranscoder({ folder, root = '/' }: WhereToLook): Promise<FoundTranscoder> {
  const top = resolve(root)
  if (folder !== undefined) return findBelow(resolve(folder))
  const folders = await Promise.all(plexFolders.map((path) => insideRoot(top, path)))
  const found: FoundTranscoder[] = []
  for (const each of new Set(folders)) {
    if (each === null || !(await holdsTranscoder(each))) continue
    const place = placeIn(each)
    found.push({ place, root: top, inside: `/${relative(top, place.transcoder)}` })
  }
  return onlyOne(found, `${plexTranscoderName} in ${plexFolders.map((path) => join(top, path)).join(', ')}`)
}

async function findBelow(folder: string): Promise<FoundTranscoder> {
  const isFile = await stat(folder).then(
    (about) => about.isFile(),
    () => false,
  )
  const start = isFile && basename(folder) === plexTranscoderName ? dirname(folder) : folder
  const found = (await foldersBelow(start, depthBelowFolder)).map((each) => {
    const place = placeIn(each)
    return { place, root: '/', inside: place.transcoder }
  })
  return onlyOne(found, `${plexTranscoderName} in ${start}`)
}

/** The folder itself, or else those below it; a folder with a transcoder is not looked through further. */
async function foldersBelow(folder: string, depth: number): Promise<string[]> {
  if (await holdsTranscoder(folder)) return [folder]
  if (depth === 0) return []
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
  const found: string[] = []
  for (const each of below) found.push(...(await foldersBelow(each, depth - 1)))
  return found
}

/** Also where only the original is left. */
async function holdsTranscoder(folder: string): Promise<boolean> {
  const { transcoder, original } = placeIn(folder)
  for (const path of [transcoder, original]) {
    // What may not be read is there, and the next look at it says so.
    const kind = await lookAtFile(path).then(
      (file) => file.kind,
      () => 'program',
    )
    if (kind !== 'missing') return true
  }
  return false
}

function onlyOne(found: readonly FoundTranscoder[], where: string): FoundTranscoder {
  const [first, ...others] = found
  if (!first) throw new PacelineError('E_INSTALL_NOT_FOUND', where)
  if (others.length === 0) return first
  throw new PacelineError('E_INSTALL_SEVERAL', found.map(({ place }) => place.folder).join(', '))
}
