/** Elements of Matroska by the identifiers that stand before them (RFC 9559, 5), marker bits included. */
export const ids = {
  ebml: 0x1a45dfa3,
  ebmlVersion: 0x4286,
  ebmlReadVersion: 0x42f7,
  mostIdBytes: 0x42f2,
  mostSizeBytes: 0x42f3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  nothing: 0xec,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  flagDefault: 0x88,
  flagLacing: 0x9c,
  language: 0x22b59c,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  defaultDuration: 0x23e383,
  video: 0xe0,
  flagInterlaced: 0x9a,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  displayWidth: 0x54b0,
  displayHeight: 0x54ba,
  colour: 0x55b0,
  matrix: 0x55b1,
  range: 0x55b9,
  transfer: 0x55ba,
  primaries: 0x55bb,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  blockDuration: 0x9b,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
} as const

/** An element with these pieces one after the other. */
export function element(id: number, ...pieces: readonly Buffer[]): Buffer {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return Buffer.concat([idBytes(id), sizeBytes(size), ...pieces])
}

/** An element whose end is not known when it begins: everything behind it belongs to it (RFC 8794, 6.2). */
export function openElement(id: number): Buffer {
  return Buffer.concat([idBytes(id), Buffer.from([0x01, ...Array<number>(7).fill(0xff)])])
}

/** The beginning of an element of so many bytes, its size written in eight, so that it can be written again. */
export function elementStart(id: number, size: number): Buffer {
  return Buffer.concat([idBytes(id), sizeBytes(size, 8)])
}

/** A whole number in as few bytes as it takes; at least one. */
export function unsigned(id: number, value: number): Buffer {
  return element(id, minimalBytes(value))
}

export function float64(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return element(id, bytes)
}

export function text(id: number, value: string): Buffer {
  return element(id, Buffer.from(value, 'utf8'))
}

/** The identifier as it stands in the file. */
export function idBytes(id: number): Buffer {
  return minimalBytes(id)
}

/** A size in as few bytes as hold it, or in `width`; all bits set would mean "not known". */
export function sizeBytes(size: number, width = leastWidth(size)): Buffer {
  const bytes = Buffer.alloc(width)
  let rest = size
  for (let at = width - 1; at >= 0; at--) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes[0]! |= 0x80 >> (width - 1)
  return bytes
}

function leastWidth(size: number): number {
  let width = 1
  while (size >= 2 ** (7 * width) - 1) width += 1
  return width
}

function minimalBytes(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256)
  }
  return Buffer.from(bytes)
}
