import { join } from 'node:path'
import { fingerprintOf } from '../../cluster/certificate.ts'
import type { Credentials, NodeCredential } from '../../cluster/credentials.ts'
import type { JoinReply } from '../../cluster/messages.ts'
import { keepNode, makeNodeKeys, type NodeKeys, readKeptNode } from '../../cluster/node-credentials.ts'

/** Who the first responder is: a node like any other, but that the head itself has let it in. */
export interface ResponderIdentity {
  readonly id: string
  readonly name: string
  /** What `paceline node` takes as its data folder. */
  readonly folder: string
  readonly keys: NodeKeys
}

/** What it needs to know of the head, once that listens. */
export interface HeadPlace extends Pick<JoinReply, 'nats'> {
  /** https://address:port */
  readonly head: string
  /** PEM. */
  readonly certificate: string
}

/** In the place of the token by which other nodes come in. */
const noToken = 'own'

/** How it is called wherever nodes have names. */
export const responderName = 'first-responder'

/** Where a node keeps its credentials in its data folder. */
const nodeFolder = (folder: string): string => join(folder, 'node')

/**
 * Lets the first responder in under the keys that it has, or new ones. To be called before NATS is told who may enter.
 * Throws what the file system says.
 */
export async function admitResponder(
  dataFolder: string,
  credentials: Pick<Credentials, 'admit'>,
): Promise<ResponderIdentity> {
  const folder = join(dataFolder, responderName)
  const kept = await readKeptNode(nodeFolder(folder))
  const keys = kept?.keys ?? makeNodeKeys()
  // The keys first: a node without them could never be let in again.
  if (!kept) await keepNode(nodeFolder(folder), { token: noToken, keys, joined: null })
  const fingerprint = fingerprintOf(keys.identity.certificate)
  const { publicKey } = keys
  const { id, name } = await credentials.admit({
    ...{ name: responderName, publicKey, fingerprint, ifNameIsKnown: 'number' },
  })
  return { id, name, folder, keys }
}

/** Puts out the one that an earlier start of the head has let in. */
export async function dismissResponder(
  dataFolder: string,
  credentials: Pick<Credentials, 'nodeWith' | 'remove'>,
): Promise<NodeCredential | undefined> {
  const kept = await readKeptNode(nodeFolder(join(dataFolder, responderName)))
  const node = kept && credentials.nodeWith(fingerprintOf(kept.keys.identity.certificate))
  if (node) await credentials.remove(node.id)
  return node
}

/** Leaves in its folder what it needs to come in; `paceline node` reads it there. */
export async function tellResponder(
  { folder, keys, id, name }: ResponderIdentity,
  place: HeadPlace,
): Promise<void> {
  await keepNode(nodeFolder(folder), { token: noToken, keys, joined: { id, name, ...place } })
}
