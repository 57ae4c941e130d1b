import { describe, expect, it } from 'vitest'
import type { Packet } from './key-frames.ts'
import { TimesJudge } from './times-judge.ts'

/** Packets at these times, in the order of the file; a star marks a key frame, a bar what an edit list hides. */
function judged(times: string, { lacksIndex = false } = {}) {
  const judge = new TimesJudge({ tickSeconds: 0.1, lacksIndex })
  const taken = times.split(' ').map((word) => judge.take(packet(word)))
  return { verdict: judge.verdict(), enough: taken.indexOf('enough') }
}

function packet(word: string): Packet {
  const time = word.startsWith('?') ? null : Number.parseInt(word, 10)
  return {
    ...{ time, decodingTime: null, duration: 1 },
    ...{ key: word.includes('*'), hidden: word.includes('|') },
  }
}

describe('a film whose packets are all read', () => {
  it.each([
    ['pictures in order', '0* 1 2 3* 4 5 6* 7'],
    ['pictures that are reordered', '0* 4 2 1 3 8* 6 5 7'],
    ['pictures that lead a key frame of an open group', '0* 3 1 2 6* 4 5 9* 7 8'],
    ['times that repeat between key frames', '0* 1 1 1 2 3* 3 4'],
    ['times that go back by less than a group', '0* 1 2 3* 4 5 4 5 6 7* 8'],
    ['a beginning in the middle of a group', '-3 -2 0* 1 2 3* 4'],
    ['a jump ahead', '0* 1 2 500* 501 502* 503'],
    ['key frames alone', '0* 1* 2* 3*'],
    ['what is hidden before the beginning', '0*| 1| 2* 3 4*'],
  ])('lets leases seek in it with %s', (_, times) => {
    expect(judged(times)).toEqual({ verdict: { kind: 'seek', marginSeconds: 0 }, enough: -1 })
  })

  it.each([
    ['a key frame that comes before the one before', '0* 1 2 3* 4 5 1* 2', '0.100 s after 0.500 s', 6],
    ['a key frame at the same time as the one before', '0* 1 2 2* 2* 3', '0.200 s after 0.200 s', 4],
    ['pictures that go back behind the key frame before', '0* 1 5* 6 9* 3 10', '0.300 s after 0.900 s', 5],
    ['a jump ahead that is taken back', '0* 1 2* 3 90* 91 4* 5', '0.400 s after 9.100 s', 6],
  ])('makes it in one piece with %s, and reads no further', (_, times, detail, enough) => {
    expect(judged(times)).toEqual({ verdict: { kind: 'one-piece', why: 'times-back', detail }, enough })
  })

  it('gives it up where they jump ahead by more than an hour', () => {
    expect(judged('0* 1 36001* 36002 72002*').verdict.kind).toBe('seek')
    const verdict = { kind: 'unusable', why: 'times-lost', detail: '3600.200 s after 0.100 s' }
    expect(judged('0* 1 36002* 36003')).toEqual({ verdict, enough: 2 })
  })

  it('makes it in one piece where more than a tenth of its pictures have no time', () => {
    const known = Array.from({ length: 18 }, (_, index) => `${index}*`).join(' ')
    expect(judged(`${known} ? ?`).verdict).toEqual({ kind: 'seek', marginSeconds: 0 })
    const detail = '3 of 21 pictures'
    expect(judged(`${known} ? ? ?`).verdict).toEqual({ kind: 'one-piece', why: 'times-missing', detail })
  })

  it('lets leases seek in one without any packet, which ends at once', () => {
    expect(new TimesJudge({ tickSeconds: 1, lacksIndex: true }).verdict().kind).toBe('seek')
  })
})

describe('a film without an index', () => {
  it.each([
    ['between two key frames', '0* 1 2 100* 101 120*'],
    ['between the last one and the end', '0* 10* 11 109 110'],
    ['across a hole', '0* 1 99 100*'],
  ])('is read from as early as its key frames lie apart %s', (_, times) => {
    expect(judged(times, { lacksIndex: true }).verdict).toEqual({ kind: 'seek', marginSeconds: 12 })
  })

  it('is made in one piece where they lie half a minute apart', () => {
    expect(judged('0* 299 300*', { lacksIndex: true }).verdict.kind).toBe('seek')
    const verdict = { kind: 'one-piece', why: 'keys-rare', detail: '30.1 s without one' }
    expect(judged('0* 300 301*', { lacksIndex: true }).verdict).toEqual(verdict)
    expect(judged('0* 300 301*').verdict.kind).toBe('seek')
  })
})
