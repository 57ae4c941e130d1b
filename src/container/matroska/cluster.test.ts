import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Block, clusters } from './cluster.ts'
import { ids } from './ebml.ts'
import { elementAt, readElements, readSize } from './read-elements.ts'

/** Blocks as they are read back. */
function readClusters(bytes: Buffer): Block[][] {
  return readElements(bytes).map(({ id, content }) => {
    expect(id).toBe(ids.cluster)
    const time = elementAt(content, ids.timestamp)
    const start = time.readUIntBE(0, time.length)
    return readElements(content)
      .filter((element) => element.id === ids.simpleBlock)
      .map(({ content: block }) => {
        const { size, width } = readSize(block, 0)
        return {
          track: size!,
          milliseconds: start + block.readInt16BE(width),
          isKey: block[width + 2] === 0x80,
          data: block.subarray(width + 3),
        }
      })
  })
}

const block = (milliseconds: number, track = 1, bytes = 4): Block => ({
  ...{ track, milliseconds, isKey: milliseconds % 2 === 0, data: Buffer.alloc(bytes, milliseconds % 251) },
})

describe('clusters', () => {
  it('hold every block in its order, at its time', () => {
    const near = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: -400, max: 400 })), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(fc.nat({ max: 100_000_000 }), near, (start, steps) => {
        const blocks = steps.map(([track, jitter], index) =>
          block(Math.max(0, start + index * 700 + jitter), (track % 2) + 1),
        )
        expect(readClusters(clusters(blocks)).flat()).toEqual(blocks)
      }),
    )
  })

  it('begin anew after five seconds, with the time of their first block', () => {
    const made = readClusters(
      clusters([0, 2500, 5000, 5001, 7000, 10_001, 10_002].map((time) => block(time))),
    )
    expect(made.map((blocks) => blocks.map(({ milliseconds }) => milliseconds))).toEqual([
      [0, 2500, 5000],
      [5001, 7000, 10_001],
      [10_002],
    ])
  })

  it('begin anew after five megabytes', () => {
    const mebibyte = 1024 * 1024
    const blocks = Array.from({ length: 8 }, (_, index) => block(index, 1, mebibyte))
    expect(readClusters(clusters(blocks)).map(({ length }) => length)).toEqual([6, 2])
  })

  it('begin at 0 where sound begins before', () => {
    const bytes = clusters([block(-21, 2), block(0)])
    expect(elementAt(bytes, ids.cluster, ids.timestamp)).toEqual(Buffer.from([0]))
    expect(readClusters(bytes)[0]!.map(({ milliseconds }) => milliseconds)).toEqual([-21, 0])
  })

  it('are none without blocks', () => {
    expect(clusters([])).toHaveLength(0)
  })
})
