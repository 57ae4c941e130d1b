import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

  /** What it makes on a processor that has these instructions alone. */
  function filteredWith(flags: string): Buffer {
    const args = ['-f', 'rawvideo', '-pix_fmt', 'p010le', '-s', size, '-i', raw]
    const graph = ['-vf', `${hdr10},tonemap_paceline=mode=itp`, '-pix_fmt', 'nv12', '-f', 'rawvideo', '-']
    return run(ffmpeg ?? '', ['-cpuflags', flags, '-v', 'error', '-nostdin', ...args, ...graph])
  }

  it.each(['none', 'sse2', 'sse4.2'])(
    'gives the same on a processor without fused multiply-add, but for a last digit: %s',
    (flags) => {
      const whole = filtered('tonemap_paceline=mode=itp', 'nv12')
      const few = filteredWith(flags)
      expect(few.length).toBe(whole.length)
      expect(few.every((code, i) => Math.abs(code - (whole[i] ?? 0)) <= 1)).toBe(true)
      expect(few.filter((code, i) => code !== whole[i]).length).toBeLessThan(whole.length / 1000)
    },
  )

  it('gives the very same by AVX2 as by whatever this processor has', () => {
    const whole = filtered('tonemap_paceline=mode=itp', 'nv12')
    expect(filteredWith('avx2+fma3').equals(whole)).toBe(true)
  })

  it('says what it takes for granted of pictures that say otherwise', () => {
    const from = ['-f', 'rawvideo', '-pix_fmt', 'p010le', '-s', size, '-i', raw]
    const graph = 'setparams=color_primaries=smpte432:colorspace=bt709,tonemap_paceline'
    const args = ['-v', 'warning', '-nostdin', ...from, '-vf', graph, '-f', 'null', '-']
    const { stderr } = spawnSync(ffmpeg ?? '', args, { encoding: 'utf8' })
    expect(stderr).toMatch(/does not say what its transfer is; it is taken for PQ\./)
    expect(stderr).toMatch(/The matrix of the input is tagged bt709 and taken for bt2020nc\./)
    expect(stderr).toMatch(/The primaries of the input are tagged smpte432 and taken for bt2020\./)
    expect(stderr.split('is taken for PQ').length).toBe(2)
  })

  it('tags what it makes as BT.709 and says nothing of HDR any more', () => {
    const [film, sdr] = [join(place, 'hdr10.mkv'), join(place, 'sdr.mkv')]
    const colour = 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'
    const light =
      'master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400'
    const words = `log-level=none:hdr10=1:${colour}:${light}`
    const from = ['-f', 'rawvideo', '-pix_fmt', 'p010le', '-s', size, '-i', raw]
    run(ffmpeg ?? '', ['-v', 'error', ...from, '-c:v', 'libx265', '-x265-params', words, film])

    const graph = ['-vf', 'showinfo@before,tonemap_paceline,showinfo@after']
    const args = ['-nostdin', '-i', film, ...graph, '-c:v', 'libx264', sdr]
    const { stderr, status } = spawnSync(ffmpeg ?? '', args, { encoding: 'utf8' })
    expect(status).toBe(0)
    const said = (name: string) =>
      stderr
        .split('\n')
        .filter((line) => line.startsWith(`[showinfo@${name} `))
        .join('\n')
    expect(said('before')).toMatch(/side data - mastering display/i)
    expect(said('before')).toMatch(/side data - content light/i)
    expect(said('after')).toMatch(/color_range:tv color_space:bt709 color_primaries:bt709 color_trc:bt709/)
    expect(said('after')).not.toMatch(/side data - (mastering|content light)/i)
    const probed = run('ffprobe', ['-v', 'error', '-show_streams', '-show_frames', sdr]).toString()
    expect(probed).toMatch(/color_transfer=bt709/)
    expect(probed).not.toMatch(/Mastering display|Content light/i)
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
