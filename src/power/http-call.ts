import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { PacelineError } from '../errors.ts'

/** No device has more to say than this. */
const mostAnswerBytes = 256 * 1_024

/** How to judge the certificate of an https device. */
export interface Trust {
  /** SHA-256 of its certificate, 64 lower-case hexadecimal digits. */
  readonly fingerprint?: string
  /** Take any certificate. */
  readonly insecure?: boolean
}

export interface HttpRequest {
  readonly url: URL
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly trust?: Trust
  /** What messages call it; by default its URL without the query. */
  readonly shownAs?: string
  readonly signal: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** A request for messages: its URL has no query there, where some devices want their password. */
export const nameOf = ({ url, shownAs }: Pick<HttpRequest, 'url' | 'shownAs'>): string =>
  shownAs ?? `${url.origin}${url.pathname === '/' ? '' : url.pathname}`

/**
 * One HTTP request on a connection of its own, redirects not followed.
 *
 * @throws PacelineError E_POWER_UNREACHABLE without an answer, E_POWER_ANSWER for one that breaks off or is too long;
 * the signal's reason when that is aborted
 */
export async function httpCall(wanted: HttpRequest): Promise<HttpAnswer> {
  wanted.signal.throwIfAborted()
  const socket = wanted.url.protocol === 'https:' && wanted.trust ? await connectTrusted(wanted) : undefined
  try {
    const answer = await sendRequest(wanted, socket)
    return { status: answer.statusCode ?? 0, headers: answer.headers, text: await readAll(answer, wanted) }
  } finally {
    socket?.destroy()
  }
}

function sendRequest(wanted: HttpRequest, socket: TLSSocket | undefined): Promise<IncomingMessage> {
  const { url, method = 'GET', headers = {}, body, signal } = wanted
  const length: Record<string, string> =
    body === undefined ? {} : { 'Content-Length': `${Buffer.byteLength(body)}` }
  // With an agent, the connection made here would not be used.
  const connection: RequestOptions = socket ? { createConnection: () => socket } : { agent: false }
  const options = { method, headers: { ...headers, ...length }, signal, ...connection }
  return new Promise((resolve, reject) => {
    const call = url.protocol === 'https:' ? tlsRequest(url, options) : plainRequest(url, options)
    call.once('response', resolve)
    call.once('error', (error) => reject(signal.aborted ? signal.reason : unreachable(wanted, error)))
    call.end(body)
  })
}

async function readAll(answer: IncomingMessage, wanted: HttpRequest): Promise<string> {
  const { signal } = wanted
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > mostAnswerBytes)
        throw new PacelineError('E_POWER_ANSWER', `${nameOf(wanted)}: over ${mostAnswerBytes} bytes`)
      pieces.push(piece)
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof PacelineError) throw error
    throw new PacelineError('E_POWER_ANSWER', `${nameOf(wanted)}: it broke off after ${bytes} bytes`)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** A connection to a device whose certificate has been judged before anything is said on it. */
function connectTrusted(wanted: HttpRequest): Promise<TLSSocket> {
  const { url, trust = {}, signal } = wanted
  const isOwn = trust.fingerprint !== undefined || trust.insecure === true
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const servername = isIP(host) ? {} : { servername: host }
    const socket = connect({ host, port: Number(url.port || 443), rejectUnauthorized: !isOwn, ...servername })
    const fail = (error: unknown) => {
      socket.destroy()
      signal.removeEventListener('abort', stop)
      reject(error)
    }
    const stop = () => fail(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    socket.once('error', (error) => fail(unreachable(wanted, error)))
    socket.once('secureConnect', () => {
      const shown = socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase()
      if (trust.fingerprint !== undefined && shown !== trust.fingerprint)
        return fail(unreachable(wanted, new Error(`its certificate is another one: ${shown}`)))
      signal.removeEventListener('abort', stop)
      resolve(socket)
    })
  })
}

function unreachable(wanted: HttpRequest, error: NodeJS.ErrnoException): PacelineError {
  return new PacelineError('E_POWER_UNREACHABLE', `${nameOf(wanted)}: ${error.code ?? ''} ${error.message}`)
}
