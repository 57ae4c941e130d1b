import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import type { OutgoingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { type SignedIn, WebCaller } from './browser.ts'

const password = 'correct horse battery'

let paceline: RunningPaceline
let caller: WebCaller
let folder: string
let admin: SignedIn
let adminToken: OutgoingHttpHeaders

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 1 })
  caller = await WebCaller.at(paceline)
  folder = await mkdtemp(join(tmpdir(), 'paceline-web-attacks-'))
  adminToken = await caller.token('api')
  const body = JSON.stringify({ role: 'admin', password })
  expect((await caller.send('PUT', '/api/v1/password', adminToken, body)).status).toBe(200)
  admin = await caller.login('admin', password)
})

afterAll(async () => {
  caller?.close()
  await paceline?.stop()
  await rm(folder, { recursive: true, force: true })
})

const asPage = () => ({ ...caller.own, cookie: admin.cookie, 'x-paceline-csrf': admin.csrf })

/** As it goes over the wire. */
const request = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`

describe('a key that is not where keys are', () => {
  it.each([
    ['in the address', (key: string) => `/api/v1/state?token=${key}`],
    ['in the address as a bearer', (key: string) => `/api/v1/state?access_token=${key}`],
    ['in the address as a header', (key: string) => `/api/v1/state?authorization=Bearer%20${key}`],
  ])('%s opens nothing', async (_where, path) => {
    const key = String(adminToken.authorization).slice('Bearer '.length)
    expect((await caller.send('GET', path(key))).status).toBe(401)
  })

  it.each([
    ['under a name without its prefix', (cookie: string) => cookie.replace('__Host-', '')],
    ['under another prefix', (cookie: string) => cookie.replace('__Host-', '__Secure-')],
    ['with a letter more', (cookie: string) => `${cookie}A`],
    [
      'with another letter',
      (cookie: string) => `${cookie.slice(0, -2)}${cookie.at(-2) === 'A' ? 'B' : 'A'}_`,
    ],
    ['in quotes', (cookie: string) => cookie.replace(/=(.*)$/, '="$1"')],
    ['as the word that pages send', () => `__Host-paceline=${admin.csrf}`],
  ])('or a cookie %s', async (_how, change) => {
    expect((await caller.send('GET', '/api/v1/state', { cookie: change(admin.cookie) })).status).toBe(401)
  })

  it('a method in a header is not the method', async () => {
    const headers = { ...asPage(), 'x-http-method-override': 'DELETE' }
    await caller.send('POST', '/api/v1/nodes/node-1?_method=DELETE', headers, '{}')
    const { text } = await caller.send('GET', '/api/v1/nodes', adminToken)
    expect(text).toContain('"node-1"')
  })
})

describe('a page of somebody else’s whose name was pointed at the head', () => {
  const rebound = { host: 'evil.example', origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }

  it('is nobody: it has no cookie of the head’s, and may not be given one by a guess that is wrong', async () => {
    expect((await caller.send('GET', '/api/v1/state', rebound)).status).toBe(401)
    const guess = JSON.stringify({ role: 'admin', password: 'a guess of mine' })
    const reply = await caller.send('POST', '/api/v1/login', rebound, guess)
    expect([reply.status, reply.headers['set-cookie']]).toEqual([401, undefined])
    expect(reply.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('orders nothing with the cookie of the real one', async () => {
    const reply = await caller.send(
      'POST',
      '/api/v1/observe',
      { ...asPage(), host: 'evil.example' },
      '{"on":true}',
    )
    expect([reply.status, JSON.parse(reply.text).code]).toEqual([403, 'E_ORIGIN'])
  })
})

describe('methods', () => {
  it.each(['OPTIONS', 'TRACE', 'HEAD', 'PATCH', 'PROPFIND', 'DELETE'])(
    '%s does and says nothing',
    async (method) => {
      for (const path of ['/', '/api/v1/state', '/api/v1/password']) {
        const reply = await caller.send(method, path, { 'x-mine': 'echo me' })
        expect([path, reply.status >= 400]).toEqual([path, true])
        expect(`${reply.text}${JSON.stringify(reply.headers)}`).not.toContain('echo me')
        expect(reply.headers['access-control-allow-methods']).toBeUndefined()
      }
    },
  )

  it('CONNECT and upgrades open no tunnel', async () => {
    const { authorization } = adminToken
    const heard = await Promise.all([
      caller.say(request('CONNECT 127.0.0.1:22 HTTP/1.1', 'host: a')),
      caller.say(
        request(
          ...['GET /api/v1/events HTTP/1.1', 'host: a', 'connection: upgrade', 'upgrade: websocket'],
          ...['sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='],
        ),
      ),
      caller.say(
        request('GET /api/v1/status HTTP/1.1', 'host: a', `authorization: ${authorization}`, 'upgrade: h2c'),
      ),
    ])
    for (const each of heard) expect(each).not.toMatch(/^HTTP\/1\.1 (101|200 Connection)/)
  })
})

describe('one request inside another', () => {
  const inner = 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n'
  const post = 'POST /api/v1/login HTTP/1.1'

  it.each([
    ['by two lengths', [post, 'host: a', 'content-length: 2', `content-length: ${inner.length + 2}`]],
    ['by a length and chunks', [post, 'host: a', 'content-length: 2', 'transfer-encoding: chunked']],
    [
      'by chunks that are called otherwise',
      [post, 'host: a', 'content-length: 2', 'transfer-encoding: xchunked'],
    ],
    ['by chunks behind something else', [post, 'host: a', 'transfer-encoding: chunked, identity']],
    ['by a blank before the colon', [post, 'host: a', 'content-length : 2']],
    ['by a line that goes on', [post, 'host: a', 'x-a: b', ' content-length: 2']],
    ['by a length with a sign', [post, 'host: a', 'content-length: +2']],
    ['by a length below nothing', [post, 'host: a', 'content-length: -2']],
    ['by a zero in a header', [post, 'host: a', 'x-a: b\0c']],
    ['by a line that ends early', [post, 'host: a\nx-a: b', 'content-length: 2\rx-a: b']],
    ['by no host at all', [post, 'content-length: 2']],
  ])('%s is not answered', async (_how, lines) => {
    const heard = await caller.say(`${request(...lines)}{}${inner}`)
    expect(heard).toMatch(/^HTTP\/1\.1 (400|413) /)
    expect(heard).not.toContain('{"ok":true}')
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  })

  it('two that are whole are both answered, so that the tests above can fail', async () => {
    const heard = await caller.say(`${request(post, 'host: a', 'content-length: 2')}{}${inner}`)
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(2)
    expect(heard).toContain('{"ok":true}')
  })
})

describe('an address', () => {
  it.each([
    '//evil.example/',
    '/\\evil.example',
    '/%2f%2fevil.example',
    '/?next=https://evil.example',
    '/login?url=//evil.example',
  ])('%s sends nobody elsewhere', async (path) => {
    const reply = await caller.send('GET', path)
    expect(reply.status < 300 || reply.status >= 400).toBe(true)
    expect(reply.headers.location).toBeUndefined()
  })
})

describe('words that every object has', () => {
  it.each([
    ['POST', '/tokens', '{"__proto__":{"validSeconds":1}}'],
    ['POST', '/tokens', '{"constructor":{"prototype":{"role":"admin"}}}'],
    ['POST', '/nodes/node-1/drain', '{"\\u005f_proto__":{"force":true}}'],
    ['POST', '/nodes/__proto__/wake', '{}'],
    ['DELETE', '/nodes/constructor', undefined],
    ['PUT', '/password', '{"role":"__proto__","password":"long enough"}'],
  ])('%s %s with %s changes nothing', async (method, path, body) => {
    const reply = await caller.send(method, `/api/v1${path}`, adminToken, body)
    expect([400, 409]).toContain(reply.status)
    const { text } = await caller.send('GET', '/api/v1/access')
    expect(JSON.parse(text)).toEqual({ role: null, csrf: null, passwords: ['admin'] })
  })
})

describe('orders to a terminal', () => {
  const orders = '\u001b]0;mine\u0007\u001b[2J\u009b31m\u202e\nhead 9.9.9'

  it('in the name of a film are text in every command that shows it, and in the log', async () => {
    const film = join(folder, `${orders}.mkv`)
    await copyFile(await makeClip({ container: 'mkv', seconds: 2 }), film)
    const made = await paceline.run('transcode', film, join(folder, 'out.mp4'), '--overwrite')
    expect([made.exit, made.stderr]).toEqual([0, ''])
    const { text } = await caller.send('GET', '/api/v1/state', adminToken)
    expect(JSON.parse(text).recent.map(({ title }: { title: string }) => title)).toContain(`${orders}.mkv`)
    const missing = paceline.run('transcode', `${film}.gone`, join(folder, 'gone.mp4'))
    const shown = await Promise.all([
      missing,
      ...['status', 'logs', 'energy', 'observed'].map((command) => paceline.run(command)),
    ])
    for (const { stdout, stderr } of shown) expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
    expect((await missing).stderr).toContain('The input does not exist')
    expect(paceline.log()).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|^head 9/mu)
  })

  it('or in an address, are one line of the log at most', async () => {
    for (const path of ['/%0d%0a{"level":60}', '/api/v1/nodes/%1b%5b2J%0aforged', '/api/v1/login%0aforged'])
      await caller.send('GET', path, { ...adminToken, 'user-agent': 'forged' })
    await caller.send('GET', '/api/v1/state', { cookie: 'x\tforged', 'x-forwarded-for': 'forged' })
    expect(paceline.log()).not.toMatch(/[^\P{Cc}\n]|^forged|^\{"level":60\}/mu)
  })
})

describe('the present password', () => {
  it('is not to be guessed from a page that somebody left open', async () => {
    const guess = (present: string) =>
      caller.send('PUT', '/api/v1/password', asPage(), JSON.stringify({ role: 'admin', password, present }))
    const replies = await Promise.all(Array.from({ length: 11 }, (_, n) => guess(`guess ${n}`)))
    expect(replies.map(({ status }) => status).toSorted()).toEqual([...Array(10).fill(400), 429])
    const last = await guess(password)
    expect([last.status, JSON.parse(last.text).code]).toEqual([429, 'E_LOGIN_RATE'])
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(600)
    expect(last.text).not.toContain('127.0.0.1')
  })
})
