import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, mapped, noise, root, run } from './cpu-filter-tools.ts'

const bundle = join(root, '.cache', 'ffmpeg', 'out', 'paceline-ffmpeg-arm64.tar.xz')
const emulator = '/usr/bin/qemu-aarch64-static'
const ffmpeg = '/opt/paceline/bin/ffmpeg'

const absent = !existsSync(bundle)
  ? '`npm run build:ffmpeg` has not been run'
  : !existsSync(emulator)
    ? `there is no ${emulator} (apt-get install qemu-user-static)`
    : process.getuid?.() !== 0
      ? 'only root may change the root folder'
      : undefined
if (absent !== undefined) console.warn(`The arm64 bundle is not tried: ${absent}.`)

describe.skipIf(absent !== undefined)('the bundle for arm64', () => {
  const place = mkdtempSync(join(tmpdir(), 'paceline-arm64-'))

  beforeAll(() => {
    run('tar', ['-xJf', bundle, '-C', place])
    for (const folder of ['proc', 'dev']) {
      mkdirSync(join(place, folder))
      run('mount', ['--bind', `/${folder}`, join(place, folder)])
    }
    // The emulator stands for the processor; nothing in the bundle knows of it.
    copyFileSync(emulator, join(place, 'qemu'))
  })
  afterAll(() => {
    for (const folder of ['proc', 'dev']) spawnSync('umount', ['-l', join(place, folder)])
    rmSync(place, { recursive: true })
  })

  /** Runs the bundle's program where there is nothing else. */
  function inside(args: readonly string[]) {
    return spawnSync('chroot', [place, '/qemu', ffmpeg, ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  }

  it('holds one folder below /opt and nothing else', () => {
    expect(readdirSync(place).sort()).toEqual(['dev', 'opt', 'proc', 'qemu'])
    expect(readdirSync(join(place, 'opt'))).toEqual(['paceline'])
    expect(readdirSync(join(place, 'opt', 'paceline')).sort()).toEqual(['bin', 'lib'])
  })

  it('starts with its own loader and C library', () => {
    const { status, stdout, stderr } = inside(['-hide_banner', '-version'])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^ffmpeg version .*paceline/)
  })

  it('transcodes with a tone map', () => {
    const source =
      'testsrc2=s=320x180:r=24:d=0.5,format=yuv420p10,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc'
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'mpegts', '/out.ts']
    const graph = ['-vf', 'scale=160:90,tonemap_paceline=mobius']
    const { status, stderr } = inside([
      '-v',
      'error',
      '-nostdin',
      '-f',
      'lavfi',
      '-i',
      source,
      ...graph,
      ...encode,
    ])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const show = [
      '-v',
      'error',
      '-count_frames',
      '-show_entries',
      'stream=nb_read_frames,color_transfer,pix_fmt',
    ]
    const probed = run('ffprobe', [...show, '-of', 'json', join(place, 'out.ts')])
    expect(JSON.parse(probed.toString()).streams[0]).toMatchObject({
      nb_read_frames: '12',
      color_transfer: 'bt709',
      pix_fmt: 'yuv420p',
    })
  })

  it.each(['max', 'luma', 'rgb', 'itp'])(
    'makes the very pictures that the filter makes on a PC: mode %s',
    (mode) => {
      compile()
      const [width, height] = [320, 180]
      const frame = noise(width, height)
      writeFileSync(join(place, 'in.p010'), Buffer.from(frame.buffer))
      const from = ['-f', 'rawvideo', '-pix_fmt', 'p010le', '-s', `${width}x${height}`, '-i', '/in.p010']
      const graph = `setparams=color_trc=smpte2084:range=tv,tonemap_paceline=mode=${mode}:format=nv12`
      const { status, stderr } = inside([
        '-v',
        'error',
        '-y',
        ...from,
        '-vf',
        graph,
        '-f',
        'rawvideo',
        '/out.nv12',
      ])
      expect(stderr).toBe('')
      expect(status).toBe(0)
      const made = readFileSync(join(place, 'out.nv12'))
      expect(made.equals(mapped({ mode, size: `${width}x${height}` }, frame))).toBe(true)
    },
  )

  it('has the GPU filter too, for a board that brings libcuda', () => {
    const { stdout } = inside(['-hide_banner', '-filters'])
    expect(stdout).toMatch(/ tonemap_paceline_cuda +V->V/)
    const { stderr } = inside(['-v', 'error', '-init_hw_device', 'cuda'])
    expect(stderr).toMatch(/libcuda\.so\.1/)
  })
})
