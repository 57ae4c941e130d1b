import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { makeNodeCertificate } from './certificate.ts'
import type { KeyPair, NodeCredentials } from './messages.ts'
import { readFileIfThere, writePrivateFile } from './private-file.ts'

/** What a node makes for itself before it joins. */
export interface NodeKeys {
  /** nkey seed (`SU...`) for NATS, and its public half. */
  readonly seed: string
  readonly publicKey: string
  /** For TLS. */
  readonly identity: KeyPair
}

/** `node.json` of a node's folder. */
export interface KeptNode {
  /** Id of the token with which it joins, or has joined. */
  readonly token: string
  readonly keys: NodeKeys
  /** Null until the head has let it in. */
  readonly joined: Omit<NodeCredentials, 'seed' | 'identity'> | null
  /** Another token that has not let it in yet: what it has joined stays good until then. */
  readonly pending?: Pick<KeptNode, 'token' | 'keys'>
}

export function makeNodeKeys(): NodeKeys {
  const pair = nkeys.createUser()
  const seed = Buffer.from(pair.getSeed()).toString('ascii')
  return { seed, publicKey: pair.getPublicKey(), identity: makeNodeCertificate() }
}

/** Undefined where nobody has joined yet. Throws a SyntaxError when the file is damaged. */
export async function readKeptNode(folder: string): Promise<KeptNode | undefined> {
  const text = await readFileIfThere(pathIn(folder))
  return text === undefined ? undefined : (JSON.parse(text) as KeptNode)
}

/** Mode 0600, whole or not at all. Throws what the file system says. */
export async function keepNode(folder: string, kept: KeptNode): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writePrivateFile(pathIn(folder), `${JSON.stringify(kept, null, 2)}\n`)
}

const pathIn = (folder: string): string => join(folder, 'node.json')
