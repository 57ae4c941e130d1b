import { describe, expect, it } from 'vitest'
import { SoundJudge, type SoundRule } from './sound-judge.ts'

/** Packets of 20 ms, or as said behind a colon (0: the file does not say), at these milliseconds. */
function judged(times: string, change: Partial<SoundRule> = {}) {
  const usual = { tickSeconds: 0.001, toleranceSeconds: 0.0011, packetSeconds: null, onlySteps: false }
  const judge = new SoundJudge({ ...usual, ...change })
  const taken = times.split(' ').map((word) => {
    const [time, duration = '20'] = word.replace('|', '').split(':')
    const common = { decodingTime: null, key: true, hidden: word.startsWith('|') }
    return judge.take({ ...common, time: time === '?' ? null : Number(time), duration: Number(duration) })
  })
  return { verdict: judge.verdict(), enough: taken.indexOf('enough') }
}

describe('sound whose packets are all read', () => {
  it.each([
    ['one packet after the other', '0 20 40 60'],
    ['packets of unlike lengths', '0:20 20:5 25:40 65'],
    ['times that are rounded', '0 21 40 61 80'],
    ['a beginning before zero', '-7 13 33 53'],
    ['packets without a time', '0 ? 20 40'],
    ['a first packet without a length', '0:0 20 40'],
    ['what is hidden', '|-500 0 20 |30 40'],
    ['no packet but one', '70'],
  ])('may be made from the middle with %s', (_, times) => {
    expect(judged(times)).toEqual({ verdict: { kind: 'seek', marginSeconds: 0 }, enough: -1 })
  })

  it.each([
    ['a hole', '0 20 90 110', '50.00 ms at 0.090 s', 2],
    ['an overlap', '0 20 25 45', '-15.00 ms at 0.025 s', 2],
    ['a first packet that is followed late', '0:0 80 100', '60.00 ms at 0.080 s', 1],
    ['times that run away slowly', '0 20 41 62 82', '2.00 ms at 0.062 s', 3],
    ['a jump back', '500 520 100', '-440.00 ms at 0.100 s', 2],
  ])('is made from the beginning with %s', (_, times, detail, enough) => {
    expect(judged(times)).toEqual({ verdict: { kind: 'one-piece', why: 'sound-uneven', detail }, enough })
  })

  it('is held against as much as its container rounds', () => {
    expect(judged('0 21 40 61', { toleranceSeconds: 0.0004 }).verdict.kind).toBe('one-piece')
    expect(judged('0 21 40 61').verdict.kind).toBe('seek')
  })

  it('has packets as long as its codec says, whatever the container makes of that', () => {
    const rounded = '0:21 21:21 43:21 64:21 85:21 107:21 128:21 149:21'
    expect(judged(rounded, { packetSeconds: 1024 / 48_000 }).verdict.kind).toBe('seek')
    expect(judged(rounded).verdict.kind).toBe('one-piece')
  })

  it('is asked whether each packet follows the one before, where nothing else is known', () => {
    const rounded = '0:21 21:21 43:21 64:21 85:21 107:21 128:21 149:21'
    const rule = { onlySteps: true, toleranceSeconds: 0.0025 }
    expect(judged(rounded, rule).verdict.kind).toBe('seek')
    expect(judged('0 20 40 63 83', rule).verdict.kind).toBe('one-piece')
  })
})
