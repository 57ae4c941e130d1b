import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { elfHeaderBytes } from '../elf.ts'
import { type Place, placeIn } from '../place.ts'
import type { Shim } from '../put-in-place.ts'

/** A program that nobody can run, for x86-64 (62) or another machine of ELF's numbers; its text makes it one of its own. */
export function programBytes(text: string, machine = 62): Buffer {
  const header = Buffer.alloc(elfHeaderBytes)
  header.write('\x7fELF', 'latin1')
  header[5] = 1
  header.writeUInt16LE(machine, 18)
  return Buffer.concat([header, Buffer.from(text)])
}

/** A shim that is none, but known as one. */
export const shimBytes = (release = '1'): Buffer => programBytes(`PACELINE_ORIGINAL of release ${release}`)

export function shimOf(bytes: Buffer = shimBytes(), machine = 'x86-64'): Shim {
  return { path: '/build/paceline-shim', bytes, machine }
}

/** A folder with files beside the name of a transcoder: `''` is the transcoder itself, `.orig` its original. */
export interface SmallServer {
  readonly place: Place
  remove(): Promise<void>
}

export async function smallServer(files: Readonly<Record<string, Buffer | string>>): Promise<SmallServer> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-place-'))
  const place = placeIn(folder)
  for (const [suffix, bytes] of Object.entries(files)) {
    await writeFile(suffix.startsWith('/') ? join(folder, suffix) : `${place.transcoder}${suffix}`, bytes, {
      mode: 0o755,
    })
  }
  return { place, remove: () => rm(folder, { recursive: true, force: true }) }
}
