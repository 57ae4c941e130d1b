import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../src/cluster/certificate.ts'
import { encodeJoinToken } from '../../src/cluster/join-token.ts'
import type { JoinRequest } from '../../src/cluster/messages.ts'
import { joinedCredentials } from '../../src/node/join.ts'
import { end, TestHead } from './test-head.ts'

let folder: string
let head: TestHead
let requests: JoinRequest[]
/** What the head answers, one after the other; the last one again and again. 0 hangs up without an answer. */
let answers: { status: number; body: unknown }[]
let words: string[]

const welcome = { status: 200, body: { id: 'n1', name: 'given', contract: 2, version: '9' } }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-joining-'))
  head = await TestHead.start()
  requests = []
  answers = [welcome]
  words = []
  head.intercept = async (request, response) => {
    if (request.url !== '/join/v1') return false
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    requests.push(JSON.parse(text))
    const { status, body } = answers.length > 1 ? answers.shift()! : answers[0]!
    if (status === 0) request.socket.destroy()
    else if (body === null) end(response, status)
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    return true
  }
})

afterEach(async () => {
  await head.close()
  await rm(folder, { recursive: true, force: true })
})

const tokenOf = (id: string, url = head.url) =>
  encodeJoinToken({
    ...{ head: url, id, secret: 's3cret-s3cret-s3cret' },
    fingerprint: fingerprintOf(head.certificate),
  })

const log = {
  info: (message: string) => void words.push(message),
  warn: (message: string) => void words.push(message),
  error: () => {},
}

const joins = (token: string | undefined, signal = new AbortController().signal) =>
  joinedCredentials({ folder: join(folder, 'node'), token, name: 'wanted', version: '1.2.3', log, signal })

describe('a node that joins', () => {
  it('says its name and public key with the secret, and keeps what it got to itself', async () => {
    const credentials = await joins(tokenOf('j1'))
    expect(credentials).toMatchObject({
      id: 'n1',
      name: 'given',
      head: head.url,
      certificate: head.certificate,
    })
    expect(requests).toMatchObject([
      { token: 'j1', secret: 's3cret-s3cret-s3cret', name: 'wanted', version: '1.2.3', contract: 2 },
    ])
    expect(JSON.stringify(requests)).not.toContain(credentials!.seed)
    const path = join(folder, 'node', 'node.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).not.toContain('s3cret')
  })

  it('is in for good: without a token, and with the one that it came by', async () => {
    const first = await joins(tokenOf('j1'))
    await head.close()
    expect(await joins(undefined)).toEqual(first)
    expect(await joins(tokenOf('j1'))).toEqual(first)
    expect(requests).toHaveLength(1)
  })

  it('joins anew with another token, under other keys', async () => {
    const first = await joins(tokenOf('j1'))
    const second = await joins(tokenOf('j2'))
    expect(requests.map(({ token }) => token)).toEqual(['j1', 'j2'])
    expect(second!.seed).not.toBe(first!.seed)
    expect(second!.identity.key).not.toBe(first!.identity.key)
  })

  it('keeps what it has joined when another token is refused, and says so', async () => {
    const first = await joins(tokenOf('j1'))
    answers = [{ status: 403, body: { code: 'E_TOKEN_EXPIRED', message: 'no' } }]
    expect(await joins(tokenOf('j2'))).toEqual(first)
    expect(words).toEqual(['joined the head', 'the new token is refused: the node stays what it was'])
    expect([await joins(undefined), await joins(tokenOf('j1'))]).toEqual([first, first])
  })

  it('keeps what it has joined while another token waits for its head, and then comes by the same keys', async () => {
    const first = await joins(tokenOf('j1'))
    answers = [{ status: 0, body: null }]
    const stop = new AbortController()
    const joining = joins(tokenOf('j2'), stop.signal)
    while (requests.length < 2) await sleep(10)
    stop.abort()
    expect(await joining).toBeUndefined()
    expect(await joins(undefined)).toEqual(first)
    answers = [welcome]
    const second = await joins(tokenOf('j2'))
    expect(second!.seed).not.toBe(first!.seed)
    expect(new Set(requests.slice(1).map(({ publicKey }) => publicKey)).size).toBe(1)
    expect(await joins(undefined)).toEqual(second)
  })

  it('comes again under the same keys when the answer was lost, also after it was killed', async () => {
    answers = [{ status: 0, body: null }]
    const stop = new AbortController()
    const joining = joins(tokenOf('j1'), stop.signal)
    while (requests.length < 2) await sleep(10)
    stop.abort()
    expect(await joining).toBeUndefined()
    answers = [welcome]
    await joins(tokenOf('j1'))
    expect(new Set(requests.map(({ publicKey }) => publicKey)).size).toBe(1)
  })

  it('waits for a head that is not there, and says so once', async () => {
    const { url } = head
    await head.close()
    const stop = new AbortController()
    const joining = joins(tokenOf('j1', url), stop.signal)
    await sleep(1_200)
    stop.abort()
    expect(await joining).toBeUndefined()
    expect(words).toEqual(['the head is not there yet'])
  })
})

describe('a node that is not let in', () => {
  it.each([
    [403, 'E_TOKEN_EXPIRED'],
    [403, 'E_TOKEN_USED'],
    [403, 'E_TOKEN_INVALID'],
    [426, 'E_NODE_TOO_OLD'],
    [426, 'E_NODE_TOO_NEW'],
  ])('is told why: %i, %s', async (status, code) => {
    answers = [{ status, body: { code, message: 'no' } }]
    await expect(joins(tokenOf('j1'))).rejects.toMatchObject({ code })
    expect(requests).toHaveLength(1)
  })

  it('without a token has not joined', async () => {
    await expect(joins(undefined)).rejects.toMatchObject({ code: 'E_NOT_JOINED' })
  })

  it('tries again after what is nobody’s decision', async () => {
    answers = [{ status: 500, body: { code: 'E_INTERNAL' } }, { status: 200, body: ['?'] }, welcome]
    expect(await joins(tokenOf('j1'))).toMatchObject({ id: 'n1' })
    expect(requests).toHaveLength(3)
  })

  it('says nothing at all to a server with another certificate', async () => {
    const other = await TestHead.start()
    const token = encodeJoinToken({
      ...{ head: head.url, id: 'j1', secret: 's3cret-s3cret-s3cret' },
      fingerprint: fingerprintOf(other.certificate),
    })
    await other.close()
    await expect(joins(token)).rejects.toMatchObject({ code: 'E_HEAD_CHANGED' })
    expect(head.requests).toEqual([])
  })
})
