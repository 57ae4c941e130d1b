/** Changes to films byte by byte, for what ffmpeg itself would never write. All return new bytes. */

/** An entry of an edit list: ticks of the film's and of the track's clock; -1 shows nothing for so long. */
export interface Edit {
  readonly movieTicks: number
  readonly mediaTime: number
}

/** The first so much of a film. */
export const cutShort = (film: Buffer, share: number): Buffer =>
  film.subarray(0, Math.floor(film.length * share))

/** Overwrites stretches with garbage, the same every time: `count` of `length` bytes, spread over [from, to) shares. */
export function withGarbage(
  film: Buffer,
  {
    count,
    length,
    from,
    to,
    seed = 1,
  }: { count: number; length: number; from: number; to: number; seed?: number },
): Buffer {
  const spoilt = Buffer.from(film)
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state
  }
  for (let index = 0; index < count; index += 1) {
    const at = Math.floor(film.length * (from + ((to - from) * index) / count)) + (next() % 97)
    for (let offset = 0; offset < length && at + offset < film.length; offset += 1)
      spoilt[at + offset] = next() >> 16
  }
  return spoilt
}

/** Takes stretches of bytes away. */
export function withoutBytes(film: Buffer, places: readonly { at: number; length: number }[]): Buffer {
  const pieces: Buffer[] = []
  let from = 0
  for (const { at, length } of places) {
    const start = Math.floor(film.length * at)
    pieces.push(film.subarray(from, start))
    from = start + length
  }
  return Buffer.concat([...pieces, film.subarray(from)])
}

/** Gives a track of an MP4 whose index stands last another edit list. */
export function withEdits(film: Buffer, track: number, edits: readonly Edit[]): Buffer {
  const moov = boxes(film, 0, film.length).find(({ type }) => type === 'moov')!
  if (moov.end !== film.length) throw new Error('the index does not stand last')
  const traks = boxes(film, moov.at + 8, moov.end).filter(({ type }) => type === 'trak')
  const trak = traks[track]!
  const old = boxes(film, trak.at + 8, trak.end).find(({ type }) => type === 'edts')
  const tkhd = boxes(film, trak.at + 8, trak.end).find(({ type }) => type === 'tkhd')!
  const at = old?.at ?? tkhd.end
  const fresh = editBox(edits)
  const grown = fresh.length - (old ? old.end - old.at : 0)
  const made = Buffer.concat([film.subarray(0, at), fresh, film.subarray(old?.end ?? at)])
  for (const { at: start } of [moov, trak]) made.writeUInt32BE(film.readUInt32BE(start) + grown, start)
  return made
}

function editBox(edits: readonly Edit[]): Buffer {
  const list = Buffer.alloc(16 + 12 * edits.length)
  list.writeUInt32BE(list.length, 0)
  list.write('elst', 4, 'latin1')
  list.writeUInt32BE(edits.length, 12)
  for (const [index, { movieTicks, mediaTime }] of edits.entries()) {
    list.writeUInt32BE(movieTicks, 16 + 12 * index)
    list.writeInt32BE(mediaTime, 20 + 12 * index)
    list.writeUInt32BE(0x10000, 24 + 12 * index)
  }
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + list.length, 0)
  head.write('edts', 4, 'latin1')
  return Buffer.concat([head, list])
}

interface Box {
  readonly type: string
  readonly at: number
  readonly end: number
}

function boxes(film: Buffer, from: number, to: number): Box[] {
  const found: Box[] = []
  for (let at = from; at + 8 <= to; ) {
    const size = film.readUInt32BE(at)
    if (size < 8) throw new Error(`a box of ${size} bytes at ${at}`)
    found.push({ type: film.toString('latin1', at + 4, at + 8), at, end: at + size })
    at += size
  }
  return found
}

/** Every box of a type, however deep, gets another name that nobody knows. */
export function withoutBox(film: Buffer, type: string): Buffer {
  const made = Buffer.from(film)
  for (let at = made.indexOf(type, 0, 'latin1'); at >= 0; at = made.indexOf(type, at + 4, 'latin1')) {
    made.write('skip', at, 'latin1')
  }
  return made
}

/** Moves the times of a Matroska film's clusters, which are milliseconds in whole bytes: same length as before. */
export function withClusterTimes(
  film: Buffer,
  change: (milliseconds: number, index: number) => number,
): Buffer {
  const made = Buffer.from(film)
  const id = Buffer.from([0x1f, 0x43, 0xb6, 0x75])
  let index = 0
  for (let at = made.indexOf(id); at >= 0; at = made.indexOf(id, at + 4)) {
    const time = made.indexOf(0xe7, at + 5)
    const length = made[time + 1]! & 0x7f
    if (time - at > 16 || length === 0 || length > 6) continue
    const milliseconds = made.readUIntBE(time + 2, length)
    made.writeUIntBE(Math.min(change(milliseconds, index), 256 ** length - 1), time + 2, length)
    index += 1
  }
  if (index === 0) throw new Error('no cluster with a time')
  return made
}
