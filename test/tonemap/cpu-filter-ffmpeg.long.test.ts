import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtFfmpeg, compile, mapped, noise, planar, run } from './cpu-filter-tools.ts'

const ffmpeg = builtFfmpeg()
if (ffmpeg === undefined)
  console.warn('The CPU filter is not tried in FFmpeg: `npm run build:ffmpeg` has not been run.')

const [width, height] = [320, 180]
const size = `${width}x${height}`
const hdr10 = 'setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv'

describe.skipIf(ffmpeg === undefined)('tonemap_paceline in the FFmpeg we built', () => {
  const place = mkdtempSync(join(tmpdir(), 'paceline-tonemap-'))
  const frame = noise(width, height)
  const raw = join(place, 'in.p010')
  const rawPlanar = join(place, 'in.yuv')

  beforeAll(() => {
    compile()
    writeFileSync(raw, Buffer.from(frame.buffer))
    writeFileSync(rawPlanar, Buffer.from(planar(frame, width, height).buffer))
  })
  afterAll(() => rmSync(place, { recursive: true }))

  /** The bytes of one frame after a filter graph. */
  function filtered(graph: string, format: string, input = 'p010le', file = raw) {
    const from = ['-f', 'rawvideo', '-pix_fmt', input, '-s', size, '-i', file]
    const to = ['-pix_fmt', format, '-f', 'rawvideo', '-']
    return run(ffmpeg ?? '', ['-v', 'error', '-nostdin', ...from, '-vf', `${hdr10},${graph}`, ...to])
  }

  /** What ffmpeg says of a graph it refuses. */
  function refusal(graph: string) {
    const from = ['-f', 'rawvideo', '-pix_fmt', 'p010le', '-s', size, '-i', raw]
    const args = ['-v', 'error', '-nostdin', ...from, '-vf', graph, '-f', 'null', '-']
    const { status, stderr } = spawnSync(ffmpeg ?? '', args, { encoding: 'utf8' })
    expect(status).not.toBe(0)
    return stderr
  }

  it.each([
    'tonemap=bt2390',
    'mobius',
    'mode=itp:peak=4000',
    'gamut=compress:mode=luma:desat=1',
    'dither=blue:black=0.1',
  ])('gives what its loops give alone, but for a last digit: %s', (options) => {
    const graph = `tonemap_paceline=${options}:format=nv12`
    const words = Object.fromEntries(
      options.split(':').map((option) => (option.includes('=') ? option.split('=') : ['tonemap', option])),
    )
    const alone = mapped({ ...words, size }, frame)
    // Compilers differ in which products and sums they make one instruction of.
    const off = filtered(graph, 'nv12').map((code, i) => Math.abs(code - (alone[i] ?? 0)))
    expect(off.length).toBe(alone.length)
    expect(Math.max(...off)).toBeLessThanOrEqual(1)
    expect(off.filter((code) => code > 0).length).toBeLessThan(alone.length / 1000)
  })

  it('gives the same with any number of threads, and from and to planar formats', () => {
    const one = filtered('tonemap_paceline=threads=1', 'nv12')
    expect(filtered('tonemap_paceline=threads=5', 'nv12').equals(one)).toBe(true)
    expect(filtered('tonemap_paceline', 'nv12', 'yuv420p10le', rawPlanar).equals(one)).toBe(true)
    const flat = filtered('tonemap_paceline=format=yuv420p', 'yuv420p')
    expect(flat.subarray(0, width * height).equals(one.subarray(0, width * height))).toBe(true)
  })

  it('tags what it makes as BT.709 and says nothing of HDR any more', () => {
    const file = join(place, 'sdr.mkv')
    const metadata =
      'color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv,format=yuv420p10,tonemap_paceline,showinfo'
    const from = ['-f', 'rawvideo', '-pix_fmt', 'p010le', '-s', size, '-i', raw]
    const args = ['-y', '-nostdin', ...from, '-vf', `setparams=${metadata}`, '-c:v', 'libx264', file]
    const { stderr, status } = spawnSync(ffmpeg ?? '', args, { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stderr).toMatch(/color_range:tv color_space:bt709 color_primaries:bt709 color_trc:bt709/)
    expect(stderr).not.toMatch(/side data - (Mastering|Content light)/)
    expect(readFileSync(file).length).toBeGreaterThan(0)
  })

  it('refuses in a sentence what it cannot do', () => {
    expect(refusal('tonemap_paceline=tonemap=aces')).toMatch(/tonemap.*aces|aces.*tonemap/s)
    expect(refusal('tonemap_paceline=peak=5')).toMatch(/'peak' out of range \[10 - 10000\]/)
    expect(refusal('tonemap_paceline=black=21')).toMatch(
      /black must be between 0 and a tenth of the target\./,
    )
    expect(refusal('tonemap_paceline=format=rgb24')).toMatch(/format must be yuv420p or nv12\./)
    expect(refusal('setparams=color_trc=bt709,tonemap_paceline')).toMatch(
      /tagged bt709, and only smpte2084 \(PQ\) and arib-std-b67 \(HLG\) can be tone mapped/,
    )
  })
})
