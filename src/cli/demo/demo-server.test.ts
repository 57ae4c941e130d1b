import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DemoServer, startDemoServer } from './demo-server.ts'

let folder: string
let server: DemoServer

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-demo-server-'))
  server = await startDemoServer(folder)
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const put = (suffix: string) =>
  fetch(server.jobUrl + suffix, { method: 'PUT', headers: { range: 'bytes=0-' } })
const post = (suffix: string, body = '') => fetch(server.jobUrl + suffix, { method: 'POST', body })
const get = (name: string) => fetch(server.url + name)

describe('the media server of a demonstration', () => {
  it.each([
    '/progress?progress=0.6',
    '/progress?duration=20.0',
    '/progress/stream?index=0',
    '/progress/streamDetail?index=0',
  ])('answers PUT %s as Plex does', async (suffix) => {
    const reply = await put(suffix)
    const text = await reply.text()
    expect(reply.status).toBe(206)
    expect(reply.headers.get('content-length')).toBe(String(text.length))
    expect(text).toContain('<MediaContainer size="0">')
    expect(text).not.toContain('canThrottle')
  })

  it('takes segment lists and knows how much of the film there is', async () => {
    expect(
      (await post('/manifest?X-Plex-Http-Pipeline=infinite', 'media-00000.ts,0.0,3.0,3.0,3.0\n')).status,
    ).toBe(200)
    expect(server.rows()).toEqual([{ name: 'media-00000.ts', startSeconds: 0, endSeconds: 3 }])
    expect(server.announcedSeconds()).toBe(3)
  })

  it('keeps what is logged, up to a limit', async () => {
    await post('/progress/log?level=0&message=Error%20opening%20input')
    expect(server.messages()).toEqual(['Error opening input'])
    for (let line = 0; line < 60; line += 1) await post('/progress/log?level=0&message=more')
    expect(server.messages().length).toBe(50)
  })

  it('refuses calls that are none, and jobs that are not its own', async () => {
    expect((await put('/seek')).status).toBe(404)
    expect((await post('/progress')).status).toBe(404)
    const other = `${server.url}video/:/transcode/session/demo/other/manifest`
    expect((await fetch(other, { method: 'POST', body: 'media-00000.ts,0.0,3.0\n' })).status).toBe(404)
    expect((await fetch(`${server.jobUrl}/manifest`, { method: 'DELETE' })).status).toBe(404)
    expect(server.rows()).toEqual([])
  })

  it('does not read a body without end', async () => {
    const reply = await post('/manifest', 'x'.repeat(1_000_000)).catch(() => null)
    expect(reply?.status ?? 413).toBe(413)
    expect((await get('')).status).toBe(200)
  })
})

describe('what players get', () => {
  beforeEach(async () => {
    await writeFile(join(folder, 'media-00000.ts'), 'first')
    await writeFile(join(folder, 'media-00001.ts'), 'not announced')
    await post('/manifest', 'media-00000.ts,0.0,3.0,3.0,3.0\n#media-00001.ts,3.0,3.0,3.0,3.0\n')
  })

  it('is a playlist that is closed when the job has finished', async () => {
    expect(await (await get('index.m3u8')).text()).not.toContain('#EXT-X-ENDLIST')
    server.finish()
    const reply = await get('index.m3u8')
    expect(reply.headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
    expect(await reply.text()).toContain('#EXT-X-ENDLIST')
  })

  it('is each announced segment', async () => {
    const reply = await get('media-00000.ts')
    expect(reply.headers.get('content-type')).toBe('video/mp2t')
    expect(await reply.text()).toBe('first')
    const head = await fetch(`${server.url}media-00000.ts`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '5'])
  })

  it.each(['media-00001.ts', '..%2f..%2fetc%2fpasswd', 'original-transcoder', 'media-00000.ts/'])(
    'is never %s',
    async (name) => {
      expect((await get(name)).status).toBe(404)
    },
  )

  it('ends the connection where an announced segment has gone', async () => {
    await rm(join(folder, 'media-00000.ts'))
    await expect(get('media-00000.ts').then((reply) => reply.text())).rejects.toThrow()
  })

  it('is a page with its own address on it', async () => {
    const reply = await get('')
    expect(reply.headers.get('content-type')).toContain('text/html')
    expect(await reply.text()).toContain(`ffplay ${server.url}index.m3u8`)
  })
})
