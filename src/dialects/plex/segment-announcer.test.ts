import { serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { openSegmentAnnouncer, type StagedSegment } from './segment-announcer.ts'

function announcer(
  unfinished = true,
  failing?: 'create' | 'place',
  headerName?: string,
  isHeaderEmpty = false,
) {
  const seen: string[] = []
  const step = (what: 'create' | 'place') => async (name: string) => {
    if (what === failing) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    seen.push(`${what} ${name}`)
  }
  const made = openSegmentAnnouncer({
    list: {
      ...{ template: { before: 'm', width: 0, after: '' }, size: 5, separateStreamTimes: false, unfinished },
      ...(headerName !== undefined && { headerName, isHeaderEmpty }),
    },
    folder: { create: step('create'), place: step('place') },
    onAnnounce: ({ segment }) => void seen.push(`announce ${segment}`),
    postList: async (body) => void seen.push(`post ${body.split('\n').slice(0, -1).join(' ')}`),
  })
  return { ...made, seen }
}

function staged(segment: number): StagedSegment {
  const end = segment + 1
  return {
    segment,
    startSeconds: segment,
    endSeconds: end,
    endAudioSeconds: end,
    endVideoSeconds: end,
    bytes: Buffer.from(`segment ${segment}`),
    last: false,
  }
}

const nothing = async () => undefined

describe('announcing', () => {
  it('has the file there before each row', async () => {
    const { opened, publish, seen } = announcer()
    await opened({ segment: 3, startSeconds: 3 })
    await publish(staged(3), nothing)
    await opened({ segment: 4, startSeconds: 4 })
    expect(seen).toEqual([
      'create m3',
      'post #m3,3.000000,3.000000',
      'place m3',
      'announce 3',
      'post m3,3.000000,4.000000',
      'create m4',
      'post m3,3.000000,4.000000 #m4,4.000000,4.000000',
    ])
  })

  it('opens a segment that nobody opened', async () => {
    const { publish, seen } = announcer()
    await publish(staged(0), nothing)
    expect(seen).toEqual([
      'create m0',
      'post #m0,0.000000,0.000000',
      'place m0',
      'announce 0',
      'post m0,0.000000,1.000000',
    ])
  })

  it('opens a segment once', async () => {
    const { opened, seen } = announcer()
    await opened({ segment: 0, startSeconds: 0 })
    await opened({ segment: 0, startSeconds: 0 })
    expect(seen).toHaveLength(2)
  })

  it('does what comes before the row between file and row', async () => {
    const { publish, seen } = announcer()
    await publish(staged(0), async () => void seen.push('last report'))
    expect(seen.slice(2)).toEqual(['place m0', 'last report', 'announce 0', 'post m0,0.000000,1.000000'])
  })

  it('posts no open rows where the server does not want them', async () => {
    const { publish, seen } = announcer(false)
    await publish(staged(0), nothing)
    expect(seen).toEqual(['create m0', 'place m0', 'announce 0', 'post m0,0.000000,1.000000'])
  })

  it('takes segments in their order only', async () => {
    const { opened, publish, seen } = announcer()
    await publish(staged(0), nothing)
    await expect(publish(staged(0), nothing)).rejects.toThrow('segment 0 instead of 1')
    await expect(opened({ segment: 2, startSeconds: 2 })).rejects.toThrow('segment 2 instead of 1')
    await opened({ segment: 1, startSeconds: 1 })
    await expect(publish(staged(2), nothing)).rejects.toThrow('segment 2 instead of 1')
    expect(seen.filter((line) => line.includes('m2'))).toEqual([])
  })

  it('posts nothing of a file that could not be made', async () => {
    const noCreate = announcer(true, 'create')
    await expect(noCreate.publish(staged(0), nothing)).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(noCreate.seen).toEqual([])
    const noPlace = announcer(true, 'place')
    await expect(noPlace.publish(staged(0), nothing)).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(noPlace.seen.at(-1)).toBe('post #m0,0.000000,0.000000')
  })
})

describe('what is remembered', () => {
  it('is rows, never the bytes of segments, however many rows the list keeps', async () => {
    const { publish, memory } = announcer()
    for (let segment = 0; segment < 4; segment++) {
      const bytes = Buffer.alloc(1_000_000)
      await publish({ ...staged(segment), bytes, header: bytes, text: [] }, nothing)
    }
    expect(serialize(memory()).length).toBeLessThan(2_000)
    expect(JSON.stringify(memory())).toContain('"segment":3')
  })
})

describe('segments behind a header', () => {
  const withHeader = (segment: number) => ({ ...staged(segment), header: Buffer.from('header') })

  it('are opened only when the header is in place, which comes with the first', async () => {
    const { opened, publish, seen } = announcer(true, undefined, 'header')
    await opened({ segment: 3, startSeconds: 3 })
    expect(seen).toEqual([])
    await publish(withHeader(3), nothing)
    await opened({ segment: 4, startSeconds: 4 })
    await publish(staged(4), nothing)
    expect(seen).toEqual([
      ...['place header', 'create m3', 'post #m3,3.000000,3.000000', 'place m3', 'announce 3'],
      ...['post m3,3.000000,4.000000', 'create m4', 'post m3,3.000000,4.000000 #m4,4.000000,4.000000'],
      ...['place m4', 'announce 4', 'post m3,3.000000,4.000000 m4,4.000000,5.000000'],
    ])
  })

  it('are opened at once when it is empty, as that of transport streams is', async () => {
    const { opened, publish, seen } = announcer(true, undefined, 'header', true)
    await opened({ segment: 3, startSeconds: 3 })
    expect(seen).toEqual(['create header', 'create m3', 'post #m3,3.000000,3.000000'])
    await publish(staged(3), nothing)
    await publish(staged(4), nothing)
    expect(seen.filter((line) => line.endsWith('header'))).toEqual(['create header'])
  })

  it('are not announced when the header cannot be put in place, or has not come', async () => {
    const full = announcer(true, 'place', 'header')
    await expect(full.publish(withHeader(0), nothing)).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(full.seen).toEqual([])
    const without = announcer(true, undefined, 'header')
    await expect(without.publish(staged(0), nothing)).rejects.toThrow('without the header')
    expect(without.seen).toEqual([])
  })
})
