import { open } from 'node:fs/promises'

/** A file's bytes, wherever they come from. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number
  /** Fewer bytes than asked for only where the file ends. Rejects with what the file system says. */
  read(position: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

/** A file that this process can open. Rejects with what the file system says. */
export async function openByteSource(path: string): Promise<ByteSource> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    return {
      size,
      read: async (position, length) => {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
        return buffer.subarray(0, bytesRead)
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}
