import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import type { RunningPaceline } from '../fixture/paceline.ts'

/** A head that says nothing for so long has nothing more to say. */
const silenceMs = 700

export interface WebReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** What a browser has of somebody who signed in. */
export interface SignedIn {
  readonly cookie: string
  readonly csrf: string
}

/** Speaks with a head as browsers and programs do, and as they would not. */
export class WebCaller {
  readonly base: URL
  readonly #paceline: RunningPaceline
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false })

  private constructor(paceline: RunningPaceline, base: URL) {
    this.#paceline = paceline
    this.base = base
  }

  static async at(paceline: RunningPaceline): Promise<WebCaller> {
    const { api } = JSON.parse(await readFile(join(paceline.dataFolder, 'head.json'), 'utf8')) as {
      api: string
    }
    return new WebCaller(paceline, new URL(api))
  }

  /** As our own pages would send it. */
  get own(): OutgoingHttpHeaders {
    return { origin: this.base.origin, 'sec-fetch-site': 'same-origin' }
  }

  async token(role: 'api' | 'viewer'): Promise<OutgoingHttpHeaders> {
    const kept = await readFile(join(this.#paceline.dataFolder, `${role}-token`), 'utf8')
    return { authorization: `Bearer ${kept.trim()}` }
  }

  /** `path` goes out as it is written, however wrong. Rejects when the connection is cut. */
  async send(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders = {},
    body?: string | Buffer,
  ): Promise<WebReply> {
    const { hostname, port } = this.base
    const request = httpsRequest({
      ...{ method, path, hostname, port, agent: this.#agent },
      headers: {
        ...(body !== undefined && {
          ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        }),
        ...headers,
      },
    })
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve)
      request.on('error', reject)
    })
    request.end(body)
    const response = await answer
    return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) }
  }

  /** The status of an answer that need not end: it is not read. */
  async begins(path: string, headers: OutgoingHttpHeaders = {}): Promise<number> {
    const { hostname, port } = this.base
    const request = httpsRequest({ ...{ path, hostname, port, headers }, agent: this.#agent })
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve)
      request.on('error', reject)
    })
    request.end()
    const { statusCode = 0 } = await answer
    request.destroy()
    return statusCode
  }

  /**
   * Says exactly this over a connection of its own, and answers all that comes back until the other side ends it or is
   * silent for a moment.
   */
  async say(words: string): Promise<string> {
    const { hostname: host, port } = this.base
    const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false })
    const heard: Buffer[] = []
    await new Promise<void>((resolve) => {
      const silence = setTimeout(resolve, silenceMs)
      socket.on('data', (bytes: Buffer) => {
        heard.push(bytes)
        silence.refresh()
      })
      socket.once('secureConnect', () => socket.write(words, 'latin1'))
      socket.once('close', () => resolve())
      // Whoever is cut off has heard what he has heard.
      socket.on('error', () => resolve())
    })
    socket.destroy()
    return Buffer.concat(heard).toString('latin1')
  }

  /** Ends the connections that are kept. */
  close(): void {
    this.#agent.destroy()
  }

  async login(role: 'admin' | 'viewer', password: string): Promise<SignedIn> {
    const reply = await this.send('POST', '/api/v1/login', this.own, JSON.stringify({ role, password }))
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`)
    const cookie = reply.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    return { cookie, csrf: (JSON.parse(reply.text) as { csrf: string }).csrf }
  }
}
