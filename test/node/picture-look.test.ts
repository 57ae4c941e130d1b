import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPictureLook } from '../../src/node/picture-look.ts'

const run = promisify(execFile)
let folder: string

/** Ten seconds of film, of which the first four are black. */
const film = () => join(folder, 'film.mkv')

async function segment(picture: string, codec = 'libx264'): Promise<Buffer[]> {
  const path = join(folder, `${picture.replaceAll(/\W/g, '')}.ts`)
  const input = ['-f', 'lavfi', '-i', `${picture},trim=duration=1`]
  await run('ffmpeg', ['-v', 'error', '-y', ...input, '-pix_fmt', 'yuv420p', '-c:v', codec, path])
  return [await readFile(path)]
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-look-'))
  const source = "testsrc2=size=320x180:rate=25:duration=10,drawbox=t=fill:color=black:enable='lt(t,4)'"
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, '-g', '50', film()])
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const look = (path = film(), command: readonly [string, ...string[]] = ['ffmpeg']) =>
  createPictureLook({ command, film: path, stream: 0, inputOptions: () => [] })

describe('a picture of one colour', () => {
  it.each(['black', 'green', 'purple', 'gray'])(
    '%s is none of the film, where that has another',
    async (colour) => {
      const fault = await look().faultOf(await segment(`color=${colour}:size=320x180:rate=25`), 6)
      expect(fault).toMatch(/^its picture is of one colour \(Y \d+, U \d+, V \d+\) where the film's is not$/)
    },
  )

  it('is the film’s where that is as empty, and at a cut, where a picture more or less decides', async () => {
    const black = await segment('color=black:size=320x180:rate=25')
    for (const seconds of [0, 2, 3.96, 4, 4.04]) expect(await look().faultOf(black, seconds)).toBeNull()
  })

  it('is held against nobody where the film cannot be read, or is over', async () => {
    const black = await segment('color=black:size=320x180:rate=25')
    expect(await look(join(folder, 'none.mkv')).faultOf(black, 6)).toBeNull()
    expect(await look().faultOf(black, 60)).toBeNull()
    expect(await look(film(), [join(folder, 'no-ffmpeg')]).faultOf(black, 6)).toBeNull()
  })
})

it('a picture with something in it is not compared with anything, nor is a segment without pictures', async () => {
  const nowhere = look(join(folder, 'none.mkv'))
  expect(await nowhere.faultOf(await segment('testsrc2=size=320x180:rate=25'), 6)).toBeNull()
  expect(await nowhere.faultOf([Buffer.alloc(1880)], 6)).toBeNull()
})
