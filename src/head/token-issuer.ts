import { isIPv6 } from 'node:net'
import type { Credentials } from '../cluster/credentials.ts'
import { encodeJoinToken } from '../cluster/join-token.ts'
import { outsideAddresses } from './addresses.ts'
import type { ControlPlane } from './control-plane.ts'

export interface IssuedToken {
  readonly id: string
  readonly name: string
  /** For `paceline node --join`; it is a secret. */
  readonly token: string
}

/** Lets one more node in: makes its key, tells the NATS server, and packs what the node has to know. */
export function tokenIssuer(credentials: Credentials, control: ControlPlane, certificate: string) {
  return async (name: string, address: string | undefined, dataPort: number): Promise<IssuedToken> => {
    const { node, seed } = await credentials.issue(name)
    await control.letIn(credentials)
    const host = inUrl(address ?? outsideAddresses()[0] ?? '127.0.0.1')
    const token = encodeJoinToken({
      ...{ id: node.id, name, seed, certificate },
      nats: control.foreign ? control.url : `nats://${host}:${control.port}`,
      head: `https://${host}:${dataPort}`,
      ...(control.foreign && { foreignNats: true }),
    })
    return { id: node.id, name, token }
  }
}

/** An IPv6 address stands in brackets in a URL (RFC 3986, 3.2.2). */
function inUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}
