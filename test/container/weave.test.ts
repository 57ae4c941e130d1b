import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectSegment } from '../../src/container/mpegts/inspect.ts'
import { packetOffsets, readPacketHeader } from '../../src/container/mpegts/packet.ts'
import { audioPid, readProgramMap, videoPid } from '../../src/container/mpegts/tables.ts'
import { readAccessUnits } from '../../src/container/mpegts/units.ts'
import { createWeaver } from '../../src/container/mpegts/weave.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-weave-'))
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=4']
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=4']
  const container = ['-f', 'segment', '-segment_format', 'mpegts', '-max_delay', '5000000']
  const offset = ['-segment_format_options', 'output_ts_offset=10']
  const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-force_key_frames', '0,2']
  ffmpeg([...picture, ...x264, ...container, ...offset, '-segment_frames', '50', join(folder, 'v%d.ts')])
  const single = ['-segment_format_options', 'output_ts_offset=10:pes_payload_size=0']
  ffmpeg([...sound, '-c:a', 'aac', ...container, ...single, '-segment_times', '2', join(folder, 'a%d.ts')])
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function ffmpeg(args: string[]): void {
  execFileSync('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args])
}

function probePackets(path: string, stream: string): string[] {
  const args = [
    '-v',
    'error',
    '-select_streams',
    stream,
    '-show_entries',
    'packet=pts,dts,size,flags',
    '-of',
    'csv=p=0',
  ]
  return execFileSync('ffprobe', [...args, path])
    .toString()
    .split('\n')
    .map((row) => row.replace(/,$/, ''))
    .filter(Boolean)
}

const read = (name: string): Buffer => readFileSync(join(folder, name))

describe('weaving sound into segments made by different processes', () => {
  it('keeps every picture as the encoder wrote it and every frame of sound with its time', () => {
    const weaver = createWeaver(soundStream())
    const woven = [0, 1].map((n) => weaver.weave(read(`v${n}.ts`), soundOf(n)))
    writeFileSync(join(folder, 'woven.ts'), Buffer.concat(woven))

    const pictures = probePackets(join(folder, 'woven.ts'), 'v:0')
    expect(pictures.length).toBe(100)
    expect(pictures).toEqual([
      ...probePackets(join(folder, 'v0.ts'), 'v:0'),
      ...probePackets(join(folder, 'v1.ts'), 'v:0'),
    ])
    const sound = probePackets(join(folder, 'woven.ts'), 'a:0')
    expect(sound.length).toBe(soundOf(0).length + soundOf(1).length)
    expect(sound.map(Number.parseFloat)).toEqual([...soundOf(0), ...soundOf(1)].map((unit) => unit.pts))
  })

  it('lets continuity counters run on over the seam on every PID', () => {
    const weaver = createWeaver(soundStream())
    const bytes = Buffer.concat([
      weaver.weave(read('v0.ts'), soundOf(0)),
      weaver.weave(read('v1.ts'), soundOf(1)),
    ])
    const last = new Map<number, number>()
    for (const offset of packetOffsets(bytes)) {
      const header = readPacketHeader(bytes, offset)
      const counter = bytes[offset + 3]! & 0x0f
      const previous = last.get(header.pid)
      if (header.hasPayload && previous !== undefined) expect(counter).toBe((previous + 1) & 0x0f)
      last.set(header.pid, counter)
    }
    expect([...last.keys()].sort((a, b) => a - b)).toEqual([0, 17, videoPid, audioPid, 0x1000])
  })

  it('decodes without a complaint from FFmpeg', () => {
    const weaver = createWeaver(soundStream())
    const path = join(folder, 'decoded.ts')
    writeFileSync(path, Buffer.concat([0, 1].map((n) => weaver.weave(read(`v${n}.ts`), soundOf(n)))))
    const complaints = execFileSync('ffmpeg', ['-v', 'warning', '-xerror', '-i', path, '-f', 'null', '-'], {
      stdio: 'pipe',
    })
    expect(complaints.toString()).toBe('')
  })

  it('writes no sound stream for a silent session', () => {
    const woven = createWeaver(null).weave(read('v0.ts'), [])
    expect(readProgramMap(woven).map((stream) => stream.pid)).toEqual([videoPid])
  })
})

describe('inspecting a segment', () => {
  it('counts pictures and finds the first and last presentation time', () => {
    const facts = inspectSegment(read('v1.ts'))
    const times = probePackets(join(folder, 'v1.ts'), 'v:0').map((row) => Number(row.split(',')[0]))
    expect(facts.units).toBe(50)
    expect(facts.firstPts).toBe(Math.min(...times))
    expect(facts.lastPts).toBe(Math.max(...times))
  })

  it('refuses bytes that end inside a packet', () => {
    const whole = read('v0.ts')
    expect(() => inspectSegment(whole.subarray(0, whole.length - 10))).toThrow(/whole packets/)
  })

  it('sees that pictures are missing at the end of a segment cut at a packet', () => {
    const whole = read('v0.ts')
    expect(inspectSegment(whole.subarray(0, 188 * 20)).units).toBeLessThan(50)
  })

  it('is not a transport stream when the bytes are something else', () => {
    expect(() => inspectSegment(Buffer.alloc(188 * 3, 7))).toThrow(/sync byte/)
    expect(readdirSync(folder).length).toBeGreaterThan(3)
  })
})

function soundStream() {
  return readProgramMap(read('a0.ts'))[0]!
}

function soundOf(segment: number) {
  const bytes = read(`a${segment}.ts`)
  return readAccessUnits(bytes, readProgramMap(bytes)[0]!.pid)
}
