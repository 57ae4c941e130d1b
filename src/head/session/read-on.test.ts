import { describe, expect, it } from 'vitest'
import { readOn } from './read-on.ts'

/** A source with a key frame every 30 s, read as it is asked for. */
function source(endSeconds: number) {
  const cuts = { starts: [0], decoded: [null], frames: [] as number[], endSlot: null as number | null }
  const asked: number[] = []
  const read = async (untilSeconds: number): Promise<void> => {
    asked.push(untilSeconds)
    for (let at = cuts.starts.at(-1)!; at < untilSeconds && cuts.endSlot === null; at += 30) {
      if (at + 30 >= endSeconds) cuts.endSlot = endSeconds
      else cuts.starts.push(at + 30)
    }
  }
  return { cuts, asked, read }
}

describe('reading on in a source whose pictures are copied', () => {
  it('goes three minutes ahead of the session, and no further', async () => {
    const { cuts, asked, read } = source(10_000)
    const over = new AbortController()
    let position = 0
    const options = { cuts, read, slotSeconds: 1, signal: over.signal, everyMs: 1 }
    const done = readOn({ ...options, positionSeconds: () => position })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(asked).toEqual([270])
    position = 100
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(asked).toEqual([270, 370])
    over.abort()
    await done
  })

  it('ends with the source', async () => {
    const { cuts, read } = source(100)
    const { signal } = new AbortController()
    await readOn({ cuts, read, slotSeconds: 1, signal, everyMs: 1, positionSeconds: () => 0 })
    expect(cuts).toMatchObject({ starts: [0, 30, 60, 90], endSlot: 100 })
  })

  it('says that the source cannot be read', async () => {
    const { cuts } = source(100)
    const { signal } = new AbortController()
    const read = () => Promise.reject(new Error('gone'))
    const options = { cuts, read, slotSeconds: 1, signal, positionSeconds: () => 0 }
    await expect(readOn(options)).rejects.toThrow('gone')
  })
})
