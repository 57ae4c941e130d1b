import { type FileHandle, lstat, open } from 'node:fs/promises'
import { elfHeaderBytes, machineOf } from './elf.ts'

/**
 * `shim`: of any release of Paceline; `script`: begins with `#!`; `program`: anything else that has bytes, a link to
 * such included.
 */
export type FileKind = 'missing' | 'empty' | 'shim' | 'script' | 'program'

/** What lies in the place of a transcoder. */
export interface TranscoderFile {
  readonly kind: FileKind
  /** See machineOf. */
  readonly machine: string | null
  /** Device, inode, size and times of the last changes: another one is another file, or other bytes in it. */
  readonly identity: string | null
}

const nothing: TranscoderFile = { kind: 'missing', machine: null, identity: null }

/** A name that every release of the shim looks up in its environment, and so has among its bytes. */
const shimMark = Buffer.from('PACELINE_ORIGINAL')

/** No build of the shim is nearly as large, and a transcoder may well be larger. */
const largestShimBytes = 16 * 1024 * 1024

/** Looks at a file; links are followed. Rejects with what the system says, but for a file that is not there. */
export async function lookAtFile(path: string): Promise<TranscoderFile> {
  const own = await lstat(path, { bigint: true }).catch(absent)
  const file = await open(path, 'r').catch(absent)
  if (!own || !file) return nothing
  try {
    const { size, isFile } = await sizeOf(file)
    if (!isFile) return nothing
    const identity = `${own.dev}:${own.ino}:${own.size}:${own.mtimeNs}:${own.ctimeNs}`
    const beginning = await read(file, elfHeaderBytes)
    return { ...(await kindOf(file, size, beginning)), identity }
  } finally {
    await file.close()
  }
}

async function kindOf(
  file: FileHandle,
  size: number,
  beginning: Buffer,
): Promise<Omit<TranscoderFile, 'identity'>> {
  if (size === 0) return { kind: 'empty', machine: null }
  if (beginning.toString('latin1', 0, 2) === '#!') return { kind: 'script', machine: null }
  const machine = machineOf(beginning)
  if (machine === null || size > largestShimBytes) return { kind: 'program', machine }
  const bytes = await read(file, size)
  return { kind: bytes.includes(shimMark) ? 'shim' : 'program', machine }
}

async function sizeOf(file: FileHandle): Promise<{ size: number; isFile: boolean }> {
  const about = await file.stat()
  return { size: about.size, isFile: about.isFile() }
}

async function read(file: FileHandle, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
  return buffer.subarray(0, bytesRead)
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP') return undefined
  throw error
}
