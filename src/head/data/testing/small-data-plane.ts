import { createHash } from 'node:crypto'
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { fingerprintOf, makeCertificate, makeNodeCertificate } from '../../../cluster/certificate.ts'
import { dataPlane, type KeyPair } from '../../../cluster/messages.ts'
import { createGate } from '../../gate/gate.ts'
import { createRefusalLog } from '../../refusal-log.ts'
import { type DataServerOptions, type ServerLog, startDataServer } from '../data-server.ts'
import { createLeaseBook, type LeaseBook, type LeaseOwner, type Verdict } from '../lease-book.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Who a request comes from: two nodes, somebody with a certificate of his own, and somebody without. */
export type Caller = 'node-1' | 'node-2' | 'stranger' | 'nobody'

const identities = new Map<Caller, KeyPair>([
  ['node-1', makeNodeCertificate()],
  ['node-2', makeNodeCertificate()],
])

const stranger = makeNodeCertificate()

/** The head's real server with real TLS on a port of the kernel's choice, and a client of it. */
export interface SmallDataPlane {
  readonly leases: LeaseBook
  readonly port: number
  send(
    method: string,
    path: string,
    headers?: OutgoingHttpHeaders,
    body?: Buffer,
    as?: Caller,
  ): Promise<Answer>
  /** A request whose headers are sent and whose body, if any, is the caller's to send. */
  begin(method: string, path: string, headers?: OutgoingHttpHeaders, as?: Caller): ClientRequest
  /** The node is none any more. */
  forget(id: Caller): void
  close(): Promise<void>
}

export async function openSmallDataPlane(
  addRoutes: DataServerOptions['addRoutes'] = () => {},
  log: ServerLog = { warn: () => {}, error: () => {} },
): Promise<SmallDataPlane> {
  const pair = makeCertificate()
  const leases = createLeaseBook()
  const known = new Map<string, string>()
  const refusals = createRefusalLog(log, () => performance.now())
  const gate = createGate({
    ...{ certificate: pair, natsPort: null, refusals },
    nodeWith: (fingerprint) =>
      [...known].flatMap(([id, own]) => (own === fingerprint ? [{ id, name: `name of ${id}` }] : []))[0],
  })
  const listen = { host: '127.0.0.1', port: 0 }
  const server = await startDataServer({ gate, leases, refusals, addRoutes, log, listen })
  for (const [id, { certificate }] of identities) known.set(id, fingerprintOf(certificate))
  const begin = (method: string, path: string, headers: OutgoingHttpHeaders = {}, as: Caller = 'node-1') => {
    const identity = as === 'stranger' ? stranger : identities.get(as)
    const shown = identity && { cert: identity.certificate, key: identity.key }
    const url = `https://127.0.0.1:${server.port}${path}`
    return httpsRequest(url, { method, headers, ca: pair.certificate, ...shown })
  }
  return {
    ...{ leases, begin, port: server.port },
    forget(id) {
      known.delete(id)
    },
    async send(method, path, headers, body, as) {
      const request = begin(method, path, headers, as)
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
export function segmentHeaders(bytes: Buffer): OutgoingHttpHeaders {
  return {
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
