import { isIPv6 } from 'node:net'
import { contractFault } from '../../cluster/contract.ts'
import type { Credentials, NodeCredential } from '../../cluster/credentials.ts'
import { encodeJoinToken } from '../../cluster/join-token.ts'
import { contractVersion, type JoinReply, type JoinRequest } from '../../cluster/messages.ts'
import { PacelineError } from '../../errors.ts'
import { outsideAddresses } from '../addresses.ts'
import type { JoinTokens } from './join-tokens.ts'

/** Who may work for this head: tokens out, nodes in, nodes out. */
export interface Registry {
  /** A token for one more node, a secret. `validSeconds` counts from now. */
  issue(request: TokenRequest): Promise<IssuedToken>
  /** Throws PacelineError: E_TOKEN_…, E_NODE_KEY, E_NODE_TOO_OLD, E_NODE_TOO_NEW. */
  join(request: JoinRequest, fingerprint: string): Promise<JoinReply>
  readonly nodes: () => readonly NodeCredential[]
  /** By id or name. Everything that the node has open is cut off when it resolves. Throws E_NODE_NAME. */
  remove(which: string): Promise<NodeCredential>
  /** Name of a node that this head has removed since it was started. */
  formerNodeWith(fingerprint: string): string | undefined
}

export interface TokenRequest {
  readonly name: string | undefined
  /** Host name or address of this machine that the node shall use. */
  readonly address: string | undefined
  readonly validSeconds: number
}

export interface IssuedToken {
  readonly token: string
  readonly name: string | null
  readonly validSeconds: number
}

export interface RegistryOptions {
  readonly credentials: Credentials
  readonly tokens: JoinTokens
  /** See fingerprintOf. */
  readonly fingerprint: string
  readonly port: () => number
  readonly version: string
  /** Somebody else's NATS server, as nodes are to reach it. */
  readonly foreignNats: string | undefined
  /** Tells the NATS server who may enter now. */
  readonly letIn: () => Promise<void>
  /** Ends what the node has open, and forgets that it was there. */
  readonly putOut: (id: string) => void
}

/** Enough to say to each of them why it is refused; of older ones nobody asks. */
const rememberedRemovals = 1_000

export function createRegistry(options: RegistryOptions): Registry {
  const { credentials, tokens, version, foreignNats } = options
  const removed = new Map<string, string>()

  async function admit({ name, publicKey }: JoinRequest, givenName: string | null, fingerprint: string) {
    const before = credentials.nodes().map(({ id }) => id)
    const node = await credentials.admit({
      ...{ name: givenName ?? name, publicKey, fingerprint },
      ifNameIsKnown: givenName === null ? 'number' : 'replace',
    })
    if (before.includes(node.id)) options.putOut(node.id)
    return node
  }
  return {
    async issue({ name, address, validSeconds }) {
      const { id, secret } = await tokens.issue(name ?? null, validSeconds)
      const host = inUrl(address ?? outsideAddresses()[0] ?? '127.0.0.1')
      const head = `https://${host}:${options.port()}`
      const token = encodeJoinToken({ head, fingerprint: options.fingerprint, id, secret })
      return { token, name: name ?? null, validSeconds }
    },
    async join(request, fingerprint) {
      const fault = contractFault(request.contract)
      if (fault) throw new PacelineError(fault, `${request.name}, release ${request.version}`)
      const redeemed = await tokens.redeem(request.token, request.secret, fingerprint)
      if (!redeemed.ok) throw new PacelineError(redeemed.code, request.name)
      const known = credentials.nodeWith(fingerprint)
      // Let in before and no longer known: it was put out, and its token does not bring it back.
      if (redeemed.settled && !known) throw new PacelineError('E_TOKEN_USED', request.name)
      const node = known ?? (await admit(request, redeemed.name, fingerprint))
      await options.letIn()
      await tokens.settle(request.token)
      const { id, name } = node
      return {
        ...{ id, name, contract: contractVersion, version },
        ...(foreignNats !== undefined && { nats: foreignNats }),
      }
    },
    nodes: credentials.nodes,
    async remove(which) {
      const node = credentials.nodes().find(({ id, name }) => id === which || name === which)
      if (!node) throw new PacelineError('E_NODE_NAME', which)
      await credentials.remove(node.id)
      removed.set(node.fingerprint, node.name)
      for (const oldest of removed.keys()) if (removed.size > rememberedRemovals) removed.delete(oldest)
      options.putOut(node.id)
      await options.letIn()
      return node
    },
    formerNodeWith: (fingerprint) => removed.get(fingerprint),
  }
}

/** An IPv6 address stands in brackets in a URL (RFC 3986, 3.2.2). */
function inUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}
