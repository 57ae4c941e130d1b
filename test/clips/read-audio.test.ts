import { describe, expect, it } from 'vitest'
import { toNumber } from '../../src/media/rational.ts'
import { makeClip } from './make-clip.ts'
import { type AudioRead, readAudio } from './read-audio.ts'

const sounds = [
  { audio: 'aac-48000', sampleRate: 48_000, samplesPerPacket: 1_024 },
  { audio: 'aac-44100', sampleRate: 44_100, samplesPerPacket: 1_024 },
  { audio: 'ac3', sampleRate: 48_000, samplesPerPacket: 1_536 },
] as const

/** Zero crossings upwards of the left channel, a second: the frequency of one tone. */
function frequency({ samples, channels, sampleRate }: AudioRead, channel: number): number {
  const frames = samples.length / channels
  let crossings = 0
  for (let index = 1; index < frames; index += 1) {
    if (samples[(index - 1) * channels + channel]! < 0 && samples[index * channels + channel]! >= 0)
      crossings += 1
  }
  return (crossings * sampleRate) / frames
}

describe('readAudio', () => {
  it.each(
    sounds.flatMap((sound) => (['mp4', 'mkv', 'ts'] as const).map((container) => ({ ...sound, container }))),
  )('reads packets and samples of %o', async ({ audio, sampleRate, samplesPerPacket, container }) => {
    const sound = await readAudio(await makeClip({ audio, container, seconds: 4 }))
    expect(sound).toMatchObject({ sampleRate, channels: 2 })
    const packets = Math.ceil((4 * sampleRate) / samplesPerPacket)
    expect(sound.packets.length).toBeGreaterThanOrEqual(packets)
    expect(sound.packets.length).toBeLessThanOrEqual(packets + 1)
    const step = samplesPerPacket / sampleRate / toNumber(sound.timeBase)
    for (const [index, { pts, size }] of sound.packets.entries()) {
      expect(Math.abs(pts - sound.packets[0]!.pts - index * step)).toBeLessThan(2)
      expect(size).toBeGreaterThan(0)
    }
    expect(Math.abs(sound.samples.length / 2 - 4 * sampleRate)).toBeLessThanOrEqual(2 * samplesPerPacket)
  })

  it('decodes the tones that the clip was made with, left and right', async () => {
    const sound = await readAudio(await makeClip({ audio: 'aac-48000', container: 'mp4', seconds: 4 }))
    // Four seconds are one whole glide up and down, so the mean is the middle.
    expect(Math.abs(frequency(sound, 0) - 440)).toBeLessThan(2)
    expect(Math.abs(frequency(sound, 1) - 660)).toBeLessThan(2)
    const power = sound.samples.reduce((sum, sample) => sum + sample * sample, 0) / sound.samples.length
    expect(Math.sqrt(power)).toBeCloseTo(0.4 / Math.SQRT2, 1)
  })

  it('says that there is no sound', async () => {
    await expect(readAudio(await makeClip({ seconds: 2 }))).rejects.toThrow(/has no sound/)
  })
})
