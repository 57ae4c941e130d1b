import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBeat, checkOrderReply, checkReport } from './message-schemas.ts'
import type { Beat, Report } from './messages.ts'

const beat: Beat = {
  node: 'n1',
  name: 'Attic',
  boot: 'b1',
  contract: 1,
  version: '0.1.0',
  platforms: ['software'],
  cores: 4,
  leases: [{ attempt: 'a1', next: 0, frames: 0, speed: 0 }],
}

const report: Report = {
  type: 'ended',
  node: 'n1',
  attempt: 'a1',
  outcome: 'failed',
  next: 3,
  exitCode: 187,
  stderr: 'Conversion failed!',
  cpuSeconds: 1.5,
}

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

const without = <T extends object>(value: T, field: keyof T) => {
  const { [field]: _, ...rest } = value
  return rest
}

describe('a beat', () => {
  it('passes as it is', () => {
    expect(checkBeat(bytes(beat), 'n1')).toEqual({ ok: true, message: beat })
  })

  it('may say more than this version knows', () => {
    expect(checkBeat(bytes({ ...beat, temperature: 61 }), 'n1')).toEqual({ ok: true, message: beat })
  })

  it('may say what its machine draws, in numbers that some machine draws', () => {
    const power = {
      watts: 7.2,
      basis: 'measured',
      boundary: 'module',
      source: 'ina3221 VDD_IN',
    }
    expect(checkBeat(bytes({ ...beat, power }), 'n1')).toEqual({ ok: true, message: { ...beat, power } })
    for (const wrong of [
      { watts: -1 },
      { watts: 1e9 },
      { watts: null },
      { basis: 'guessed' },
      { source: '' },
    ])
      expect(
        checkBeat(bytes({ ...beat, power: { ...power, ...wrong } }), 'n1').ok,
        JSON.stringify(wrong),
      ).toBe(false)
  })

  it('is refused without any one of its fields, by that field’s name', () => {
    for (const field of Object.keys(beat) as (keyof Beat)[]) {
      const checked = checkBeat(bytes(without(beat, field)), 'n1')
      expect(checked, field).toEqual({ ok: false, why: expect.stringContaining(field) })
    }
  })

  it('is refused in the name of another node', () => {
    expect(checkBeat(bytes(beat), 'n2')).toEqual({ ok: false, why: 'it speaks for n1' })
  })

  it('is refused with numbers and texts beyond all measure', () => {
    const lease = beat.leases[0]!
    const wrong: Partial<Beat>[] = [
      { cores: 0 },
      { cores: 1.5 },
      { cores: 1e9 },
      { name: '' },
      { name: 'x'.repeat(201) },
      { contract: -1 },
      { platforms: Array(65).fill('software') },
      { leases: Array(1_001).fill(lease) },
      { leases: [{ ...lease, next: -1 }] },
      { leases: [{ ...lease, next: 0.5 }] },
      { leases: [{ ...lease, speed: Number.POSITIVE_INFINITY }] },
      { leases: [{ ...lease, attempt: '' }] },
    ]
    for (const more of wrong) {
      expect(checkBeat(bytes({ ...beat, ...more }), 'n1'), JSON.stringify(more).slice(0, 80)).toMatchObject({
        ok: false,
      })
    }
  })
})

describe('a report', () => {
  it('passes with and without the processor time', () => {
    expect(checkReport(bytes(report), 'n1')).toEqual({ ok: true, message: report })
    const unknown = without(report, 'cpuSeconds')
    expect(checkReport(bytes(unknown), 'n1')).toEqual({ ok: true, message: unknown })
  })

  it('passes when ffmpeg ended by a signal', () => {
    expect(checkReport(bytes({ ...report, exitCode: null }), 'n1')).toMatchObject({ ok: true })
  })

  it('is refused without any other of its fields', () => {
    for (const field of Object.keys(report) as (keyof Report)[]) {
      if (field === 'cpuSeconds') continue
      expect(checkReport(bytes(without(report, field)), 'n1'), field).toMatchObject({ ok: false })
    }
  })

  it('is refused with an outcome, type or length that is not agreed', () => {
    for (const more of [
      { outcome: 'great' },
      { type: 'begun' },
      { stderr: 'x'.repeat(4_001) },
      { node: 'n2' },
    ]) {
      expect(checkReport(bytes({ ...report, ...more }), 'n1')).toMatchObject({ ok: false })
    }
  })
})

describe('an answer to an order', () => {
  it('is yes, or no with a reason', () => {
    expect(checkOrderReply(bytes({ ok: true }))).toEqual({ ok: true, message: { ok: true } })
    const no = { ok: false, code: 'spawn-failed', message: 'no ffmpeg' }
    expect(checkOrderReply(bytes(no))).toEqual({ ok: true, message: no })
  })

  it('is refused when it is neither', () => {
    for (const value of [{}, { ok: 'yes' }, { ok: false }, { ok: false, code: '' }, [], null, 7, '', 'ok']) {
      expect(checkOrderReply(bytes(value)), JSON.stringify(value)).toMatchObject({ ok: false })
    }
  })
})

describe('anything at all', () => {
  it('is either a message or refused with a reason, and never thrown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (content) => {
        for (const checked of [checkBeat(content, 'n1'), checkReport(content, 'n1')]) {
          expect(checked).toEqual({ ok: false, why: expect.stringMatching(/./) })
        }
      }),
    )
  })
})
