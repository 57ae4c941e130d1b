import type { ErrorCode } from '../../errors.ts'
import type { RefusalLog } from '../refusal-log.ts'

/** What the nats-server refuses to nodes, told in the head's own log: it has it only in its own words and numbers. */
export interface NatsViolations {
  /** A node's connection goes on to the server from this port of ours. */
  passedOn(port: number, node: string): void
  /** A line of the server's log. */
  heard(line: string): void
}

/** Ports that are remembered; lines come within moments, but perhaps after the connection has gone. */
const rememberedPorts = 1_000

/** Of nats-server's client.go and parser.go, the same from 2.9 to 2.11. */
const kinds: readonly (readonly [words: RegExp, code: ErrorCode])[] = [
  [/ - (?:Publish|Subscription) Violation - /, 'E_NODE_SUBJECT'],
  [/ - maximum payload exceeded: /, 'E_TOO_LARGE'],
  [/ - Client parser ERROR, /, 'E_NODE_MESSAGE'],
]

export function createNatsViolations(refusals: RefusalLog): NatsViolations {
  const nodes = new Map<number, string>()
  return {
    passedOn(port, node) {
      nodes.delete(port)
      nodes.set(port, node)
      for (const oldest of nodes.keys()) {
        if (nodes.size <= rememberedPorts) break
        nodes.delete(oldest)
      }
    },
    heard(line) {
      const [, port] = /\[ERR\] 127\.0\.0\.1:(\d+) - cid:/.exec(line) ?? []
      const node = nodes.get(Number(port))
      const [, code] = kinds.find(([words]) => words.test(line)) ?? []
      if (node !== undefined && code !== undefined) refusals.note(code, node, particulars(line), 'NATS')
    },
  }
}

/** The subject, without the server's numbers and keys; what a node has sent may be long, and is its own business. */
function particulars(line: string): string {
  const subject = /, Subject "([^"]{1,100})/.exec(line)?.[1]
  const size = /maximum payload exceeded: (\d+)/.exec(line)?.[1]
  return subject ?? (size === undefined ? 'no protocol of NATS' : `${size} bytes`)
}
