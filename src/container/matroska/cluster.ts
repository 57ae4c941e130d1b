import { element, ids, sizeBytes, unsigned } from './ebml.ts'

/** A picture, a frame of sound, or text. */
export interface Block {
  /** Number of its track. */
  readonly track: number
  /** When it is shown or heard. */
  readonly milliseconds: number
  readonly isKey: boolean
  readonly data: Buffer
  /** How long it is shown; missing where the next one of its track tells. */
  readonly durationMilliseconds?: number
}

/** FFmpeg's muxer begins another cluster after so much, which keeps the times in one within their 16 bits. */
const longestMilliseconds = 5_000
const mostBytes = 5 * 1024 * 1024

/** Blocks in their order as clusters; the first one's time is that of its first block. Empty without blocks. */
export function clusters(blocks: readonly Block[]): Buffer {
  const made: Buffer[] = []
  let open: Block[] = []
  let bytes = 0
  for (const block of blocks) {
    const [first] = open
    if (first && (block.milliseconds - first.milliseconds > longestMilliseconds || bytes > mostBytes)) {
      made.push(cluster(open))
      open = []
      bytes = 0
    }
    open.push(block)
    bytes += block.data.length
  }
  if (open.length > 0) made.push(cluster(open))
  return Buffer.concat(made)
}

function cluster(blocks: readonly Block[]): Buffer {
  // A time before 0 cannot be written here, but in the blocks, which count from it.
  const start = Math.max(0, blocks[0]!.milliseconds)
  return element(
    ids.cluster,
    unsigned(ids.timestamp, start),
    ...blocks.map((block) => anyBlock(block, block.milliseconds - start)),
  )
}

const keyFlag = 0x80

/** A simple one has no room for a duration; a group says by what it refers to, here nothing, that it is a key. */
function anyBlock({ track, isKey, data, durationMilliseconds }: Block, relative: number): Buffer {
  const head = Buffer.alloc(3)
  head.writeInt16BE(relative, 0)
  const pieces = [sizeBytes(track), head, data]
  if (durationMilliseconds !== undefined) {
    return element(
      ids.blockGroup,
      element(ids.block, ...pieces),
      unsigned(ids.blockDuration, durationMilliseconds),
    )
  }
  head[2] = isKey ? keyFlag : 0
  return element(ids.simpleBlock, ...pieces)
}
