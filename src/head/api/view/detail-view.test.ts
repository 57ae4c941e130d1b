import { describe, expect, it } from 'vitest'
import type { FleetNode } from '../../fleet.ts'
import { createChronicle } from '../../session/chronicle/chronicle.ts'
import { createTally } from '../../session/tally.ts'
import { sampleFilm } from '../../testing/sample-film.ts'
import type { NodeView } from '../contract/node-view.ts'
import { nodeDetail, sessionDetail } from './detail-view.ts'
import type { SessionFacts } from './session-view.ts'

const node = { id: 'a', name: 'attic' } as NodeView

function facts(): SessionFacts {
  const chronicle = createChronicle({ firstSegment: 0, wallNow: () => 1_000 })
  return {
    ...{ id: 's', tally: createTally(), chronicle, wallMs: 2_000, nameOf: (id) => id },
    about: {
      ...{ title: 'film.mkv', mode: 'stream', plan: sampleFilm(100, 100).plan, dialect: 'plex' },
      received: ['-i', '/media/film.mkv'],
    },
  }
}

describe('the page of a node', () => {
  it('lists what it has proved and where it failed, platform by platform', () => {
    const present = {
      platforms: ['nvidia', 'software'],
      capabilities: new Map([
        [
          'nvidia',
          {
            decoders: [{ name: 'nvdec', codec: 'hevc', bits: 10 }],
            filters: ['scale_cuda'],
            encoders: [{ name: 'h264_nvenc', bits: 8 }],
            failed: [{ what: 'av1_nvenc 8-bit', why: 'no capable device' }],
          },
        ],
      ]),
    } as unknown as FleetNode
    const none = { keptOff: [], history: [], decision: null, log: null }
    const { proofs } = nodeDetail({ node, present, ...none })
    expect(proofs.map(({ platform, does, what, ok }) => [platform, does, what, ok])).toEqual([
      ['nvidia', 'decode', 'hevc 10-bit by nvdec', true],
      ['nvidia', 'filter', 'scale_cuda', true],
      ['nvidia', 'encode', 'h264_nvenc 8-bit', true],
      ['nvidia', 'encode', 'av1_nvenc 8-bit', false],
      ['software', 'encode', 'a test clip from end to end', true],
    ])
    expect(proofs[3]?.why).toBe('no capable device')
    expect(nodeDetail({ node, present: undefined, ...none }).proofs).toEqual([])
  })
})

describe('the page of a session', () => {
  it('has the plan in words and the command line as it came', () => {
    const detail = sessionDetail({ facts: facts(), log: [], preview: null })
    expect(detail.received).toEqual(['-i', '/media/film.mkv'])
    expect(detail.plan.length).toBeGreaterThan(3)
    for (const sentence of detail.plan) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })

  it('tells what went wrong with a code and what can be done', () => {
    const all = facts()
    const lease = { attempt: 's-0', part: 'video', node: 'a', nodeName: 'attic', from: 0, grantedMs: 0 }
    all.chronicle.notBegun(lease, 'E_FFMPEG_MISSING: there is no ffmpeg')
    all.chronicle.notBegun(lease, 'no memory')
    all.tally.waits('E_DISK_FULL: no room')
    all.chronicle.over({ how: 'failed', reason: 'no node is left' })
    const { errors } = sessionDetail({ facts: all, log: [], preview: null })
    expect(errors.map(({ code }) => code)).toEqual([
      ...['E_FFMPEG_MISSING', 'E_LEASE_FAILED', 'E_DISK_FULL', 'E_SESSION_FAILED'],
    ])
    for (const { hint } of errors) expect(hint).not.toBeNull()
  })
})
