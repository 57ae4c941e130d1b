/** Thrown for bytes that are no whole ISO base media file: a segment like that was cut off or is not what it says. */
export class MalformedMp4 extends Error {
  constructor(reason: string) {
    super(`Not a whole MP4 file: ${reason}`)
    this.name = 'MalformedMp4'
  }
}

/** A box of ISO/IEC 14496-12: its type of four characters, and its content without the header. */
export interface Box {
  readonly type: string
  readonly content: Buffer
}

const headerSize = 8

/** A box with these pieces one after the other. */
export function box(type: string, ...pieces: readonly Buffer[]): Buffer {
  const size = pieces.reduce((sum, piece) => sum + piece.length, headerSize)
  return Buffer.concat([u32(size), Buffer.from(type, 'latin1'), ...pieces])
}

/** A box that begins with a version and flags. */
export function fullBox(type: string, version: number, flags: number, ...pieces: readonly Buffer[]): Buffer {
  return box(type, u32(version * 2 ** 24 + flags), ...pieces)
}

/** The boxes in these bytes, one after the other. Throws MalformedMp4 where one does not fit. */
export function readBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const { size, header } = sizeAt(bytes, offset)
    if (size < header || offset + size > bytes.length)
      throw new MalformedMp4(`a box of ${size} bytes at ${offset} of ${bytes.length}`)
    const type = bytes.toString('latin1', offset + 4, offset + headerSize)
    boxes.push({ type, content: bytes.subarray(offset + header, offset + size) })
    offset += size
  }
  return boxes
}

/** A size of 1 says that it stands in 64 bits behind the type; 0 (to the end) is for files that nobody here writes. */
function sizeAt(bytes: Buffer, offset: number): { size: number; header: number } {
  const left = bytes.length - offset
  const size = left < headerSize ? 0 : bytes.readUInt32BE(offset)
  if (size !== 1 || left < headerSize + 8) return { size, header: headerSize }
  return { size: Number(bytes.readBigUInt64BE(offset + headerSize)), header: headerSize + 8 }
}

/** The content of the box at the end of a path of types, the first of each. Throws MalformedMp4 where one is missing. */
export function boxAt(bytes: Buffer, ...path: readonly string[]): Buffer {
  let content = bytes
  for (const type of path) {
    const found = readBoxes(content).find((inner) => inner.type === type)
    if (!found) throw new MalformedMp4(`no ${path.join('/')}`)
    content = found.content
  }
  return content
}

/** Unsigned numbers, most significant byte first, one after the other. */
export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}

export function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2)
  return bytes
}

export function u8(...values: readonly number[]): Buffer {
  return Buffer.from(values)
}

/** 64 bits; safe integers only. */
export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** Reserved fields. */
export function zeros(count: number): Buffer {
  return Buffer.alloc(count)
}
