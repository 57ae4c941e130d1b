import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { OutgoingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { joinPath } from '../../src/cluster/messages.ts'
import { createAssembler } from '../../src/container/mpegts/assembler.ts'
import { PacelineError } from '../../src/errors.ts'
import type { LeaseOwner, Verdict } from '../../src/head/data/lease-book.ts'
import {
  type Caller,
  openSmallDataPlane,
  segmentHeaders,
} from '../../src/head/data/testing/small-data-plane.ts'
import { pathBytes } from '../../src/head/files/testing/path-bytes.ts'
import { addJoinRoute } from '../../src/head/join/join-route.ts'
import { createEncoderLook } from '../../src/head/session/encoder-look.ts'
import { judgeSegment } from '../../src/head/session/segment-facts.ts'
import { sampleFilm } from '../../src/head/testing/sample-film.ts'
import { mutateBytes, mutateText, mutateValue } from './mutate.ts'
import type { Random } from './random.ts'
import type { FuzzTarget } from './target.ts'

const film = sampleFilm(300, 563)
const fileBytes = 100_000

/** A session that looks at what comes as a real one does, and keeps nothing. */
class LookingOwner implements LeaseOwner {
  readonly #look = createEncoderLook(film.plan)

  verdict(_attempt: string, segment: number): Verdict {
    // No lease goes so far, and a session wants nothing that is none of a lease's.
    if (segment > 1_000_000) return 'stale'
    return (['accept', 'accept', 'accept', 'duplicate', 'stale', 'gone'] as const)[segment % 6]!
  }

  async store(_attempt: string, segment: number, bytes: Buffer): Promise<string | null> {
    const part = segment % 2 === 0 ? 'video' : 'audio'
    const judged = judgeSegment(film.plan, part, segment, bytes)
    if (!judged.ok) return judged.why
    const difference = this.#look.difference(part, bytes)
    if (difference !== null) return difference
    const assembler = createAssembler()
    if (part === 'audio') assembler.addSound(bytes)
    else assembler.assemble(bytes, { nextStartSeconds: null })
    return null
  }
}

/** The real server with TLS: requests of a node, of a stranger and of nobody, with things that no agent sends. */
export const dataTarget: FuzzTarget = {
  name: 'data',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'paceline-fuzz-'))
    const path = join(folder, 'film')
    await writeFile(path, randomBytes(fileBytes))
    const failed: unknown[] = []
    const log = { warn: () => {}, error: (fields: object) => void failed.push(fields) }
    const registry = { join: () => Promise.reject(new PacelineError('E_TOKEN_USED', 'fuzz')) }
    const gate = { fingerprintOf: () => 'f'.repeat(64) }
    const plane = await openSmallDataPlane(
      (server) => addJoinRoute(server, registry as never, gate as never, { note: () => {} }),
      log,
    )
    const opened = new Set<string>()
    let serial = 0
    const lease = (): string => {
      const attempt = `fuzz-${serial++}`
      plane.leases.open(
        attempt,
        'node-1',
        [{ path, size: fileBytes, bytes: pathBytes(path) }],
        new LookingOwner(),
      )
      opened.add(attempt)
      return attempt
    }
    const end = (attempt: string) => {
      plane.leases.close(attempt)
      opened.delete(attempt)
    }
    return {
      async step(random, keep) {
        const attempt = lease()
        const request = requestOf(random, attempt)
        keep({ ...request, body: request.body?.toString('base64') })
        if (random.oneIn(6)) await raw(plane.port, random, request)
        else await send(plane, random, request)
        end(attempt)
        if (failed.length > 0) throw new Error(`it answered 500: ${JSON.stringify(failed.splice(0))}`)
      },
      async rest() {
        if (opened.size > 0) throw new Error(`${opened.size} leases are open`)
        const health = await plane.send('GET', '/data/v1/media/none/0')
        if (health.status !== 410) throw new Error(`an honest request is answered with ${health.status}`)
      },
      async close() {
        await plane.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

interface WildRequest {
  readonly method: string
  readonly path: string
  readonly headers: OutgoingHttpHeaders
  readonly body?: Buffer
  readonly as: Caller
}

function requestOf(random: Random, attempt: string): WildRequest {
  const as: Caller = random.oneIn(10) ? random.of(['node-2', 'stranger', 'nobody'] as const) : 'node-1'
  const kind = random.below(8)
  if (kind < 4) return { ...segmentRequest(random, attempt), as }
  if (kind < 7) {
    const range = random.oneIn(3)
      ? mutateText(random, 'bytes=0-499')
      : random.of(['bytes=-1', 'bytes=5-', 'bytes=0-0'])
    const headers = wildHeaders(random, random.oneIn(2) ? { range } : {})
    return { method: 'GET', path: wildPath(random, `/data/v1/media/${attempt}/0`), headers, as }
  }
  const said = {
    token: 't',
    secret: 's',
    publicKey: `U${'A'.repeat(55)}`,
    name: 'n',
    contract: 2,
    version: '1',
  }
  const text = JSON.stringify(random.oneIn(4) ? said : mutateValue(random, said)) ?? ''
  const body = Buffer.from(random.oneIn(4) ? mutateText(random, text) : text)
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  return { method: 'POST', path: wildPath(random, joinPath), headers: wildHeaders(random, headers), body, as }
}

function segmentRequest(random: Random, attempt: string): Omit<WildRequest, 'as'> {
  const number = random.below(6)
  const good = film.segment(number % 2 === 0 ? 'video' : 'audio', number) ?? Buffer.alloc(0)
  // Transport streams that are nearly right come furthest.
  const body = random.oneIn(4) ? mutateBytes(random, good) : torn(random, good)
  const honest = segmentHeaders(body)
  if (random.oneIn(4))
    honest['content-length'] = random.of([
      0,
      1,
      body.length + 1,
      -1,
      '1e3',
      '0x10',
      2 ** 40,
      '99999999999999999999',
    ])
  const path = wildPath(random, `/data/v1/segments/${attempt}/${number}`)
  return { method: 'PUT', path, headers: wildHeaders(random, honest), body }
}

/** Some packets changed, none of them moved. */
function torn(random: Random, good: Buffer): Buffer {
  const bytes = Buffer.from(good)
  for (let changes = random.small(12); changes > 0 && bytes.length > 0; changes--) {
    const packet = 188 * random.below(Math.ceil(bytes.length / 188))
    const at = Math.min(
      bytes.length - 1,
      packet + random.of([1, 2, 3, 4, 5, 6, 8, 10, 12, 13, 14, 16, random.below(188)]),
    )
    bytes[at] = random.below(256)
  }
  return random.oneIn(10) ? bytes.subarray(0, 188 * random.below(bytes.length / 188 + 1)) : bytes
}

function wildPath(random: Random, path: string): string {
  if (!random.oneIn(4)) return path
  // Half of a pair cannot be encoded, and what Node's own client refuses to send would test that client.
  const mutated = mutateText(random, path).replace(/[\ud800-\udfff]/g, '?')
  return encodeURI(mutated.slice(0, 20_000)).replace(/^(?!\/)/, '/')
}

function wildHeaders(random: Random, headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  if (!random.oneIn(5)) return headers
  const name = random.of([
    'x-paceline-digest',
    'expect',
    'connection',
    'range',
    'content-type',
    'accept-encoding',
    'x-many',
  ])
  const value = random.of([
    '100-continue',
    'close',
    'upgrade',
    'bytes=0-',
    'sha-256=',
    'text/plain',
    'a'.repeat(9_000),
    '',
  ])
  return { ...headers, [name]: value }
}

/** With Node's client; the body comes slowly, in part, or as it should. */
async function send(
  plane: Awaited<ReturnType<typeof openSmallDataPlane>>,
  random: Random,
  wild: WildRequest,
): Promise<void> {
  const { method, path, headers, body, as } = wild
  let request: ReturnType<typeof plane.begin>
  try {
    request = plane.begin(method, path, headers, as)
  } catch {
    // Its own client finds it too wrong to be sent.
    return
  }
  const over = new Promise<void>((resolve) => {
    request.on('error', () => resolve())
    request.on('response', (response) => {
      response.on('error', () => resolve())
      response.on('close', () => resolve())
      response.resume()
    })
    request.on('close', () => resolve())
  })
  const manner = random.below(6)
  if (manner === 0 && body) {
    request.write(body.subarray(0, random.below(body.length + 1)))
    await sleep(random.below(20))
    request.destroy()
  } else if (manner === 1 && body) {
    for (let at = 0; at < body.length && !request.destroyed; at += 20_000) {
      request.write(body.subarray(at, at + 20_000))
      await sleep(1)
    }
    request.end()
  } else request.end(body)
  // A length that promises more than comes keeps both waiting for the head's patience.
  const timer = setTimeout(() => request.destroy(), 150)
  await over
  clearTimeout(timer)
  request.destroy()
}

/** As bytes inside TLS, which no client would write. */
function raw(port: number, random: Random, { method, path, headers, body }: WildRequest): Promise<void> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: a\r\n${lines.join('\r\n')}\r\n\r\n`)
  const bytes = mutateBytes(random, Buffer.concat([head, (body ?? Buffer.alloc(0)).subarray(0, 3_000)]))
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), 60)
    socket.on('error', () => undefined)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.once('secureConnect', () => {
      socket.write(bytes)
      socket.resume()
      if (random.oneIn(3)) socket.end()
    })
  })
}
