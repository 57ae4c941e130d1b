import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import type { OutgoingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, runPaceline, startPaceline } from '../fixture/paceline.ts'
import { type SignedIn, WebCaller } from './browser.ts'

const passwords = { admin: 'correct horse battery', viewer: 'only looking around' } as const

let paceline: RunningPaceline
let caller: WebCaller
let folder: string

beforeAll(async () => {
  paceline = await startPaceline({ nodes: 1 })
  caller = await WebCaller.at(paceline)
  folder = await mkdtemp(join(tmpdir(), 'paceline-web-attacks-'))
  const admin = await caller.token('api')
  for (const [role, password] of Object.entries(passwords)) {
    const reply = await caller.send('PUT', '/api/v1/password', admin, JSON.stringify({ role, password }))
    expect(reply.status).toBe(200)
  }
})

afterAll(async () => {
  caller?.close()
  await paceline?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The slowest of some answers to somebody who may ask, milliseconds, while something is done to the head. */
async function slowestMeanwhile<T>(attack: () => Promise<T>): Promise<{ result: T; slowestMs: number }> {
  const viewer = await caller.token('viewer')
  let isOver = false
  const attacked = attack().finally(() => {
    isOver = true
  })
  let slowestMs = 0
  do {
    const began = performance.now()
    expect((await caller.send('GET', '/api/v1/state', viewer)).status).toBe(200)
    slowestMs = Math.max(slowestMs, performance.now() - began)
    await sleep(50)
  } while (!isOver)
  return { result: await attacked, slowestMs }
}

/** A connection of its own costs a TLS handshake each; on a machine that is busy with tests that is most of it. */
const responsiveMs = 1_500

const anything = [
  ['GET', '/status'],
  ['GET', '/state'],
  ['GET', '/events'],
  ['GET', '/nodes'],
  ['GET', '/nodes/node-1'],
  ['GET', '/sessions/x'],
  ['GET', '/sessions/x/segments'],
  ['GET', '/energy'],
  ['GET', '/observed'],
  ['POST', '/tokens'],
  ['POST', '/observe'],
  ['POST', '/nodes/node-1/drain'],
  ['POST', '/nodes/node-1/resume'],
  ['POST', '/nodes/node-1/wake'],
  ['POST', '/nodes/node-1/sleep'],
  ['POST', '/nodes/node-1/keep-warm'],
  ['DELETE', '/nodes/node-1'],
  ['POST', '/transcodes'],
  ['PUT', '/password'],
  ['POST', '/sign-in-keys'],
] as const

describe('without a session', () => {
  it.each(anything)('%s %s is denied', async (method, path) => {
    const reply = await caller.send(method, `/api/v1${path}`, caller.own, method === 'GET' ? undefined : '{}')
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      401,
      { code: 'E_API_DENIED', message: 'The API token is missing or wrong' },
    ])
  })

  it.each([
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${'A'.repeat(32)}` },
    { authorization: 'Basic YWRtaW46YWRtaW4=' },
    { cookie: `__Host-paceline=${'A'.repeat(43)}` },
    { cookie: '__Host-paceline=__proto__' },
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' },
  ] satisfies OutgoingHttpHeaders[])('%j makes nobody anything', async (headers) => {
    expect((await caller.send('GET', '/api/v1/state', headers)).status).toBe(401)
  })

  it('only the dashboard itself and whether the head lives are to be had', async () => {
    expect((await caller.send('GET', '/healthz')).text).toBe('{"ok":true}')
    const { text } = await caller.send('GET', '/api/v1/access')
    expect(JSON.parse(text)).toEqual({ role: null, csrf: null, passwords: ['admin', 'viewer'] })
  })
})

describe('with somebody’s session', () => {
  let admin: SignedIn
  let viewer: SignedIn

  beforeAll(async () => {
    admin = await caller.login('admin', passwords.admin)
    viewer = await caller.login('viewer', passwords.viewer)
  })

  const drain = (headers: OutgoingHttpHeaders) =>
    caller.send('POST', '/api/v1/nodes/node-1/drain', headers, '{"force":true}')

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin', { origin: undefined, 'sec-fetch-site': undefined }],
    ['an opaque origin', { origin: 'null' }],
    ['the same name without TLS', { origin: 'http://127.0.0.1' }],
    ['another port of this machine', { origin: 'https://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['a page that is not ours, by the browser’s word', { 'sec-fetch-site': 'cross-site' }],
    ['no word from our page', { 'x-paceline-csrf': undefined }],
    ['a wrong word', { 'x-paceline-csrf': 'A'.repeat(43) }],
  ])('nothing is changed from %s', async (_what, change) => {
    const good = { ...caller.own, cookie: admin.cookie, 'x-paceline-csrf': admin.csrf }
    const headers = Object.fromEntries(
      Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined),
    )
    const reply = await drain(headers)
    expect([reply.status, JSON.parse(reply.text).code]).toEqual([403, 'E_ORIGIN'])
  })

  it('nothing is changed by the word of another session', async () => {
    const reply = await drain({ ...caller.own, cookie: admin.cookie, 'x-paceline-csrf': viewer.csrf })
    expect(reply.status).toBe(403)
  })

  it('a form of another site does nothing, whatever it calls itself', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { cookie: admin.cookie, origin: 'https://evil.example', 'content-type': type }
      expect((await drain(headers)).status).toBe(403)
    }
  })

  it('a page of another site reads nothing', async () => {
    const headers = { cookie: admin.cookie, 'sec-fetch-site': 'cross-site' }
    const reply = await caller.send('GET', '/api/v1/state', headers)
    expect(reply.status).toBe(403)
    expect(reply.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('of one who only looks nothing is changed, and no key to more is had', async () => {
    const headers = { ...caller.own, cookie: viewer.cookie, 'x-paceline-csrf': viewer.csrf }
    expect((await caller.send('GET', '/api/v1/state', headers)).status).toBe(200)
    for (const [method, path] of anything.filter(([method]) => method !== 'GET')) {
      const reply = await caller.send(method, `/api/v1${path}`, headers, '{}')
      expect([path, reply.status, JSON.parse(reply.text).code]).toEqual([path, 403, 'E_ROLE'])
    }
    const admins = { ...caller.own, cookie: admin.cookie, 'x-paceline-csrf': admin.csrf }
    expect((await caller.send('POST', '/api/v1/sign-in-keys', admins, '{}')).status).toBe(403)
  })

  it('all of that can be done by our own page, so that the tests above can fail', async () => {
    const headers = { ...caller.own, cookie: admin.cookie, 'x-paceline-csrf': admin.csrf }
    expect((await drain(headers)).status).toBe(200)
    const resumed = await caller.send('POST', '/api/v1/nodes/node-1/resume', headers, '{}')
    expect(resumed.status).toBe(200)
  })

  it('nothing is to be had once it has signed out', async () => {
    const { cookie } = await caller.login('viewer', passwords.viewer)
    await caller.send('POST', '/api/v1/logout', { ...caller.own, cookie }, '{}')
    expect((await caller.send('GET', '/api/v1/state', { cookie })).status).toBe(401)
  })
})

describe('a path that leads out', () => {
  const outs = ['..', '%2e%2e', '.%2e', '%2e%2e%2f..', '..%5c..', '....//', '%c0%ae%c0%ae']

  it.each(outs)('by %s finds nothing of the data folder or the machine', async (up) => {
    const secrets = await Promise.all(
      ['api-token', 'passwords.json'].map((name) => readFile(join(paceline.dataFolder, name), 'utf8')),
    )
    const admin = await caller.token('api')
    for (const target of ['api-token', 'passwords.json', 'etc/passwd', 'package.json', 'bin/paceline.js']) {
      for (const start of ['/', '/assets/', '/api/v1/', '/api/v1/nodes/', '/data/v1/media/']) {
        const path = `${start}${`${up}/`.repeat(4)}${target}`
        const reply = await caller.send('GET', path, admin)
        expect([path, reply.status >= 400]).toEqual([path, true])
        for (const secret of [...secrets, 'root:x:0']) expect(reply.text.includes(secret.trim())).toBe(false)
      }
    }
  })
})

describe('what is too large', () => {
  it('is not read to its end, by whomever it comes', async () => {
    const huge = Buffer.alloc(20 * 1024 * 1024, '"')
    const attack = async () => {
      const codes: (number | string)[] = []
      for (const [path, headers] of [
        ['/api/v1/login', caller.own],
        ['/api/v1/tokens', await caller.token('api')],
        ['/join/v1', {}],
      ] as const) {
        codes.push(await caller.send('POST', path, headers, huge).then(({ status }) => status, String))
      }
      return codes
    }
    const { result, slowestMs } = await slowestMeanwhile(attack)
    // The answer may be lost where the connection is cut while the other side still sends.
    for (const code of result) expect(String(code)).toMatch(/^413$|ECONNRESET|EPIPE|socket hang up/)
    expect(slowestMs).toBeLessThan(responsiveMs)
  })

  it.each([
    ['headers', '/api/v1/access', { 'x-large': 'A'.repeat(64 * 1024) }],
    ['cookies', '/api/v1/access', { cookie: 'a=b; '.repeat(20_000) }],
    ['an address', `/api/v1/nodes/${'A'.repeat(64 * 1024)}`, {}],
  ])('is refused of %s', async (_what, path, headers) => {
    expect((await caller.send('GET', path, headers)).status).toBe(431)
  })

  it.each([
    '['.repeat(3_000),
    '{"a":'.repeat(800),
    '{"__proto__":{"role":"admin"}}',
    '{"key":',
    'null',
    '"x"',
  ])('or no login at all is refused: %.20s', async (body) => {
    const reply = await caller.send('POST', '/api/v1/login', caller.own, body)
    expect(reply.status).toBe(400)
  })
})

describe('whoever is slow', () => {
  it('by the hundred with a byte at a time keeps nobody from anything', async () => {
    const { hostname: host, port } = caller.base
    const open = (): TLSSocket => {
      const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false })
      socket.on('error', () => undefined)
      return socket
    }
    const sockets = Array.from({ length: 260 }, open)
    const attack = async () => {
      for (let round = 0; round < 3; round++) {
        for (const [n, socket] of sockets.entries()) {
          const start =
            n % 2 === 0
              ? 'GET / HTTP/1.1\r\nhost: a\r\nx-'
              : 'POST /api/v1/login HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n{'
          if (!socket.destroyed) socket.write(round === 0 ? start : 'x')
        }
        await sleep(400)
      }
    }
    try {
      const { slowestMs } = await slowestMeanwhile(attack)
      expect(slowestMs).toBeLessThan(2 * responsiveMs)
      // There is room for two hundred strangers, and those who came first have gone.
      expect(sockets.filter(({ destroyed }) => destroyed).length).toBeGreaterThanOrEqual(50)
    } finally {
      for (const socket of sockets) socket.destroy()
    }
  })

  it('to read events has nothing kept for him, and keeps out no one who may do all', async () => {
    const headers = await caller.token('viewer')
    const { hostname: host, port } = caller.base
    const readers = Array.from({ length: 48 }, () => {
      const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false })
      socket.on('error', () => undefined)
      socket.write(
        `GET /api/v1/events HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${headers.authorization}\r\n\r\n`,
      )
      socket.pause()
      return socket
    })
    try {
      await sleep(500)
      const { slowestMs } = await slowestMeanwhile(() => sleep(300))
      expect(slowestMs).toBeLessThan(responsiveMs)
      const one = await caller.send('GET', '/api/v1/events', headers)
      expect([one.status, JSON.parse(one.text).code]).toEqual([503, 'E_TOO_MANY_CONNECTIONS'])
      const admins = await caller.token('api')
      expect(await caller.begins('/api/v1/events', admins)).toBe(200)
    } finally {
      for (const socket of readers) socket.destroy()
    }
  })
})

describe('a script in a name', () => {
  const name = '<img src=x onerror=alert(1)>"\'`{{alert(1)}}&amp;</script><script>alert(1)</script>.mkv'

  it('is text wherever it is shown, and no answer could be a page of it', async () => {
    // A slash is the one thing that no name can have.
    const shown = name.replaceAll('/', '\u2215')
    const film = join(folder, shown)
    await copyFile(await makeClip({ container: 'mkv', seconds: 2 }), film)
    const made = await paceline.run('transcode', film, join(folder, 'out.mp4'), '--overwrite', '--json')
    expect(made.exit).toBe(0)
    const viewer = await caller.token('viewer')
    const reply = await caller.send('GET', '/api/v1/state', viewer)
    const { recent } = JSON.parse(reply.text) as { recent: { id: string; title: string }[] }
    const session = recent.find(({ title }) => title === shown)
    expect(session).toBeDefined()
    const detail = await caller.send('GET', `/api/v1/sessions/${session!.id}`, viewer)
    expect(JSON.parse(detail.text).plan[0]).toContain(shown)
    for (const each of [reply, detail, await caller.send('GET', `/${encodeURIComponent(name)}`)]) {
      expect(each.headers['content-type']).toMatch(/^application\/json/)
      expect(each.headers['x-content-type-options']).toBe('nosniff')
      expect(each.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
    }
  })

  it('of a node is refused or text', async () => {
    const admin = await caller.token('api')
    const body = JSON.stringify({ name: '<script>alert(1)</script>' })
    const reply = await caller.send('POST', '/api/v1/tokens', admin, body)
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
  })
})

describe('guessing', () => {
  it('is cut short, from one address, by keys as by passwords, while the head goes on', async () => {
    const guess = (n: number) =>
      caller.send(
        'POST',
        '/api/v1/login',
        caller.own,
        JSON.stringify(n % 2 === 0 ? { role: 'admin', password: `guess ${n}` } : { key: `guess${n}` }),
      )
    const attack = async () => {
      const statuses: number[] = []
      for (let round = 0; round < 4; round++) {
        const replies = await Promise.all(Array.from({ length: 15 }, (_, n) => guess(round * 15 + n)))
        statuses.push(...replies.map(({ status }) => status))
      }
      return statuses
    }
    const { result, slowestMs } = await slowestMeanwhile(attack)
    expect(new Set(result)).toEqual(new Set([401, 429]))
    // Ten wrong ones of either, and those that were already on their way.
    expect(result.filter((status) => status === 401).length).toBeLessThanOrEqual(30)
    expect(slowestMs).toBeLessThan(2 * responsiveMs)
    const last = await caller.send(
      'POST',
      '/api/v1/login',
      caller.own,
      JSON.stringify({ role: 'admin', password: passwords.admin }),
    )
    expect([last.status, JSON.parse(last.text).code]).toEqual([429, 'E_LOGIN_RATE'])
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(600)
  })

  it('leaves the way by the head’s own machine open', async () => {
    const link = await paceline.run('dashboard', '--json')
    expect(link.exit).toBe(0)
    expect(JSON.parse(link.stdout).url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/#sign-in=[\w-]{24}$/)
    const set = await runPaceline(
      '--data',
      paceline.dataFolder,
      'password',
      '--role',
      'viewer',
      '--remove',
      '--json',
    )
    expect([set.exit, set.stdout]).toEqual([0, '{"passwords":["admin"]}\n'])
  })

  it('is in the log, and no password is', () => {
    expect(paceline.log()).toContain('"code":"E_LOGIN_RATE"')
    for (const password of [...Object.values(passwords), 'guess 0'])
      expect(paceline.log()).not.toContain(password)
  })
})
