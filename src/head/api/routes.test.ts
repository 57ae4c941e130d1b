import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PacelineError } from '../../errors.ts'
import { createAccess } from '../access/access.ts'
import { createDeviceMarks } from '../access/device-mark.ts'
import { createLoginLimits } from '../access/login-limits.ts'
import { createSignInKeys } from '../access/sign-in-keys.ts'
import { openSmallDataPlane, type SmallDataPlane } from '../data/testing/small-data-plane.ts'
import type { EnergyReport } from '../energy/energy-report.ts'
import type { ObservedJob } from '../observe/observed-log.ts'
import type { NodePowerStatus } from '../power/power-status.ts'
import { createPreviewTail } from '../session/chronicle/preview-tail.ts'
import { eventually } from '../testing/eventually.ts'
import type { NodeDetail } from './contract/node-detail.ts'
import type { Snapshot } from './contract/snapshot.ts'
import type { EventHub } from './live/event-hub.ts'
import { operations } from './openapi/operations.ts'
import { type ApiHead, addApiRoutes } from './routes.ts'
import type { HeadStatus, KnownNodeStatus } from './status.ts'
import type { TranscodeEvent, TranscodeRequest } from './transcode-request.ts'

const secret = 'the-api-token'
const nobodyIsIn = {
  begin: () => never(),
  find: () => null,
  end: () => {},
  endAll: () => {},
  settled: async () => {},
}
const desk = createAccess({
  tokens: { admin: secret, viewer: 'the-viewer-token' },
  passwords: { roles: () => [], check: async () => false, set: async () => {} },
  ...{ sessions: nobodyIsIn, keys: createSignInKeys(() => 0), limits: createLoginLimits(() => 0) },
  devices: createDeviceMarks(secret),
})

function never(): never {
  throw new Error('nobody signs in here')
}

const status = { version: '0.1.0', nodes: [], sessions: [] } as unknown as HeadStatus

/** What the head was asked for, and what it does about it. */
let asked: {
  tokens: unknown[]
  removed: string[]
  drained: unknown[]
  switched: unknown[]
  observing: boolean[]
  histories: unknown[]
  transcodes: { request: TranscodeRequest; signal: AbortSignal }[]
}
let issue: ApiHead['issueToken']
let events: (signal: AbortSignal) => AsyncIterable<TranscodeEvent>

let refused: string[]
let callers: number
const refusals = { note: (code: string) => void refused.push(code) }
const nodes = [{ id: 'n1', name: 'loft', state: 'away' }] as unknown as readonly KnownNodeStatus[]

const observed: ObservedJob[] = [
  {
    ...{ at: '2026-01-01T00:00:00.000Z', title: 'film.mkv', decision: 'node', reason: null },
    ...{ nodes: ['loft'], speed: 3.5, basis: 'measured', watts: null },
  },
]

let logged: object[]
const log = {
  warn: (fields: object) => void logged.push(fields),
  error: (fields: object) => void logged.push(fields),
}

let plane: SmallDataPlane
/** All that were added. */
const routes: string[] = []

function switched(name: string, what: unknown[]): NodePowerStatus {
  asked.switched.push(what)
  return { id: 'n1', name, state: 'waking' } as NodePowerStatus
}

/** Room for a reader of events, what he said he had read, and whether he still reads. */
const reading = { hasRoom: true, last: [] as (string | undefined)[], ended: 0 }
const hub: EventHub = {
  touch: () => {},
  snapshot: () => ({ sequence: 3 }) as unknown as Snapshot,
  hasRoom: () => reading.hasRoom,
  read(sink, last) {
    reading.last.push(last)
    sink.write('event: hello\ndata: {}\n\n')
    sink.destroy()
    return () => void reading.ended++
  },
  close: () => {},
}

beforeAll(async () => {
  const head: ApiHead = {
    status: () => status,
    issueToken: (request) => {
      asked.tokens.push(request)
      return issue(request)
    },
    observe: (on) => void asked.observing.push(on),
    observed: async (count) => [...observed, ...observed].slice(-count),
    nodes: () => nodes,
    removeNode: async (which) => {
      if (which !== 'loft') throw new PacelineError('E_NODE_NAME', which)
      asked.removed.push(which)
      return { id: 'n1', name: 'loft' }
    },
    async drainNode(which, force) {
      if (!force && which === 'loft') throw new PacelineError('E_LAST_NODE', which)
      asked.drained.push([which, force])
      return { id: 'n1', name: which, state: 'draining' }
    },
    async resumeNode(which) {
      asked.drained.push(which)
      return { id: 'n1', name: which, state: null }
    },
    wakeNode: (which, minutes) => switched(which, ['wake', which, minutes]),
    sleepNode(which, force) {
      if (!force && which === 'loft') throw new PacelineError('E_LAST_NODE', which)
      return switched(which, ['sleep', which, force])
    },
    keepNode: (which, minutes) => switched(which, ['keep', which, minutes]),
    expectViewer(minutes) {
      asked.switched.push(['expect', minutes])
      return { isTaken: true, seconds: minutes * 60 }
    },
    metrics: () => 'paceline_up 1\n',
    views: {
      hub,
      async nodeDetail(which) {
        if (which !== 'loft') throw new PacelineError('E_NODE_NAME', which)
        return { node: { name: which } } as unknown as NodeDetail
      },
      async sessionDetail(id) {
        throw new PacelineError('E_SESSION_NAME', id)
      },
      logs: async ({ session, last }) => [
        { atMs: last, level: 'info', from: 'head', message: 'x', session: session ?? null, fields: {} },
      ],
      segments: () => ({ segments: [[0, 'loft', 's-0', null, 0]] }),
      preview: (id) => ({
        ...createPreviewTail(() => 0),
        playlist: async () => (id === 's' ? '#EXTM3U\n' : null),
        segment: (number) => (number === 7 ? Buffer.from('film') : undefined),
      }),
    },
    energy: async () => ({ trouble: null }) as EnergyReport,
    energyHistory: async (query) => {
      asked.histories.push(query)
      return { step: query.step, points: [], trouble: null }
    },
    transcode: (request, signal) => {
      asked.transcodes.push({ request, signal })
      return events(signal)
    },
  }
  plane = await openSmallDataPlane((server) => {
    server.addHook('onRoute', ({ method, url }) => void routes.push(`${method} ${url}`))
    addApiRoutes(server, head, { desk, onCaller: () => void callers++, refusals }, log)
  }, log)
})

afterAll(() => plane.close())

beforeEach(() => {
  asked = { tokens: [], removed: [], drained: [], switched: [], observing: [], histories: [], transcodes: [] }
  refused = []
  callers = 0
  logged = []
  issue = async ({ name = null, validSeconds }) => ({ name, validSeconds, token: 'pl_1' })
  events = async function* () {
    yield done
  }
})

const done: TranscodeEvent = {
  type: 'done',
  frames: 300,
  seconds: 2,
  speed: 6,
  nodes: { a: { segments: 3 } },
}
const order = { input: '/media/film.mkv', output: '/out/film.mp4' }

function call(method: string, path: string, body?: unknown, token = secret) {
  const text = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const headers = {
    authorization: `Bearer ${token}`,
    ...(text && { 'content-type': 'application/json', 'content-length': text.length }),
  }
  return plane.send(method, `/api/v1${path}`, headers, text)
}

const json = (answer: { body: Buffer }) => JSON.parse(answer.body.toString())
const lines = (answer: { body: Buffer }) =>
  answer.body
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const internal = {
  code: 'E_INTERNAL',
  message: 'Paceline itself has a fault',
  hint: 'The log of the head has the details.',
}

describe('who may use the API', () => {
  it.each([
    ['GET', '/status'],
    ['POST', '/tokens'],
    ['POST', '/transcodes'],
    ['GET', '/nodes'],
    ['DELETE', '/nodes/loft'],
    ['POST', '/nodes/loft/drain'],
    ['POST', '/nodes/loft/resume'],
    ['POST', '/nodes/loft/wake'],
    ['POST', '/nodes/loft/sleep'],
    ['POST', '/nodes/loft/keep-warm'],
    ['POST', '/viewers/expect'],
    ['POST', '/observe'],
    ['GET', '/observed'],
    ['GET', '/energy'],
    ['GET', '/energy/history'],
  ])('%s %s wants the head’s own token', async (method, path) => {
    for (const token of ['', 'guess', `${secret}x`]) {
      const answer = await call(method, path, method === 'POST' ? { ...order, name: 'a' } : undefined, token)
      expect(answer.status).toBe(401)
      expect(json(answer)).toEqual({ code: 'E_API_DENIED', message: 'The API token is missing or wrong' })
    }
    expect((await plane.send(method, `/api/v1${path}`)).status).toBe(401)
    expect(asked).toEqual({
      tokens: [],
      removed: [],
      drained: [],
      switched: [],
      observing: [],
      histories: [],
      transcodes: [],
    })
    expect([callers, new Set(refused)]).toEqual([0, new Set(['E_API_DENIED'])])
  })

  it('anybody may ask whether the head is well', async () => {
    const answer = await plane.send('GET', '/healthz')
    expect([answer.status, json(answer)]).toEqual([200, { ok: true }])
  })

  it('nothing is said of paths that are not there, with the token or without', async () => {
    expect((await call('GET', '/sessions')).status).toBe(404)
    expect((await plane.send('GET', '/')).status).toBe(404)
  })
})

describe('observing', () => {
  it('is switched on and off by POST /observe', async () => {
    for (const on of [true, false]) {
      const answer = await call('POST', '/observe', { on })
      expect([answer.status, json(answer)]).toEqual([200, { on }])
    }
    expect(asked.observing).toEqual([true, false])
    expect((await call('POST', '/observe', { on: 'yes' })).status).toBe(400)
    expect(asked.observing).toEqual([true, false])
  })

  it('is told of by GET /observed, the last ones that are asked for', async () => {
    expect(json(await call('GET', '/observed'))).toEqual([...observed, ...observed])
    expect(json(await call('GET', '/observed?last=1'))).toEqual(observed)
    expect((await call('GET', '/observed?last=0')).status).toBe(400)
  })
})

describe('GET /status', () => {
  it('is what the head says of itself', async () => {
    const answer = await call('GET', '/status')
    expect([answer.status, json(answer)]).toEqual([200, status])
  })
})

describe('the nodes', () => {
  it('are listed, there or not', async () => {
    expect(json(await call('GET', '/nodes'))).toEqual(nodes)
  })

  it('are put out by name or id', async () => {
    const answer = await call('DELETE', '/nodes/loft')
    expect([answer.status, json(answer)]).toEqual([200, { id: 'n1', name: 'loft' }])
    expect(asked.removed).toEqual(['loft'])
  })

  it('are not put out by a name that nobody has', async () => {
    const answer = await call('DELETE', '/nodes/attic')
    expect([answer.status, json(answer).code]).toEqual([409, 'E_NODE_NAME'])
  })

  it('a caller with the token is known to the gate', async () => {
    await call('GET', '/nodes')
    expect(callers).toBe(1)
  })
})

describe('POST /tokens', () => {
  const command = 'npx paceline node --join pl_1'

  it('lets one more node in', async () => {
    const answer = await call('POST', '/tokens', { name: 'loft', address: '192.168.1.5' })
    expect([answer.status, json(answer)]).toEqual([
      200,
      { name: 'loft', token: 'pl_1', validSeconds: 3_600, command },
    ])
    expect(asked.tokens).toEqual([{ name: 'loft', address: '192.168.1.5', validSeconds: 3_600 }])
  })

  it('leaves the name to the node, and may be good for less than an hour', async () => {
    const answer = await call('POST', '/tokens', { validSeconds: 60 })
    expect(json(answer)).toEqual({ name: null, token: 'pl_1', validSeconds: 60, command })
  })

  it.each([
    ['more than an hour', { validSeconds: 3_601 }],
    ['no time at all', { validSeconds: 0 }],
    ['a name of two lines', { name: 'a\nb' }],
    ['an empty name', { name: '' }],
    ['a name that is too long', { name: 'x'.repeat(65) }],
    ['a name that is no text', { name: 7 }],
    ['an empty address', { name: 'loft', address: '' }],
    ['something unknown', { name: 'loft', admin: true }],
    ['no object', ['loft']],
    ['nothing', undefined],
  ])('refuses %s', async (_name, body) => {
    const answer = await call('POST', '/tokens', body)
    expect([answer.status, json(answer).code]).toEqual([400, 'E_USAGE'])
    expect(asked.tokens).toEqual([])
  })

  it('refuses what is no JSON', async () => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
    expect((await plane.send('POST', '/api/v1/tokens', headers, Buffer.from('{"name'))).status).toBe(400)
  })

  it('says what went wrong, by code', async () => {
    issue = () => Promise.reject(new PacelineError('E_NATS_CONNECT', 'nats://127.0.0.1:1'))
    const answer = await call('POST', '/tokens', { name: 'loft' })
    expect(answer.status).toBe(409)
    expect(json(answer)).toMatchObject({ code: 'E_NATS_CONNECT', hint: expect.any(String) })
    expect(logged).toEqual([])
  })

  it('tells the caller that the head has a fault, and which one to the log alone', async () => {
    const fault = new TypeError('/home/somebody/x is not a function')
    issue = () => Promise.reject(fault)
    const answer = await call('POST', '/tokens', { name: 'loft' })
    expect([answer.status, json(answer)]).toEqual([500, internal])
    expect(logged).toEqual([{ error: fault, route: 'POST /api/v1/tokens', status: 500 }])
  })
})

describe('POST /transcodes', () => {
  it('fills in what is not said', async () => {
    await call('POST', '/transcodes', order)
    expect(asked.transcodes[0]!.request).toEqual({
      ...order,
      ...{
        overwrite: false,
        codec: 'h264',
        quality: 21,
        preset: 'veryfast',
        audio: 'aac',
        audioBitrate: 160,
      },
    })
  })

  it('tells of the work a line at a time', async () => {
    const progress: TranscodeEvent = { type: 'progress', percent: 50, speed: 3, nodes: {} }
    events = async function* () {
      yield progress
      yield done
    }
    const answer = await call('POST', '/transcodes', order)
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson'])
    expect(lines(answer)).toEqual([progress, done])
  })

  it('tells as soon as there is something to tell', async () => {
    let finish = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    let isOver = false
    events = async function* () {
      yield { type: 'progress', percent: null, speed: 0, nodes: {} }
      await finished
      isOver = true
      yield done
    }
    const { firstLine } = begin()
    expect(JSON.parse(await firstLine)).toMatchObject({ type: 'progress', percent: null })
    expect(isOver).toBe(false)
    finish()
    await eventually(() => isOver)
  })

  it.each([
    ['a path that is not absolute', { ...order, input: 'film.mkv' }],
    ['no output', { input: '/media/film.mkv' }],
    ['an unknown codec', { ...order, codec: 'av1' }],
    ['a quality beyond the scale', { ...order, quality: 52 }],
    ['lines that are no whole number', { ...order, height: 719.5 }],
    ['too few lines', { ...order, height: 8 }],
    ['an unknown preset', { ...order, preset: 'warp' }],
    ['something unknown', { ...order, arguments: ['-y'] }],
    ['nothing', undefined],
  ])('refuses %s', async (_name, body) => {
    const answer = await call('POST', '/transcodes', body)
    expect([answer.status, json(answer).code]).toEqual([400, 'E_USAGE'])
    expect(json(answer).message).not.toBe('')
    expect(asked.transcodes).toEqual([])
  })

  it('ends with why it failed', async () => {
    events = async function* () {
      yield { type: 'progress', percent: 0, speed: 0, nodes: {} }
      throw new PacelineError('E_PROBE_MISSING', '/media/film.mkv')
    }
    const answer = await call('POST', '/transcodes', order)
    expect(lines(answer).at(-1)).toEqual({
      ...{ type: 'failed', code: 'E_PROBE_MISSING' },
      message: 'The input does not exist: /media/film.mkv',
      hint: expect.any(String),
    })
    expect(logged).toEqual([])
  })

  it('ends with a fault of the head as well', async () => {
    events = () => {
      throw new TypeError('x is not a function')
    }
    const answer = await call('POST', '/transcodes', order)
    expect(lines(answer)).toEqual([{ type: 'failed', ...internal }])
    expect(logged).toEqual([{ error: expect.any(TypeError), route: 'POST /api/v1/transcodes' }])
  })

  it('is cancelled when the caller goes away', async () => {
    let isOver = false
    events = async function* (signal) {
      while (!signal.aborted) {
        yield { type: 'progress', percent: 1, speed: 1, nodes: {} }
        await sleep(5)
      }
      // What comes after is for nobody, and must not disturb the head.
      for (let n = 0; n < 50; n++) yield done
      isOver = true
    }
    const { request, firstLine } = begin()
    await firstLine
    expect(asked.transcodes[0]!.signal.aborted).toBe(false)
    request.destroy()
    await eventually(() => isOver)
    expect((await plane.send('GET', '/healthz')).status).toBe(200)
  })

  it('is not cancelled by a caller that stays', async () => {
    events = async function* (signal) {
      await sleep(30)
      yield { ...done, frames: signal.aborted ? 0 : 300 } as TranscodeEvent
    }
    expect(lines(await call('POST', '/transcodes', order))[0].frames).toBe(300)
  })
})

/** Begins a transcode and waits for its first line only. */
function begin() {
  const body = JSON.stringify(order)
  const request = plane.begin('POST', '/api/v1/transcodes', {
    authorization: `Bearer ${secret}`,
    'content-type': 'application/json',
  })
  request.on('error', () => {})
  const firstLine = new Promise<string>((resolve) =>
    request.once('response', (response) => {
      response.on('error', () => {})
      response.once('data', (chunk: Buffer) => resolve(chunk.toString().split('\n')[0]!))
    }),
  )
  request.end(body)
  return { request, firstLine }
}

describe('draining', () => {
  it('a node is told to the head, by force only when that is asked for', async () => {
    expect(json(await call('POST', '/nodes/cellar/drain', {}))).toEqual({
      ...{ id: 'n1', name: 'cellar', state: 'draining' },
    })
    await call('POST', '/nodes/two%20words/drain', { force: true })
    expect(json(await call('POST', '/nodes/cellar/resume', {}))).toMatchObject({ state: null })
    expect(asked.drained).toEqual([['cellar', false], ['two words', true], 'cellar'])
  })

  it('the last node is refused with a code and what to do', async () => {
    const answer = await call('POST', '/nodes/loft/drain', { force: false })
    expect(answer.status).toBe(409)
    expect(json(answer)).toMatchObject({ code: 'E_LAST_NODE', hint: expect.stringContaining('--force') })
  })

  it('with anything else in the request is not understood', async () => {
    expect((await call('POST', '/nodes/loft/drain', { forec: true })).status).toBe(400)
    expect(asked.drained).toEqual([])
  })
})

describe('power', () => {
  it('is switched by name: woken for a quarter of an hour unless told, kept as long as asked, put to sleep', async () => {
    expect(json(await call('POST', '/nodes/cellar/wake', {}))).toMatchObject({
      name: 'cellar',
      state: 'waking',
    })
    await call('POST', '/nodes/cellar/wake', { minutes: 0 })
    await call('POST', '/nodes/cellar/keep-warm', { minutes: 120 })
    await call('POST', '/nodes/cellar/sleep', {})
    await call('POST', '/nodes/loft/sleep', { force: true })
    expect(asked.switched).toEqual([
      ['wake', 'cellar', 15],
      ['wake', 'cellar', 0],
      ['keep', 'cellar', 120],
      ['sleep', 'cellar', false],
      ['sleep', 'loft', true],
    ])
  })

  it('is kept for a viewer who may come, for five minutes unless told', async () => {
    expect(json(await call('POST', '/viewers/expect', {}))).toEqual({ isTaken: true, seconds: 300 })
    await call('POST', '/viewers/expect', { minutes: 30 })
    expect(asked.switched).toEqual([
      ['expect', 5],
      ['expect', 30],
    ])
  })

  it('of the last node that works is not cut without force', async () => {
    const answer = await call('POST', '/nodes/loft/sleep', {})
    expect(answer.status).toBe(409)
    expect(json(answer)).toMatchObject({ code: 'E_LAST_NODE' })
  })

  it.each([
    ['/nodes/loft/keep-warm', {}],
    ['/nodes/loft/keep-warm', { minutes: -1 }],
    ['/nodes/loft/wake', { hours: 2 }],
    ['/viewers/expect', { minutes: 31 }],
    ['/viewers/expect', { minutes: 0.5 }],
  ])('%s with %j is not understood', async (path, body) => {
    expect((await call('POST', path, body)).status).toBe(400)
    expect(asked.switched).toEqual([])
  })
})

describe('what the dashboard reads', () => {
  it('is the state, and the page of a node', async () => {
    expect(json(await call('GET', '/state'))).toEqual({ sequence: 3 })
    expect(json(await call('GET', '/nodes/loft'))).toEqual({ node: { name: 'loft' } })
    expect((await call('GET', '/nodes/attic')).status).toBe(409)
  })

  it('is a session and its segments, or that there is none', async () => {
    expect(json(await call('GET', '/sessions/s/segments'))).toEqual({
      segments: [[0, 'loft', 's-0', null, 0]],
    })
    const answer = await call('GET', '/sessions/s')
    expect([answer.status, json(answer).code]).toEqual([404, 'E_SESSION_NAME'])
  })

  it('is what it publishes, as a player of HLS wants it, and nothing of it to strangers', async () => {
    const list = await call('GET', '/sessions/s/preview/index.m3u8')
    expect([list.status, list.headers['content-type'], list.body.toString()]).toEqual([
      ...[200, 'application/vnd.apple.mpegurl', '#EXTM3U\n'],
    ])
    const film = await call('GET', '/sessions/s/preview/7.ts')
    expect([film.headers['content-type'], film.body.toString()]).toEqual(['video/mp2t', 'film'])
    for (const path of [
      's/preview/8.ts',
      's/preview/7.mp4',
      's/preview/..%2f7.ts',
      'none/preview/index.m3u8',
    ])
      expect([path, (await call('GET', `/sessions/${path}`)).status]).toEqual([path, 404])
    expect((await call('GET', '/sessions/s/preview/7.ts', undefined, 'wrong')).status).toBe(401)
  })

  it('is what was written last, of a session too', async () => {
    expect(json(await call('GET', '/logs?session=s&last=7'))).toMatchObject([{ atMs: 7, session: 's' }])
    expect((await call('GET', '/logs?last=0')).status).toBe(400)
  })

  it('is not for who has no key', async () => {
    for (const path of ['/state', '/events', '/nodes/loft', '/sessions/s']) {
      expect((await call('GET', path, undefined, 'another')).status).toBe(401)
    }
  })

  it('comes with all that changes, from where the reader was', async () => {
    reading.ended = 0
    await call('GET', '/events').catch(() => {})
    expect(reading.last).toEqual([undefined])
    await eventually(() => reading.ended === 1)
  })

  it('is told to so many readers only', async () => {
    reading.hasRoom = false
    const answer = await call('GET', '/events')
    reading.hasRoom = true
    expect([answer.status, json(answer).code]).toEqual([503, 'E_TOO_MANY_CONNECTIONS'])
  })
})

describe('energy', () => {
  it('is told, and its history by steps', async () => {
    expect(json(await call('GET', '/energy'))).toEqual({ trouble: null })
    await call('GET', '/energy/history')
    const answer = await call('GET', '/energy/history?step=day&last=30')
    expect(json(answer)).toEqual({ step: 'day', points: [], trouble: null })
    expect(asked.histories).toEqual([
      { step: 'hour', last: 48 },
      { step: 'day', last: 30 },
    ])
  })

  it.each(['step=week', 'last=0', 'last=1e9', 'last=many'])('is not told of %s', async (query) => {
    expect((await call('GET', `/energy/history?${query}`)).status).toBe(400)
  })
})

describe('GET /metrics', () => {
  it('is for who may look, in the format of Prometheus', async () => {
    const viewer = { authorization: 'Bearer the-viewer-token' }
    const answer = await plane.send('GET', '/metrics', viewer)
    expect([answer.status, answer.body.toString()]).toEqual([200, 'paceline_up 1\n'])
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect((await plane.send('GET', '/metrics')).status).toBe(401)
  })
})

describe('the document of the API', () => {
  it('names exactly the routes that there are', async () => {
    const named = operations.map(
      ({ method, path }) => `${method.toUpperCase()} /api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    )
    expect(routes.filter((route) => route.includes('/api/v1')).toSorted()).toEqual(named.toSorted())
  })

  it('is there for who may look', async () => {
    const answer = await call('GET', '/openapi.json', undefined, 'the-viewer-token')
    expect([answer.status, json(answer).info.version]).toEqual([200, '0.1.0'])
  })
})
