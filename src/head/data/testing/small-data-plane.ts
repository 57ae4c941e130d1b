import { createHash } from 'node:crypto'
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { fingerprintOf, makeCertificate } from '../../../cluster/certificate.ts'
import { dataPlane } from '../../../cluster/messages.ts'
import { type DataServerOptions, type ServerLog, startDataServer } from '../data-server.ts'
import { createLeaseBook, type LeaseBook, type LeaseOwner, type Verdict } from '../lease-book.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** The head's real server with real TLS on a port of the kernel's choice, and a client of it. */
export interface SmallDataPlane {
  readonly leases: LeaseBook
  readonly port: number
  send(method: string, path: string, headers?: OutgoingHttpHeaders, body?: Buffer): Promise<Answer>
  /** A request whose headers are sent and whose body, if any, is the caller's to send. */
  begin(method: string, path: string, headers?: OutgoingHttpHeaders): ClientRequest
  close(): Promise<void>
}

export async function openSmallDataPlane(
  addRoutes: DataServerOptions['addRoutes'] = () => {},
  log: ServerLog = { warn: () => {}, error: () => {} },
): Promise<SmallDataPlane> {
  const pair = makeCertificate()
  const leases = createLeaseBook()
  const server = await startDataServer({
    certificate: {
      ...{ ...pair, certificatePath: '', keyPath: '' },
      fingerprint: fingerprintOf(pair.certificate),
    },
    ...{ leases, addRoutes, log },
    listen: { host: '127.0.0.1', port: 0 },
  })
  const begin = (method: string, path: string, headers: OutgoingHttpHeaders = {}) =>
    httpsRequest(`https://127.0.0.1:${server.port}${path}`, { method, headers, ca: pair.certificate })
  return {
    ...{ leases, begin, port: server.port },
    async send(method, path, headers, body) {
      const request = begin(method, path, headers)
      const answer = answerTo(request)
      request.end(body)
      return answer
    },
    close: () => server.close(),
  }
}

/** The answer to a request with all of its body; rejects when the connection ends before it is whole. */
export function answerTo(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once('error', reject)
    request.once('response', (response) => {
      const { statusCode = 0, headers } = response
      buffer(response).then((body) => resolve({ status: statusCode, headers, body }), reject)
    })
  })
}

/** What an honest agent sends with a segment. */
export function segmentHeaders(token: string, bytes: Buffer): OutgoingHttpHeaders {
  return {
    authorization: `Bearer ${token}`,
    'content-type': 'application/octet-stream',
    'content-length': bytes.length,
    [dataPlane.digestHeader]: `sha-256=${createHash('sha256').update(bytes).digest('hex')}`,
  }
}

/** A session that takes what it is told to and remembers it. */
export class SmallOwner implements LeaseOwner {
  answer: Verdict = 'accept'
  /** What is wrong with the content of segments. */
  objection: string | null = null
  readonly stored: { readonly attempt: string; readonly segment: number; readonly bytes: Buffer }[] = []

  verdict(): Verdict {
    return this.answer
  }

  async store(attempt: string, segment: number, bytes: Buffer): Promise<string | null> {
    if (this.objection === null) this.stored.push({ attempt, segment, bytes })
    return this.objection
  }
}
