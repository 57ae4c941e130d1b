import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from '../cluster/certificate.ts'
import { noAccess, openApiClient } from './api-client.ts'

let folder: string
let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-api-client-'))
  const identity = makeCertificate()
  server = createServer({ cert: identity.certificate, key: identity.key }, (request, response) =>
    answer(request, response),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  await writeFile(join(folder, 'head.json'), JSON.stringify({ api }))
  await writeFile(join(folder, 'api-token'), 'the token\n')
  await writeFile(join(folder, 'certificate.pem'), identity.certificate)
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

async function readAll(signal: AbortSignal = new AbortController().signal): Promise<unknown[]> {
  const read: unknown[] = []
  const client = await openApiClient(folder)
  for await (const line of client.stream('/transcodes', {}, signal)) read.push(line)
  return read
}

describe('asking the head of this machine', () => {
  it('says who asks, and gives what is answered', async () => {
    answer = ({ headers, url, method }, response) =>
      response.end(JSON.stringify([method, url, headers.authorization]))
    const client = await openApiClient(folder)
    expect(await client.get('/status')).toEqual(['GET', '/api/v1/status', 'Bearer the token'])
  })

  it('fails with the head’s own code and hint', async () => {
    answer = (_request, response) =>
      response.writeHead(409).end('{"code":"E_LAST_NODE","message":"It is the last","hint":"Force it."}')
    await expect((await openApiClient(folder)).post('/nodes/oak/drain', {})).rejects.toMatchObject({
      ...{ code: 'E_LAST_NODE', message: 'It is the last', hint: 'Force it.' },
    })
  })

  it('says that another user may not ask, whether there is a head or not', () => {
    expect(noAccess('/data', Object.assign(new Error('no'), { code: 'EACCES' }))).toMatchObject({
      code: 'E_HEAD_UNREACHABLE',
      where: 'this user may not read the data folder /data',
      hint: expect.stringContaining('the user that runs the head'),
    })
    expect(noAccess('/data', Object.assign(new Error('no'), { code: 'ENOENT' }))).toMatchObject({
      code: 'E_HEAD_UNREACHABLE',
      where: 'no head runs with the data folder /data',
    })
  })

  it('says that there is none where nothing answers, or nothing has been left', async () => {
    const client = await openApiClient(folder)
    answer = (request) => void request.socket.destroy()
    await expect(client.get('/status')).rejects.toMatchObject({ code: 'E_HEAD_UNREACHABLE' })
    await expect(openApiClient(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'E_HEAD_UNREACHABLE' })
  })
})

describe('an answer of many lines', () => {
  it('is read to its end', async () => {
    answer = (_request, response) => response.end('{"n":1}\n\n{"n":2}\n')
    expect(await readAll()).toEqual([{ n: 1 }, { n: 2 }])
  })

  it('that breaks off is a head that has gone, not a fault of the command', async () => {
    answer = (_request, response) => {
      response.write('{"n":1}\n')
      setTimeout(() => response.destroy(), 20)
    }
    await expect(readAll()).rejects.toMatchObject({ code: 'E_HEAD_UNREACHABLE' })
  })

  it('ends when nobody wants it any more', async () => {
    const abort = new AbortController()
    answer = (_request, response) => {
      response.write('{"n":1}\n')
      setTimeout(() => abort.abort(), 20)
    }
    await expect(readAll(abort.signal)).rejects.not.toMatchObject({ code: 'E_HEAD_UNREACHABLE' })
  })
})
