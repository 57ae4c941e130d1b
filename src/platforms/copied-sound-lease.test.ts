import { describe, expect, it } from 'vitest'
import type { AudioPart, Plan } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { argumentFault } from './allowed.ts'
import { debianFacts, newestFacts } from './ffmpeg-words.ts'
import type { LeaseRange } from './platform.ts'
import { software } from './software.ts'
import { optionValue } from './testing/option-value.ts'

const audio: AudioPart = {
  ...{ source: { input: 0, stream: 1 }, firstSampleSeconds: 0, seekSeconds: 0, operations: [] },
  encoder: { codec: 'copy', rate: 48_000, packets: { codec: 'aac', samples: 1024, firstSeconds: 0 } },
}
const plan: Plan = { ...samplePlan, audio }
const first: LeaseRange = { from: 0, to: 2, open: false, failures: 0 }
const later: LeaseRange = { from: 2, to: 4, open: true, failures: 0 }

function argsOf(range: LeaseRange, change: Partial<AudioPart> = {}, ffmpeg = debianFacts): readonly string[] {
  const capabilities = { fingerprint: '', ffmpeg, decoders: [], filters: [], encoders: [] }
  const compiled = software.compileAudio({ ...plan, audio: { ...audio, ...change } }, range, { capabilities })
  if ('out' in compiled) throw new Error(compiled.out)
  expect(argumentFault(compiled.args)).toBeUndefined()
  return compiled.args
}

describe('a lease with copied sound', () => {
  it('begins as the server’s own transcoder does, and ends before the first packet of the next lease', () => {
    const args = argsOf(first)
    expect(args).not.toContain('-ss')
    expect(optionValue(args, '-c:a')).toBe('copy')
    expect(optionValue(args, '-copypriorss:a')).toBe('0')
    // Segments of two seconds: the first packet from 4 s on is the 188th (4.0107), the cut 0.4 of one before it.
    expect(optionValue(args, '-bsf:a')).toBe('noise=drop=gte(pts/90000\\,4.002133)')
    expect(optionValue(args, '-segment_times')).toBe('1.996800')
    expect(optionValue(argsOf(first, { seekSeconds: 3.3 }), '-ss')).toBe('3.300000')
  })

  it('drops what lies before it where it begins in the middle, and reads from a little before', () => {
    const args = argsOf(later)
    expect(optionValue(args, '-bsf:a')).toBe('noise=drop=lt(pts/90000\\,4.002133)')
    expect(optionValue(args, '-ss')).toBe('3.002133')
    expect(args).toContain('-noaccurate_seek')
  })

  it('reckons times as newer FFmpegs count them', () => {
    expect(optionValue(argsOf(later, {}, newestFacts), '-bsf:a')).toBe('noise=drop=lt(pts*tb\\,4.002133)')
  })

  it('begins with the packet that newer FFmpegs count from, where a seek may find some before it', () => {
    const sought = { seekSeconds: 3.3 }
    expect(optionValue(argsOf(first, sought), '-bsf:a')).not.toContain('lt(')
    // The 155th packet (3.3067), and 0.4 of one before it.
    const args = argsOf(first, sought, newestFacts)
    expect(optionValue(args, '-bsf:a')).toMatch(/^noise=drop=lt\(pts\*tb\\,3\.298133\)\+gte/)
    expect(argsOf(first, {}, newestFacts).join()).not.toContain('lt(')
  })

  it('reads from the beginning where no seek can be trusted', () => {
    const verdict = { kind: 'one-piece', why: 'sound-uneven', detail: '' } as const
    const args = argsOf(later, { seeking: { verdict }, seekSeconds: 1 })
    expect(optionValue(args, '-ss')).toBe('1.000000')
    expect(args).not.toContain('-noaccurate_seek')
    expect(optionValue(args, '-bsf:a')).toContain('lt(pts/90000')
  })

  it('is none for packets of unknown length', () => {
    const unknown = { ...audio, encoder: { codec: 'copy', rate: 48_000 } } as const
    expect(software.compileAudio({ ...plan, audio: unknown }, first)).toHaveProperty('out')
  })
})
