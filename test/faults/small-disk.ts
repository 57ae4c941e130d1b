import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of so many bytes that a test can fill, mounted on a folder. */
export interface SmallDisk {
  readonly folder: string
  /** Takes all the room there is. */
  fill(): void
  /** Gives the room back. */
  clear(): void
  freeBytes(): Promise<number>
  close(): Promise<void>
}

/** Why no disk can be mounted here; null when one can. */
export function noSmallDisk(): string | null {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'probe', tmpdir()], {
      stdio: 'pipe',
    })
    return null
  } catch (error) {
    return `no disk can be mounted here: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
}

/** Mounts it on a folder of its own. */
export async function openSmallDisk(bytes: number): Promise<SmallDisk> {
  const at = await mkdtemp(join(tmpdir(), 'paceline-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'paceline-test', at])
  const filler = join(at, '.filler')
  return {
    folder: at,
    fill() {
      const file = openSync(filler, 'a')
      let size = 65_536
      while (size >= 1) if (!wrote(file, size)) size = Math.floor(size / 2)
      closeSync(file)
    },
    clear: () => rmSync(filler, { force: true }),
    async freeBytes() {
      const { bavail, bsize } = await statfs(at)
      return bavail * bsize
    },
    async close() {
      execFileSync('umount', ['-l', at])
      await rm(at, { recursive: true, force: true })
    },
  }
}

function wrote(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}
