import { describe, expect, it } from 'vitest'
import { type Listing, listedDevices, listedNames, unlistedIn } from './proof-listing.ts'

describe('what ffmpeg lists', () => {
  it('is read off its encoders, without the legend above them', () => {
    const text = [
      'Encoders:',
      ' V..... = Video',
      ' ------',
      ' V....D libx264              libx264 H.264 / AVC (codec h264)',
      ' A....D aac                  AAC (Advanced Audio Coding)',
    ].join('\n')
    expect([...listedNames(text)]).toEqual(['libx264', 'aac'])
  })

  it('is read off its filters, of old versions and of new ones', () => {
    const text = [
      'Filters:',
      '  T.. = Timeline support',
      ' ..C scale             V->V       Scale.',
      ' TS yadif_cuda        V->V       x',
    ].join('\n')
    expect([...listedNames(text)]).toEqual(['scale', 'yadif_cuda'])
  })

  it('is read off its kinds of devices', () => {
    expect([...listedDevices('Hardware acceleration methods:\nvdpau\ncuda\n\n')]).toEqual(['vdpau', 'cuda'])
  })
})

const listing: Listing = {
  encoders: new Set(['libx264']),
  decoders: new Set(['h264_nvmpi']),
  filters: new Set(['fps', 'scale']),
  devices: new Set(['cuda']),
}

describe('what a command needs and a binary does not list', () => {
  it.each<[string, readonly string[]]>([
    ['this ffmpeg has no device rkmpp', ['-init_hw_device', 'rkmpp=rk', '-i', 'x']],
    ['this ffmpeg has no device vaapi', ['-init_hw_device', 'vaapi=va:,driver=iHD', '-i', 'x']],
    ['this ffmpeg has no device nvtegra', ['-hwaccel', 'nvtegra', '-i', 'x']],
    ['this ffmpeg has no decoder hevc_nvmpi', ['-c:v', 'hevc_nvmpi', '-i', 'x']],
    ['this ffmpeg has no encoder h264_nvmpi', ['-i', 'x', '-c:v', 'h264_nvmpi']],
    ['this ffmpeg has no filter scale_cuda', ['-i', 'x', '-vf', 'fps=25,scale_cuda=w=2:h=2']],
  ])('is named: %s', (words, args) => {
    expect(unlistedIn(args, listing)).toBe(words)
  })

  it('is nothing where all is there', () => {
    const args = ['-init_hw_device', 'cuda=cu:0', '-c:v', 'h264_nvmpi', '-i', 'x', '-vf', 'fps=25,scale=w=2']
    expect(unlistedIn([...args, '-c:v', 'libx264'], listing)).toBeNull()
  })
})
