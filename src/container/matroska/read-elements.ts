/** Thrown for bytes that are no whole EBML elements. */
export class MalformedMatroska extends Error {
  constructor(reason: string) {
    super(`Not whole Matroska elements: ${reason}`)
    this.name = 'MalformedMatroska'
  }
}

export interface Element {
  readonly id: number
  readonly content: Buffer
}

/** The elements in these bytes, one after the other; one of unknown size reaches to the end. Throws MalformedMatroska. */
export function readElements(bytes: Buffer): Element[] {
  const elements: Element[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const idWidth = widthAt(bytes, offset, 4)
    const id = bytes.readUIntBE(offset, idWidth)
    const { size, width } = readSize(bytes, offset + idWidth)
    const start = offset + idWidth + width
    const end = size === null ? bytes.length : start + size
    if (end > bytes.length) throw new MalformedMatroska(`${id.toString(16)} is cut off at ${bytes.length}`)
    elements.push({ id, content: bytes.subarray(start, end) })
    offset = end
  }
  return elements
}

/** The content of the first element at the end of a path of identifiers. Throws MalformedMatroska where one is missing. */
export function elementAt(bytes: Buffer, ...path: readonly number[]): Buffer {
  let content = bytes
  for (const id of path) {
    const found = readElements(content).find((element) => element.id === id)
    if (!found) throw new MalformedMatroska(`no ${path.map((step) => step.toString(16)).join('/')}`)
    content = found.content
  }
  return content
}

/** A size, null for one that is not known; also the number of a track before a block. */
export function readSize(bytes: Buffer, offset: number): { size: number | null; width: number } {
  const width = widthAt(bytes, offset, 8)
  let size = bytes[offset]! & (0xff >> width)
  for (let at = 1; at < width; at++) size = size * 256 + bytes[offset + at]!
  return { size: size >= 2 ** (7 * width) - 1 ? null : size, width }
}

function widthAt(bytes: Buffer, offset: number, most: number): number {
  const width = Math.clz32(bytes[offset] ?? 0) - 23
  if (width > most || offset + width > bytes.length) throw new MalformedMatroska(`no number at ${offset}`)
  return width
}
