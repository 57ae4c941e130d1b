import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type PlexMediaServer,
  type PlexMediaServerOptions,
  startPlexMediaServer,
} from './plex-media-server.ts'

const base = '/video/:/transcode/session/s-1/j-1'
let directory: string
let server: PlexMediaServer

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-stand-in-'))
  await start({})
})
afterEach(async () => {
  await server.close()
  rmSync(directory, { recursive: true, force: true })
})

async function start(options: PlexMediaServerOptions): Promise<void> {
  await server?.close()
  server = await startPlexMediaServer({ directory, ...options })
}

interface Answer {
  readonly status: number
  readonly length: string | undefined
  readonly body: string
}

function send(method: string, path: string, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = ask(server.url + path, { method, headers: { connection: 'close' } }, (incoming) => {
      let text = ''
      incoming.on('data', (part: Buffer) => {
        text += part.toString()
      })
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, length: incoming.headers['content-length'], body: text }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const post = (body: string) => send('POST', `${base}/manifest?X-Plex-Http-Pipeline=infinite`, body)

describe('the stand-in answers as Plex does', () => {
  it('to a report with 206, a length and a container', async () => {
    const { status, length, body } = await send('PUT', `${base}/progress?progress=0.0&size=-1`)
    expect(status).toBe(206)
    expect(Number(length)).toBe(body.length)
    expect(body).toMatch(/<MediaContainer size="0">/)
  })

  it('with canThrottle to the reports it is told to', async () => {
    await start({ throttle: (report) => report === 2 })
    const replies: string[] = []
    for (const progress of [0, 1, 2]) {
      replies.push((await send('PUT', `${base}/progress?progress=${progress}`)).body)
      await send('PUT', `${base}/progress?duration=3.0`)
    }
    expect(replies.map((body) => body.includes('canThrottle'))).toEqual([false, true, false])
    expect(server.requests.map((request) => request.reply)).toEqual([
      ...[undefined, undefined, 'canThrottle', undefined, undefined, undefined],
    ])
  })

  it.each([
    ['PUT', `${base}/progress/stream?index=0`, 206],
    ['PUT', `${base}/progress/streamDetail?index=0`, 206],
    ['POST', `${base}/progress/log?level=0&message=x`, 200],
    ['POST', `${base}/manifest?X-Plex-Http-Pipeline=infinite`, 200],
    ['POST', `${base}/seglist`, 200],
    ['POST', `${base}/progress?progress=1`, 404],
    ['PUT', `${base}/manifest`, 404],
    ['PUT', '/elsewhere', 404],
    ['GET', `${base}/progress`, 404],
  ])('%s %s with %i', async (method, path, status) => {
    expect((await send(method, path)).status).toBe(status)
    expect(server.problems()).toEqual(status === 404 ? [`404 for ${method} ${path}`] : [])
  })
})

describe('the stand-in refuses', () => {
  it('whoever does not come from its own address', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const url = `${server.url}${base}/progress?progress=0`
      const outgoing = ask(url, { method: 'PUT', localAddress: '127.0.0.2' }, (incoming) => {
        incoming.resume()
        resolve(incoming.statusCode)
      })
      outgoing.on('error', reject)
      outgoing.end()
    })
    expect(status).toBe(401)
    expect(server.problems()).toEqual([`401 for PUT ${base}/progress?progress=0`])
  })
})

describe('the stand-in remembers', () => {
  it('requests in order, with headers in lower case and its own address hidden', async () => {
    await send('PUT', `${base}/progress?duration=1.0`)
    await post('#a.ts,0,0\n')
    expect(server.requests.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PUT', `${base}/progress?duration=1.0`, ''],
      ['POST', `${base}/manifest?X-Plex-Http-Pipeline=infinite`, '#a.ts,0,0\n'],
    ])
    expect(server.requests[0]?.headers).toMatchObject({ host: '{PMS_HOST}', connection: 'close' })
    expect(server.connections).toBe(2)
  })

  it('the folder at each list, and the digests of what a list announces first', async () => {
    writeFileSync(join(directory, 'b.ts'), '')
    await post('#b.ts,0,0\n')
    writeFileSync(join(directory, 'b.ts'), 'hello')
    await post('b.ts,0,3\n')
    await post('b.ts,0,3\n#c.ts,3,3\n')
    expect(server.requests.map((request) => request.files)).toEqual([
      [['b.ts', 0]],
      [['b.ts', 5]],
      [['b.ts', 5]],
    ])
    expect(server.requests.map((request) => Object.keys(request.digests ?? {}))).toEqual([[], ['b.ts'], []])
    expect(server.problems()).toEqual([])
  })

  it('only the job it watches', async () => {
    await send('PUT', '/elsewhere')
    server.watch(directory)
    expect(server.requests).toEqual([])
    expect(server.problems()).toEqual([])
  })
})

describe('the stand-in finds', () => {
  it('an announced file that is not there', async () => {
    await post('gone.ts,0,3\n')
    expect(server.problems()).toEqual(['gone.ts was announced and not there'])
  })

  it('an announced file that is empty', async () => {
    writeFileSync(join(directory, 'b.ts'), '')
    await post('b.ts,0,3\n')
    expect(server.problems()).toEqual(['b.ts was announced and empty'])
  })

  it('an announced file that changes or goes afterwards', async () => {
    for (const name of ['b.ts', 'c.ts']) writeFileSync(join(directory, name), 'hello')
    await post('b.ts,0,3\nc.ts,3,6\n')
    writeFileSync(join(directory, 'b.ts'), 'hallo')
    rmSync(join(directory, 'c.ts'))
    expect(server.problems()).toEqual([
      'b.ts changed after it was announced',
      'c.ts was announced and is gone',
    ])
  })

  it('what its owner’s own check throws', async () => {
    await start({
      onRequest: () => {
        throw new Error('too early')
      },
    })
    await expect(send('PUT', `${base}/progress?duration=1.0`)).rejects.toThrow()
    expect(server.problems()).toEqual([expect.stringContaining('too early')])
  })
})
