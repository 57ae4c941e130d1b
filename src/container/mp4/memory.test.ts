import { deserialize, serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { createFragmentAssembler, type FragmentMemory } from './assembler.ts'
import { pictureFile, sampleOffsetSeconds, soundFile } from './testing/sample-stream.ts'
import { createSampleWeaver, type SampleWeaverMemory } from './woven-samples.ts'

const rate = { num: 25, den: 1 }
/** Pictures in a segment: one second. */
const pictures = 25
const segments = 6
const order = Array.from({ length: pictures }, (_, slot) => slot)
const video = (segment: number) => pictureFile({ rate, firstSlot: segment * pictures, order })
/** Sound in files that end a little behind each segment's pictures. */
const sound = (segment: number) => {
  const from = Math.ceil((segment * 48_000) / 1024)
  const to = Math.ceil(((segment + 1) * 48_000) / 1024)
  return soundFile(Array.from({ length: to - from }, (_, index) => (from + index) * 1024 - 1024))
}
const place = (segment: number) => ({
  firstSlot: segment * pictures,
  nextSlot: segment === segments - 1 ? null : (segment + 1) * pictures,
})

/** What is left when only bytes pass from one process to another. */
const written = <T>(memory: T): T => deserialize(serialize(memory)) as T

const fragments = (memory?: FragmentMemory) =>
  createFragmentAssembler({
    ...{ rate, offsetSeconds: sampleOffsetSeconds, segmentSeconds: 1, firstNumber: 4, soundBitrate: 128_000 },
    memory,
  })

const samples = (memory?: SampleWeaverMemory) =>
  createSampleWeaver({ rate, offsetSeconds: sampleOffsetSeconds, memory })

const all = Array.from({ length: segments }, (_, segment) => segment)
const places = Array.from({ length: segments }, (_, segment) => segment)

describe('what an assembler remembers', () => {
  it.each(places)('lets another one make the same fragments from segment %i on', (from) => {
    let assembler = fragments()
    const whole = all.map((segment) => {
      assembler.addSound(sound(segment))
      return assembler.assemble(video(segment), place(segment))
    })
    const inits = { picture: assembler.picture, sound: assembler.sound }
    assembler = fragments()
    const parted = all.map((segment) => {
      if (segment === from) assembler = fragments(written(assembler.memory()))
      assembler.addSound(sound(segment))
      return assembler.assemble(video(segment), place(segment))
    })
    expect(parted).toEqual(whole)
    expect({ picture: assembler.picture, sound: assembler.sound }).toEqual(inits)
  })

  it.each(places)('lets another one weave the same samples from segment %i on', (from) => {
    let weaver = samples()
    const whole = all.map((segment) => {
      weaver.addSound(sound(segment))
      return weaver.take(video(segment), place(segment))
    })
    weaver = samples()
    const parted = all.map((segment) => {
      if (segment === from) weaver = samples(written(weaver.memory()))
      weaver.addSound(sound(segment))
      return weaver.take(video(segment), place(segment))
    })
    expect(parted).toEqual(whole)
    expect(whole.every((woven) => woven.sound.length > 40)).toBe(true)
  })

  it('knows both tracks before the first segment that the other one makes', () => {
    const assembler = fragments()
    assembler.addSound(sound(0))
    assembler.assemble(video(0), place(0))
    const other = fragments(written(assembler.memory()))
    expect(other.picture?.init).toEqual(assembler.picture?.init)
    expect(other.sound?.init).toEqual(assembler.sound?.init)
  })
})
