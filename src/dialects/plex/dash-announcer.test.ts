import { describe, expect, it } from 'vitest'
import { openDashAnnouncer } from './dash-announcer.ts'
import { parseDashName } from './dash-name.ts'
import type { DashSegment } from './dash-segment.ts'
import type { StagedSegment } from './segment-announcer.ts'

const listing = {
  initName: parseDashName('init-stream$RepresentationID$.m4s', 'init')!,
  mediaName: parseDashName('chunk-stream$RepresentationID$-$Number%05d$.m4s', 'media')!,
  windowSize: 5,
}

/** An announcer whose deeds are written down in order. */
function openStage() {
  const deeds: string[] = []
  const bodies: string[] = []
  const announcer = openDashAnnouncer({
    ...{ listing, firstSegment: 31, segmentSeconds: 8, wallClock: () => 0 },
    folder: {
      create: async (name) => void deeds.push(`create ${name}`),
      place: async (name, bytes) => void deeds.push(`place ${name} of ${bytes.length}`),
    },
    postManifest: async (body) => {
      deeds.push('post')
      bodies.push(body)
    },
    onAnnounce: ({ segment }) => void deeds.push(`announce ${segment}`),
  })
  const publish = (segment: StagedSegment) =>
    announcer.publish(segment, async () => void deeds.push('report'))
  return { deeds, bodies, announcer, publish }
}

function dashOf(number: number, sound: readonly number[], soundInit = true): DashSegment {
  const media = (each: number, duration: number) => ({
    ...{ number: each, start: (each - 1) * duration, duration, bytes: Buffer.alloc(each) },
  })
  return {
    picture: media(number, 122_880),
    sound: sound.map((each) => media(each, 384_000)),
    ...{ pictureInit: Buffer.alloc(7), soundInit: soundInit ? Buffer.alloc(8) : null },
    pictures: {
      ...{ codecs: 'avc1.64001e', bandwidth: null, timescale: 15_360, frameRate: { num: 30, den: 1 } },
      ...{ size: { width: 720, height: 404 }, sampleAspectRatio: { width: 1, height: 1 } },
    },
    heard: { codecs: 'mp4a.40.2', bandwidth: 162_000, timescale: 48_000, samplingRate: 48_000, channels: 2 },
  }
}

function segmentOf(number: number, dash: DashSegment, last = false): StagedSegment {
  const times = { startSeconds: 0, endSeconds: 8, endAudioSeconds: 8, endVideoSeconds: 8 }
  return { segment: number, bytes: Buffer.alloc(0), ...times, last, dash }
}

describe('the files of DASH', () => {
  it('are in place before the manifest is posted, init segments first and once', async () => {
    const { deeds, publish } = openStage()
    await publish(segmentOf(31, dashOf(31, [31])))
    await publish(segmentOf(32, dashOf(32, [32, 33])))
    expect(deeds).toEqual([
      ...['place init-stream0.m4s of 7', 'place init-stream1.m4s of 8'],
      ...['place chunk-stream0-00031.m4s of 31', 'place chunk-stream1-00031.m4s of 31'],
      ...['report', 'announce 31', 'post'],
      ...['place chunk-stream0-00032.m4s of 32', 'place chunk-stream1-00032.m4s of 32'],
      ...['place chunk-stream1-00033.m4s of 33', 'report', 'announce 32', 'post'],
    ])
  })
  it('have an empty init segment for sound that is still to come', async () => {
    const { deeds, bodies, publish } = openStage()
    await publish(segmentOf(31, dashOf(31, [], false)))
    await publish(segmentOf(32, dashOf(32, [], false)))
    await publish(segmentOf(33, dashOf(33, [31])))
    expect(deeds.filter((deed) => deed.includes('stream1'))).toEqual([
      ...['create init-stream1.m4s', 'place init-stream1.m4s of 8', 'place chunk-stream1-00031.m4s of 31'],
    ])
    expect(bodies[0]).toContain('contentType="audio"')
  })
  it('are refused out of order, and without fragments', async () => {
    const { deeds, publish } = openStage()
    await expect(publish(segmentOf(32, dashOf(32, [])))).rejects.toThrow('segment 32 instead of 31')
    const { dash: _, ...bare } = segmentOf(31, dashOf(31, []))
    await expect(publish(bare)).rejects.toThrow(RangeError)
    expect(deeds).toEqual([])
  })
  it('that cannot be written are not announced', async () => {
    const stage = openStage()
    const announcer = openDashAnnouncer({
      ...{ listing, firstSegment: 31, segmentSeconds: 8, wallClock: () => 0 },
      folder: { create: async () => {}, place: () => Promise.reject(new Error('no room')) },
      postManifest: async () => void stage.deeds.push('post'),
      onAnnounce: () => void stage.deeds.push('announce'),
    })
    const segment = segmentOf(31, dashOf(31, [31]))
    await expect(announcer.publish(segment, async () => {})).rejects.toThrow('no room')
    expect(stage.deeds).toEqual([])
  })
})

describe('the manifest of a session', () => {
  it('is dynamic until the last segment', async () => {
    const { bodies, publish, announcer } = openStage()
    await announcer.opened({ segment: 31, startSeconds: 240 })
    await publish(segmentOf(31, dashOf(31, [31])))
    await publish(segmentOf(32, dashOf(32, [32]), true))
    expect(bodies.map((body) => /type="(\w+)"/.exec(body)?.[1])).toEqual(['dynamic', 'static'])
    expect(bodies[0]).toContain('startNumber="31"')
    expect(bodies[1]).toContain('mediaPresentationDuration="PT16.0S"')
  })
  it('lists the last five', async () => {
    const { bodies, publish } = openStage()
    for (let number = 31; number < 38; number += 1) await publish(segmentOf(number, dashOf(number, [number])))
    expect(bodies.at(-1)).toContain('startNumber="33"')
    expect(bodies.at(-1)).toContain('<S t="3932160" d="122880" r="4" />')
  })
})
