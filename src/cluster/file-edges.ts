import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

const edgeBytes = 64 * 1024

/**
 * What proves that two paths lead to the same file: its size, and the SHA-256 (hex) of its first and last 64 KiB.
 * Throws what the file system says.
 */
export async function fileEdges(path: string): Promise<{ readonly size: number; readonly edges: string }> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const hash = createHash('sha256')
    hash.update(await readAt(file, 0, Math.min(edgeBytes, size)))
    hash.update(await readAt(file, Math.max(0, size - edgeBytes), Math.min(edgeBytes, size)))
    return { size, edges: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** The same of bytes that come by reading ranges. */
export async function edgesOf(
  size: number,
  read: (position: number, length: number) => Promise<Buffer>,
): Promise<string> {
  const length = Math.min(edgeBytes, size)
  const hash = createHash('sha256')
  hash.update(await read(0, length))
  hash.update(await read(Math.max(0, size - edgeBytes), length))
  return hash.digest('hex')
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
