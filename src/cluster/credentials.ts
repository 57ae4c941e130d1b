import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import type { NatsUsers } from './nats-users.ts'
import { readFileIfThere, writePrivateFile } from './private-file.ts'

export interface NodeCredential {
  readonly id: string
  readonly name: string
  /** `U...`; the seed is only in the join token. */
  readonly publicKey: string
}

/** Who may enter: kept in the data folder, where nodes are known by public key alone. */
export interface Credentials {
  /** nkey seeds of the head's own two connections. */
  readonly headSeed: string
  readonly ledgerSeed: string
  readonly nodes: () => readonly NodeCredential[]
  /** What nats-server has to know. */
  readonly users: () => NatsUsers
  /**
   * Makes a key for a node. A name that is known keeps its id and gets a new key: the earlier token is void
   * (as soon as the server has been told by `setUsers`).
   */
  readonly issue: (name: string) => Promise<{ readonly node: NodeCredential; readonly seed: string }>
  /** False when there is no such node. */
  readonly remove: (id: string) => Promise<boolean>
}

interface KeptCredentials {
  readonly version: 1
  readonly headSeed: string
  readonly ledgerSeed: string
  readonly nodes: readonly NodeCredential[]
}

/**
 * Opens `credentials.json` (mode 0600) in the data folder, making it at the first start. Throws what the file
 * system says, and a SyntaxError when the file is damaged: silently making new keys would lock all nodes out.
 */
export async function openCredentials(dataFolder: string): Promise<Credentials> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const path = join(dataFolder, 'credentials.json')
  const text = await readFileIfThere(path)
  const kept = text === undefined ? newCredentials() : (JSON.parse(text) as KeptCredentials)
  if (text === undefined) await writePrivateFile(path, serialized(kept))
  return credentialsIn(path, kept)
}

function credentialsIn(path: string, kept: KeptCredentials): Credentials {
  let nodes = kept.nodes
  // The file first, so that nobody holds a token that a restart forgets.
  const keep = async (changed: readonly NodeCredential[]) => {
    await writePrivateFile(path, serialized({ ...kept, nodes: changed }))
    nodes = changed
  }
  return {
    headSeed: kept.headSeed,
    ledgerSeed: kept.ledgerSeed,
    nodes: () => nodes,
    users: () => ({ head: publicKeyOf(kept.headSeed), ledger: publicKeyOf(kept.ledgerSeed), nodes }),
    issue: async (name) => {
      const { seed, publicKey } = newKey()
      const known = nodes.find((node) => node.name === name)
      const node = { id: known?.id ?? `n${randomBytes(6).toString('hex')}`, name, publicKey }
      await keep([...nodes.filter((other) => other.id !== node.id), node])
      return { node, seed }
    },
    remove: async (id) => {
      const left = nodes.filter((node) => node.id !== id)
      if (left.length === nodes.length) return false
      await keep(left)
      return true
    },
  }
}

function newCredentials(): KeptCredentials {
  return { version: 1, headSeed: newKey().seed, ledgerSeed: newKey().seed, nodes: [] }
}

function newKey(): { seed: string; publicKey: string } {
  const pair = nkeys.createUser()
  return { seed: Buffer.from(pair.getSeed()).toString('ascii'), publicKey: pair.getPublicKey() }
}

function publicKeyOf(seed: string): string {
  return nkeys.fromSeed(Buffer.from(seed, 'ascii')).getPublicKey()
}

const serialized = (kept: KeptCredentials) => `${JSON.stringify(kept, null, 2)}\n`
