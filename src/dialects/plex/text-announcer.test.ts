import { describe, expect, it } from 'vitest'
import { ass } from '../../container/text/ass.ts'
import { srt } from '../../container/text/srt.ts'
import type { TextCue } from '../../container/text/text-file.ts'
import { openTextAnnouncer } from './text-announcer.ts'
import type { TextListing } from './text-job.ts'
import type { TextProgress } from './text-progress.ts'

const chunks: TextListing = {
  kind: 'segments',
  listUrl: 'http://127.0.0.1:32400/manifest?stream=subtitles',
  list: {
    ...{ template: { before: 'sub-chunk-', width: 5, after: '' }, headerName: 'sub-header' },
    ...{ size: 3, separateStreamTimes: true, unfinished: true },
  },
  ...{ firstSegment: 4, segmentSeconds: 1 },
}

const cue = (startSeconds: number, endSeconds: number): TextCue => ({
  ...{ startSeconds, endSeconds },
  text: `at ${startSeconds}\n`,
})

function announcer(listing: TextListing) {
  const seen: string[] = []
  const made = openTextAnnouncer({
    listing,
    folder: {
      create: async (name) => void seen.push(`create ${name}`),
      place: async (name, bytes) => void seen.push(`place ${name}: ${JSON.stringify(String(bytes))}`),
    },
    post: async (body) => void seen.push(`post ${body.split('\n').slice(0, -1).join(' ')}`),
  })
  return { ...made, seen }
}

const coming = (...cues: TextCue[]): TextProgress => ({ rules: ass, header: 'head\n', trailer: '\n', cues })

describe('segments of text', () => {
  it('come after their header, and each file is there before its row', async () => {
    const { add, end, seen } = announcer(chunks)
    await add(coming(cue(0, 0.5)))
    await end(coming())
    expect(seen).toEqual([
      'place sub-header: "head\\n"',
      'create sub-chunk-00004',
      'post #sub-chunk-00004,0.000000,0.000000,0.000000,0.000000',
      'place sub-chunk-00004: "at 0\\n"',
      'place sub-chunk-00004: "at 0\\n\\n"',
      'post sub-chunk-00004,0.000000,0.500000,0.000000,0.000000',
    ])
  })

  it('are whole when the next one begins, however their cues come', async () => {
    const { add, end, seen } = announcer(chunks)
    for (const some of [[cue(2, 5)], [], [cue(2.5, 3), cue(9, 10)]]) await add(coming(...some))
    await end(coming())
    expect(seen.filter((step) => step.startsWith('post'))).toEqual([
      'post #sub-chunk-00004,0.000000,0.000000,0.000000,0.000000',
      'post sub-chunk-00004,0.000000,5.000000,0.000000,0.000000',
      'post sub-chunk-00004,0.000000,5.000000,0.000000,0.000000 #sub-chunk-00005,2.500000,2.500000,2.500000,2.500000',
      'post sub-chunk-00004,0.000000,5.000000,0.000000,0.000000 sub-chunk-00005,2.500000,3.000000,2.500000,2.500000',
      'post sub-chunk-00005,2.500000,3.000000,2.500000,2.500000 #sub-chunk-00006,9.000000,9.000000,9.000000,9.000000',
      'post sub-chunk-00005,2.500000,3.000000,2.500000,2.500000 sub-chunk-00006,9.000000,10.000000,9.000000,9.000000',
    ])
  })

  it('are written once for all cues that come at a time', async () => {
    const { add, seen } = announcer(chunks)
    await add(coming(cue(0, 1), cue(0.2, 1), cue(0.4, 1)))
    expect(seen.filter((step) => step.startsWith('place sub-chunk'))).toHaveLength(1)
  })

  it('bring the header themselves where there is no file for it, and no # rows where none are wanted', async () => {
    const { headerName: _, ...list } = chunks.list
    const { add, end, seen } = announcer({ ...chunks, list: { ...list, unfinished: false } })
    await add(coming(cue(0, 1)))
    await end(coming())
    expect(seen.at(-2)).toBe('place sub-chunk-00004: "head\\nat 0\\n\\n"')
    expect(seen.filter((step) => step.startsWith('post'))).toHaveLength(1)
  })
})

describe('a file of text', () => {
  it('appears when it is whole, counted through', async () => {
    const { add, end, seen } = announcer({ kind: 'file', path: '/versions/a.srt' })
    const words = { ...coming(), rules: srt, header: '', trailer: '' }
    await add({ ...words, cues: [cue(0, 1)] })
    await add({ ...words, cues: [cue(5, 6)] })
    expect(seen).toEqual([])
    await end(words)
    expect(seen).toEqual(['place /versions/a.srt: "1\\nat 0\\n2\\nat 5\\n"'])
  })
})
