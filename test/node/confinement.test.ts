import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confined } from '../../src/node/confinement.ts'
import { makeClip } from '../clips/make-clip.ts'

const run = promisify(execFile)
let folder: string
/** Paths that were asked of a server of the neighbourhood, which no film has a reason to ask. */
let asked: string[]
let neighbour: ReturnType<typeof createServer>
let port: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-confinement-'))
  neighbour = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end('x'.repeat(100_000))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => neighbour.once('listening', resolve))
  port = (neighbour.address() as AddressInfo).port
})

afterAll(async () => {
  neighbour.closeAllConnections()
  neighbour.close()
  await rm(folder, { recursive: true, force: true })
})

/** Lets ffmpeg read a file; resolves with whether it liked it. */
async function read(path: string, bounds: readonly string[]): Promise<boolean> {
  const args = ['-nostdin', '-v', 'error', ...bounds, '-i', path, '-t', '0.2', '-f', 'null', '-']
  return run('ffmpeg', args, { timeout: 20_000 }).then(
    () => true,
    () => false,
  )
}

describe('an input', () => {
  it.each(['mp4', 'mkv', 'ts'] as const)('is read when it is a film in %s', async (container) => {
    const clip = await makeClip({ container })
    expect(await read(clip, confined.inputOptions(clip))).toBe(true)
  })

  it('that is a playlist makes ffmpeg ask nobody else', async () => {
    asked = []
    const playlist = join(folder, 'film.m3u8')
    const lines = ['#EXTM3U', '#EXT-X-TARGETDURATION:5', '#EXTINF:5,', `http://127.0.0.1:${port}/reboot.ts`]
    await writeFile(playlist, `${[...lines, '#EXT-X-ENDLIST'].join('\n')}\n`)
    expect(await read(playlist, confined.inputOptions(playlist))).toBe(false)
    expect(asked).toEqual([])
    // The same without bounds does, so the test sees what it looks for.
    await read(playlist, ['-protocol_whitelist', 'file,crypto,http,tcp'])
    expect(asked).not.toEqual([])
  })

  it('that is a list of other files makes ffmpeg open none of them', async () => {
    const clip = await makeClip({ container: 'mp4' })
    const list = join(folder, 'film.ffconcat')
    await writeFile(list, `ffconcat version 1.0\nfile '${clip}'\n`)
    expect(await read(list, confined.inputOptions(list))).toBe(false)
    expect(await read(list, ['-safe', '0'])).toBe(true)
  })

  it('from the agent may not lead to a file of the node', async () => {
    const clip = await makeClip({ container: 'mp4' })
    expect(await read(clip, confined.inputOptions('http://127.0.0.1:1/in/x/0'))).toBe(false)
    expect((await readFile(clip)).length).toBeGreaterThan(0)
  })
})
