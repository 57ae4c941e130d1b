import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { assumedMedia } from './assumed-media.ts'

const pictureOf = (...args: readonly string[]) =>
  assumedMedia(parseCommand(['-i', '/film.mkv', ...args, '/out.mp4']))[0]!.streams[0]

const graphs = [
  ['-filter_complex', '[0:0]format=p010,tonemap=mobius[1]', '-map', '[1]'],
  ['-map', '0:0', '-vf', 'hwmap=derive_device=opencl,tonemap_opencl=format=nv12'],
  ['-map', '0:0', '-vf', 'libplacebo=tonemapping=bt.2390'],
  ['-map', '0:0', '-vf', 'scale_vt=w=1280:h=720:color_matrix=bt709:color_transfer=bt709'],
  ['-map', '0:0', '-vf', 'vpp_qsv=tonemap=1:format=nv12'],
]

describe('a film that is not there', () => {
  it.each(graphs)('is in HDR10 for %s %s %s %s', (...args) => {
    expect(pictureOf(...args)).toMatchObject({
      ...{ codec: 'hevc', bitsPerRawSample: 10, peakNits: 1000, gradedNits: 1000 },
    })
  })

  it('is a plain one where no tones are mapped', () => {
    const plain = pictureOf('-map', '0:0', '-vf', 'scale_vt=w=1280:h=720')
    expect(plain).toMatchObject({ codec: 'h264', bitsPerRawSample: 8 })
    expect(plain).not.toHaveProperty('gradedNits')
  })
})
