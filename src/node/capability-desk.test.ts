import { describe, expect, it } from 'vitest'
import type { Capabilities } from '../platforms/capabilities.ts'
import { createCapabilityDesk, type ProvedCapabilities } from './capability-desk.ts'

const card: Capabilities = {
  ...{ fingerprint: 'one', ffmpeg: { version: '7.1', lacks: [] } },
  ...{ decoders: [], filters: ['scale_cuda'], encoders: [{ name: 'h264_nvenc', bits: 8 }] },
}

class Source implements ProvedCapabilities {
  proofs = 0
  #now: ReadonlyMap<string, Capabilities>
  #told: () => void = () => {}

  constructor(now: ReadonlyMap<string, Capabilities>) {
    this.#now = now
  }

  current() {
    return this.#now
  }

  onChange(listener: () => void) {
    this.#told = listener
  }

  async prove() {
    this.proofs += 1
  }

  becomes(now: ReadonlyMap<string, Capabilities>) {
    this.#now = now
    this.#told()
  }
}

describe('what a node tells of its chips', () => {
  it('is nothing where nothing was proved', async () => {
    const desk = createCapabilityDesk(undefined, () => {})
    expect([desk.told, desk.platforms(['software']), desk.tell()]).toEqual([
      {},
      ['software'],
      { ok: true, capabilities: {} },
    ])
    await desk.prove()
  })

  it('is a digest in each beat, and all of it for who asks', () => {
    const desk = createCapabilityDesk(new Source(new Map([['nvidia', card]])), () => {})
    expect(desk.told.capabilities).toMatch(/^[0-9a-f]{16}$/)
    expect(desk.platforms(['software', 'nvidia'])).toEqual(['software', 'nvidia'])
    expect(desk.platforms(['software'])).toEqual(['software', 'nvidia'])
    expect(desk.tell()).toEqual({ ok: true, capabilities: { nvidia: card } })
  })

  it('has another digest when something else was proved, and the head hears of it', async () => {
    const source = new Source(new Map([['nvidia', card]]))
    let changes = 0
    const desk = createCapabilityDesk(source, () => changes++)
    const before = desk.told.capabilities
    source.becomes(new Map([['nvidia', { ...card, encoders: [] }]]))
    expect(changes).toBe(1)
    expect(desk.told.capabilities).not.toBe(before)
    expect(desk.tell()).toMatchObject({ capabilities: { nvidia: { encoders: [] } } })
    await desk.prove()
    expect(source.proofs).toBe(1)
  })

  it('has of ffmpeg’s own words only so many', () => {
    const failed = [{ what: 'h264_nvenc', why: 'x'.repeat(5_000) }]
    const reply = createCapabilityDesk(
      new Source(new Map([['nvidia', { ...card, failed }]])),
      () => {},
    ).tell()
    const told = reply.ok ? reply.capabilities?.nvidia?.failed : undefined
    expect(told).toEqual([{ what: 'h264_nvenc', why: 'x'.repeat(1_000) }])
  })
})
