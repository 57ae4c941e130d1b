import { constants } from 'node:os'
import { PacelineError } from '../../errors.ts'
import { textFromBytes } from './byte-text.ts'
import type { FileLook, HandReply, ListedFile } from './hands.ts'

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, number]) => [number, name]),
)

/** The system's name of an error number of Linux; `E<number>` for one that has none here. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `E${errno}`
}

/** A link, or a way out, is on the path: what the shim refuses by itself, whatever the file system would say. */
export function isRefusal(errno: number): boolean {
  return errno === constants.errno.ELOOP || errno === constants.errno.EXDEV
}

/** The error for a number of the shim: E_HANDS_REFUSED, or one with the system's code. */
export function handError(errno: number, path: string): Error {
  const code = errnoName(errno)
  if (isRefusal(errno)) return new PacelineError('E_HANDS_REFUSED', `${path} (${code})`)
  return Object.assign(new Error(`${code}: ${path}`), { code, errno: -errno, path })
}

/** What comes after the four bytes of the error number; throws when that is not 0. */
export function readAnswer(answer: Buffer, path: string): Buffer {
  if (answer.length < 4) throw new PacelineError('E_DOOR_PROTOCOL', 'half an answer')
  const errno = answer.readUInt32BE(0)
  if (errno !== 0) throw handError(errno, path)
  return answer.subarray(4)
}

/** Entries of one answer to a list, and whether more are to be asked for. */
export function readEntries(bytes: Buffer): { entries: ListedFile[]; hasMore: boolean } {
  const entries: ListedFile[] = []
  for (let at = 1; at < bytes.length; ) {
    const end = at + 10 + bytes.readUInt16BE(at + 8)
    entries.push({
      name: textFromBytes(bytes.subarray(at + 10, end)),
      size: Number(bytes.readBigUInt64BE(at)),
    })
    at = end
  }
  return { entries, hasMore: bytes[0] === 1 }
}

const kinds: readonly FileLook['kind'][] = ['other', 'file', 'folder']

export function readLook(bytes: Buffer): FileLook {
  return {
    kind: kinds[bytes[0] ?? 0] ?? 'other',
    size: Number(bytes.readBigUInt64BE(1)),
    mtimeNs: bytes.readBigUInt64BE(9),
  }
}

/** Null when the shim wants the next part of the request. */
export function readReply(answer: Buffer): HandReply | null {
  if (answer[0] === 2) return null
  if (answer[0] === 0 && answer.length >= 3) {
    return { status: answer.readUInt16BE(1), body: answer.toString('utf8', 3) }
  }
  if (answer[0] !== 1 || answer.length < 2) throw new PacelineError('E_DOOR_PROTOCOL', 'half an answer')
  const flags = answer[1]!
  return { failed: answer.toString('utf8', 2), reused: (flags & 1) !== 0, sent: (flags & 2) !== 0 }
}
