/** The only family of the font below. */
export const blockFamily = 'Paceline Block'

const unitsPerEm = 1000

/** Tables of OpenType by their tags, as FreeType wants them at the least. */
const tables: Readonly<Record<string, () => Buffer>> = {
  cmap: () => words(0, 1, 3, 1, 0, 12, 4, 32, 0, 4, 4, 1, 0, 65, 0xffff, 0, 65, 0xffff, 1 - 65, 1, 0, 0),
  // One square with four corners, all on the line: its bounds, its end, no instructions, flags, steps in x and in y.
  glyf: () =>
    Buffer.concat([
      words(1, 0, 0, unitsPerEm, unitsPerEm, 3, 0),
      Buffer.from([1, 1, 1, 1]),
      words(0, 0, unitsPerEm, 0, 0, unitsPerEm, 0, -unitsPerEm),
    ]),
  head: () =>
    Buffer.concat([
      words(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, unitsPerEm),
      Buffer.alloc(16),
      words(0, 0, unitsPerEm, unitsPerEm, 0, 8, 2, 0, 0),
    ]),
  hhea: () => words(1, 0, unitsPerEm, 0, 0, unitsPerEm, 0, 0, unitsPerEm, 1, 0, 0, 0, 0, 0, 0, 0, 2),
  hmtx: () => words(unitsPerEm, 0, unitsPerEm, 0),
  // Halves of offsets: of the first glyph there is nothing, the second is all of the table.
  loca: () => words(0, 0, (14 + 4 + 16) / 2),
  maxp: () => words(1, 0, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
  name: () => {
    const text = Buffer.from(blockFamily, 'utf16le').swap16()
    const records = [1, 4, 6].flatMap((id) => [3, 1, 0x409, id, text.length, 0])
    return Buffer.concat([words(0, 3, 6 + 3 * 12, ...records), text])
  },
}

/**
 * A font with one letter, a block: libass draws nothing at all, not even a shape without letters, where no font is to be
 * found, and a board may have none. Real leases bring their fonts as well.
 */
export function blockFont(): Buffer {
  const made = Object.entries(tables).map(([tag, table]) => ({ tag, bytes: table() }))
  let offset = 12 + 16 * made.length
  const rows = made.map(({ tag, bytes }) => {
    const row = Buffer.alloc(16)
    row.write(tag, 0, 'latin1')
    row.writeUInt32BE(sum(bytes), 4)
    row.writeUInt32BE(offset, 8)
    row.writeUInt32BE(bytes.length, 12)
    offset += padded(bytes).length
    return row
  })
  return Buffer.concat([
    words(1, 0, made.length, 128, 3, 0),
    ...rows,
    ...made.map(({ bytes }) => padded(bytes)),
  ])
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, 2 * index)
  return bytes
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])

function sum(bytes: Buffer): number {
  const all = padded(bytes)
  let total = 0
  for (let at = 0; at < all.length; at += 4) total = (total + all.readUInt32BE(at)) >>> 0
  return total
}
