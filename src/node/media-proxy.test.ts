import { once } from 'node:events'
import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BlockResult } from './block-cache.ts'
import type { InputSource } from './input-source.ts'
import { serveInput } from './media-proxy.ts'

const blockBytes = 1_000
const media = Buffer.from(Array.from({ length: 10_500 }, (_, index) => index % 251))

let server: Server
let asked: number[]
let failures: string[]
let readBlock: InputSource['readBlock']

function blockAt(index: number): BlockResult {
  return { ok: true, bytes: media.subarray(index * blockBytes, (index + 1) * blockBytes) }
}

beforeEach(async () => {
  asked = []
  failures = []
  readBlock = async (index) => blockAt(index)
  server = createServer((request, response) => {
    const source: InputSource = {
      size: Number(request.url?.slice(1)),
      blockBytes,
      readBlock: (index, signal) => {
        asked.push(index)
        return readBlock(index, signal)
      },
    }
    serveInput(request, response, source, (failure) => failures.push(failure.message))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

function ask(init: RequestInit = {}, size = media.length): Promise<Response> {
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${size}`, init)
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

describe('the proxy', () => {
  test('serves the whole input without a range', async () => {
    const response = await ask()
    expect(response.status).toBe(200)
    expect(response.headers.get('accept-ranges')).toBe('bytes')
    expect(response.headers.get('content-length')).toBe('10500')
    expect(await bytesOf(response)).toEqual(media)
  })

  test.for([
    [0, 10_499],
    [0, 0],
    [999, 1_000],
    [1_000, 1_999],
    [3_456, 7_890],
    [10_499, 10_499],
  ] as const)('serves bytes %i to %i', async ([first, last]) => {
    const response = await ask({ headers: { range: `bytes=${first}-${last}` } })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/10500`)
    expect(await bytesOf(response)).toEqual(media.subarray(first, last + 1))
    expect(Math.max(...asked)).toBe(Math.floor(last / blockBytes))
    expect(new Set(asked).size).toBe(asked.length)
  })

  test('answers 416 with the size to a range beyond the end', async () => {
    const response = await ask({ headers: { range: 'bytes=10500-' } })
    expect(response.status).toBe(416)
    expect(response.headers.get('content-range')).toBe('bytes */10500')
    expect(asked).toEqual([])
  })

  test('answers HEAD with the headers of GET and reads nothing', async () => {
    const response = await ask({ method: 'HEAD', headers: { range: 'bytes=5-9' } })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-length')).toBe('5')
    expect(asked).toEqual([])
  })

  test('serves an empty input as an empty body', async () => {
    const response = await ask({}, 0)
    expect(response.status).toBe(200)
    expect(await bytesOf(response)).toHaveLength(0)
  })

  test('lets nobody write', async () => {
    const response = await ask({ method: 'POST', body: 'x' })
    expect(response.status).toBe(405)
  })

  test('reads further ahead the longer a reader stays', async () => {
    let open = (_: BlockResult) => {}
    readBlock = (index) => {
      if (index !== 3) return Promise.resolve(blockAt(index))
      return new Promise((resolve) => {
        open = resolve
      })
    }
    const response = await ask()
    await sleep(50)
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    open(blockAt(3))
    expect(await bytesOf(response)).toEqual(media)
  })
})

describe('a read that fails for good', () => {
  test('is told first, and breaks the connection in mid-body', async () => {
    readBlock = async (index) => {
      if (index < 4) return blockAt(index)
      await sleep(50)
      return { ok: false, reason: 'unreachable', message: 'no head' }
    }
    const response = await ask()
    expect(response.status).toBe(200)
    await expect(response.arrayBuffer()).rejects.toThrow('terminated')
    expect(failures).toEqual(['no head'])
  })

  test('is not told when only reading ahead failed', async () => {
    readBlock = async (index) =>
      index < 1 ? blockAt(index) : { ok: false, reason: 'unreachable', message: 'no head' }
    const response = await ask({ headers: { range: 'bytes=0-999' } })
    expect(await bytesOf(response)).toEqual(media.subarray(0, 1_000))
    expect(failures).toEqual([])
  })
})

test('a reader who leaves ends the reading', async () => {
  const signals: AbortSignal[] = []
  readBlock = (_, signal) => {
    signals.push(signal)
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ ok: false, reason: 'aborted', message: '' }))
    })
  }
  const { port } = server.address() as AddressInfo
  const request = httpRequest({ host: '127.0.0.1', port, path: '/10500' })
  request.on('error', () => {})
  request.end()
  while (signals.length < 2) await sleep(5)
  request.destroy()
  while (!signals.every((signal) => signal.aborted)) await sleep(5)
  expect(failures).toEqual([])
  expect(asked).toEqual([0, 1])
})

test('one connection serves several reads', async () => {
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ports: (number | undefined)[] = []
  for (const range of ['bytes=0-99', 'bytes=5000-']) {
    const request = httpRequest({ host: '127.0.0.1', port, path: '/10500', headers: { range }, agent }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    ports.push(response.socket.localPort)
    await once(response.resume(), 'end')
  }
  agent.destroy()
  expect(new Set(ports).size).toBe(1)
})
