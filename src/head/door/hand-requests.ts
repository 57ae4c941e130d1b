import { bytesFromText } from './byte-text.ts'
import { payloadLimits } from './frame.ts'
import type { HandRequest, NamedFile, ResumeEdit, ResumeList } from './hands.ts'

const operations = { write: 1, rename: 2, remove: 3, list: 4, look: 5 } as const

/** A path with its length in two bytes before it. */
function withLength(text: string | Buffer): Buffer {
  const bytes = typeof text === 'string' ? bytesFromText(text) : text
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/**
 * The requests that write a file, piece by piece; one at least, which makes it. With a position they write into the
 * file that is there, and leave the rest of it as it is. Each is what is said, and the file's bytes behind it.
 */
export function* writeRequests(
  path: string,
  bytes: Uint8Array,
  position: number | null = null,
): Generator<readonly [head: Buffer, bytes: Uint8Array]> {
  const place = withLength(path)
  const room = payloadLimits.other - 10 - place.length
  for (let at = 0; at === 0 || at < bytes.length; at += room) {
    const head = Buffer.alloc(10)
    head[0] = operations.write
    head[1] = at === 0 && position === null ? 1 : 0
    head.writeBigUInt64BE(BigInt((position ?? 0) + at), 2)
    yield [Buffer.concat([head, place]), bytes.subarray(at, at + room)]
  }
}

export const renameRequest = (from: string, to: string): Buffer =>
  Buffer.concat([Buffer.of(operations.rename), withLength(from), withLength(to)])

export const removeRequest = (path: string): Buffer =>
  Buffer.concat([Buffer.of(operations.remove), withLength(path)])

export const lookRequest = (path: string): Buffer =>
  Buffer.concat([Buffer.of(operations.look), withLength(path)])

/** The next entries of a folder, after the first `skip`. */
export function listRequest(folder: string, skip: number): Buffer {
  const head = Buffer.alloc(5)
  head[0] = operations.list
  head.writeUInt32BE(skip, 1)
  return Buffer.concat([head, withLength(folder)])
}

/** Bytes of an answer that are a file's: the rest is the error number. */
export const readLimit = payloadLimits.other - 4

/** A length of 0 asks for the file's identity. */
export function readRequest(file: NamedFile, position: number, length: number): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32BE(file.argument, 0)
  head.writeBigUInt64BE(BigInt(position), 4)
  head.writeUInt32BE(length, 12)
  return Buffer.concat([head, bytesFromText(file.path ?? '')])
}

const httpFlags = { keeps: 1, hasBody: 2, goesOn: 4, continues: 8 } as const

/** The requests of one exchange: as many as the body needs. */
export function* httpRequests(request: HandRequest): Generator<Buffer> {
  const head = httpHead(request)
  const body = Buffer.from(request.body ?? '', 'utf8')
  const flags =
    (request.keepsConnection ? httpFlags.keeps : 0) | (request.body === null ? 0 : httpFlags.hasBody)
  let at = Math.min(body.length, payloadLimits.other - 1 - head.length)
  const more = (): number => (at < body.length ? httpFlags.goesOn : 0)
  yield Buffer.concat([Buffer.of(flags | more()), head, body.subarray(0, at)])
  while (at < body.length) {
    const part = body.subarray(at, at + payloadLimits.other - 1)
    at += part.length
    yield Buffer.concat([Buffer.of(httpFlags.continues | more()), part])
  }
}

function httpHead(request: HandRequest): Buffer {
  const lines = request.headers.map((header) => (header === 'token' ? '' : `${header[0]}: ${header[1]}`))
  const head = Buffer.alloc(10)
  head.writeUInt32BE(request.timeoutMilliseconds, 0)
  head.writeUInt32BE(request.argument, 4)
  head[8] = request.method === 'POST' ? 1 : 0
  head[9] = lines.length
  const texts = [request.suffix, ...lines].map((text) => withLength(Buffer.from(text, 'utf8')))
  return Buffer.concat([head, ...texts])
}

const editKinds = { value: 1, seek: 2, drop: 3 } as const

export function resumeRequest(list: ResumeList, withNextRequest: boolean, note?: string): Buffer {
  const flags = (withNextRequest ? 1 : 0) | (list === 'over' ? 2 : 0) | (note === undefined ? 0 : 4)
  const noted = note === undefined ? [] : [Buffer.of(note.length), Buffer.from(note, 'ascii')]
  return Buffer.concat([Buffer.of(flags), ...noted, ...(list === 'over' ? [] : list.map(editBytes))])
}

function editBytes(edit: ResumeEdit): Buffer {
  const value = Buffer.from('value' in edit ? edit.value : '')
  const head = Buffer.alloc(6)
  head[0] = editKinds[edit.kind]
  head.writeUInt32BE(edit.argument, 1)
  head[5] = value.length
  return Buffer.concat([head, value])
}
