import { readFile, writeFile } from 'node:fs/promises'

/** What Dolby Vision's configuration record says of a film. */
export interface DolbyVision {
  readonly profile: number
  /** dv_bl_signal_compatibility_id: 0 none, 1 HDR10, 2 SDR, 4 HLG, 6 HDR10 of a Blu-ray. */
  readonly compatibility: number
}

/** Where the sample entry of the first stream lies, and how many bytes of its own a box has before its boxes. */
const wayToEntry: readonly (readonly [string, number])[] = [
  ...([
    ['moov', 0],
    ['trak', 0],
    ['mdia', 0],
    ['minf', 0],
    ['stbl', 0],
    ['stsd', 8],
  ] as const),
  ['hev1', 78],
]

/**
 * Writes an MP4 with HEVC (tag hev1, the picture its first stream, the index at the end) anew as a film of Dolby Vision: the pictures
 * stay, and the record says so ("Dolby Vision Streams Within the ISO Base Media File Format", 3.1).
 */
export async function asDolbyVision(from: string, to: string, what: DolbyVision): Promise<void> {
  const file = await readFile(from)
  const record = configurationBox(what)
  const sizes: number[] = []
  let [at, end] = [0, file.length]
  for (const [name, own] of wayToEntry) {
    at = boxAt(file, name, at, end)
    sizes.push(at)
    end = at + file.readUInt32BE(at)
    at += 8 + own
  }
  for (const place of sizes) file.writeUInt32BE(file.readUInt32BE(place) + record.length, place)
  await writeFile(to, Buffer.concat([file.subarray(0, end), record, file.subarray(end)]))
}

function boxAt(file: Buffer, name: string, from: number, end: number): number {
  for (let at = from; at + 8 <= end; at += file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === name) return at
  }
  throw new Error(`there is no box ${name} where it should be`)
}

function configurationBox({ profile, compatibility }: DolbyVision): Buffer {
  const box = Buffer.alloc(8 + 24)
  const level = 1
  const [rpu, enhancement, base] = [1, 0, 1]
  box.writeUInt32BE(box.length)
  box.write(profile > 7 ? 'dvvC' : 'dvcC', 4, 'latin1')
  box.writeUInt8(1, 8)
  box.writeUInt16BE((profile << 9) | (level << 3) | (rpu << 2) | (enhancement << 1) | base, 10)
  box.writeUInt8(compatibility << 4, 12)
  return box
}
