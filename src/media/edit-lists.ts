/** Bytes of a file; fewer than asked for only where it ends. */
export type ReadBytes = (position: number, length: number) => Promise<Buffer>

/** A box of an MP4 or MOV file: where its contents begin and end. */
interface Box {
  readonly type: string
  readonly from: number
  readonly to: number
}

/** More boxes side by side than any sound file has outside of fragments. */
const mostBoxes = 100_000

/**
 * The most pieces that an edit list of a track puts together, not counting pauses; 0 where there is none or the file is
 * no MP4 or MOV. Reads the heads of boxes only. One piece is a beginning that is cut off, as every encoder writes it.
 */
export async function mostEdits(read: ReadBytes, size: number): Promise<number> {
  const moov = await firstBox(read, { from: 0, to: size }, 'moov')
  if (!moov) return 0
  let most = 0
  for await (const trak of boxes(read, moov)) {
    const edts = trak.type === 'trak' ? await firstBox(read, trak, 'edts') : null
    const elst = edts && (await firstBox(read, edts, 'elst'))
    if (elst) most = Math.max(most, pieces(await read(elst.from, Math.min(elst.to - elst.from, 65_536))))
  }
  return most
}

/** A pause at the beginning only moves the track; one between pieces makes two of them. */
function pieces(list: Buffer): number {
  if (list.length < 8) return 0
  const isLong = list[0] === 1
  const entryBytes = isLong ? 20 : 12
  const declared = list.readUInt32BE(4)
  const count = Math.min(declared, Math.floor((list.length - 8) / entryBytes))
  let kept = 0
  for (let index = 0; index < count; index += 1) {
    const at = 8 + index * entryBytes
    const isPause = isLong ? list.readBigInt64BE(at + 8) === -1n : list.readInt32BE(at + 4) === -1
    if (!isPause || kept > 0) kept += 1
  }
  return kept
}

async function firstBox(read: ReadBytes, within: Omit<Box, 'type'>, type: string): Promise<Box | null> {
  for await (const box of boxes(read, within)) if (box.type === type) return box
  return null
}

async function* boxes(read: ReadBytes, within: Omit<Box, 'type'>): AsyncGenerator<Box> {
  let at = within.from
  for (let count = 0; at + 8 <= within.to && count < mostBoxes; count += 1) {
    const head = await read(at, 16)
    if (head.length < 8) return
    const short = head.readUInt32BE(0)
    const isLong = short === 1 && head.length >= 16
    const size = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? within.to - at : short
    const headBytes = isLong ? 16 : 8
    if (size < headBytes) return
    yield { type: head.toString('latin1', 4, 8), from: at + headBytes, to: Math.min(at + size, within.to) }
    at += size
  }
}
