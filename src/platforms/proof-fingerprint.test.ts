import { describe, expect, it } from 'vitest'
import { differences, fingerprintText, type MachineFacts } from './proof-fingerprint.ts'

const machine: MachineFacts = {
  ffmpeg: { path: '/usr/bin/ffmpeg', size: 1, modifiedMs: 2, version: 'ffmpeg version 7.1' },
  drivers: ['libcuda.so.1 550', 'libva.so.2 2.17'],
  kernel: '6.1.0',
  devices: ['/dev/dri/renderD128', '/dev/nvidia0'],
}

const changed: readonly (readonly [string, Partial<MachineFacts>])[] = [
  ['ffmpeg', { ffmpeg: { ...machine.ffmpeg, path: '/opt/ffmpeg' } }],
  ['ffmpeg', { ffmpeg: { ...machine.ffmpeg, size: 2 } }],
  ['ffmpeg', { ffmpeg: { ...machine.ffmpeg, modifiedMs: 3 } }],
  ['ffmpeg', { ffmpeg: { ...machine.ffmpeg, version: 'ffmpeg version 8.0' } }],
  ['drivers', { drivers: ['libcuda.so.1 560', 'libva.so.2 2.17'] }],
  ['drivers', { drivers: ['libva.so.2 2.17'] }],
  ['the kernel', { kernel: '6.2.0' }],
  ['devices', { devices: ['/dev/dri/renderD128'] }],
]

describe('what a proof depends on', () => {
  it.each(changed)('is another machine when %s changes: %j', (name, change) => {
    const now = { ...machine, ...change }
    expect(fingerprintText(now)).not.toBe(fingerprintText(machine))
    expect(differences(machine, now)).toEqual([name])
  })

  it('is the same in whatever order a folder lists its files', () => {
    const again = {
      ...machine,
      ...{ drivers: machine.drivers.toReversed(), devices: machine.devices.toReversed() },
    }
    expect(fingerprintText(again)).toBe(fingerprintText(machine))
    expect(differences(machine, again)).toEqual([])
  })
})
