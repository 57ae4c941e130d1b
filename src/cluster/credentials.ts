import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { PacelineError } from '../errors.ts'
import type { NatsUsers } from './nats-users.ts'
import { readFileIfThere, writePrivateFile } from './private-file.ts'

export interface NodeCredential {
  readonly id: string
  readonly name: string
  /** nkey for NATS (`U...`); the node alone has the seed. */
  readonly publicKey: string
  /** SHA-256 of the certificate that it shows, see fingerprintOf. */
  readonly fingerprint: string
}

/** Who may enter: kept in the data folder, where nodes are known by public key alone. */
export interface Credentials {
  /** nkey seeds of the head's own two connections. */
  readonly headSeed: string
  readonly ledgerSeed: string
  readonly nodes: () => readonly NodeCredential[]
  /** What nats-server has to know. */
  readonly users: () => NatsUsers
  /** The node that shows the certificate with this fingerprint. */
  readonly nodeWith: (fingerprint: string) => NodeCredential | undefined
  /**
   * Lets a node in under its keys. With a name that is known it takes the place of that node, whose keys are then void
   * (as soon as the server has been told by `setUsers`), or, where names are to be its own, gets a number behind it.
   * A certificate that is known is that node, which stays as it is. Throws E_NODE_KEY when the NATS key is somebody
   * else's, for nats-server takes no key twice.
   */
  readonly admit: (node: Admission) => Promise<NodeCredential>
  /** False when there is no such node. */
  readonly remove: (id: string) => Promise<boolean>
}

export interface Admission extends Pick<NodeCredential, 'name' | 'publicKey' | 'fingerprint'> {
  readonly ifNameIsKnown: 'replace' | 'number'
}

interface KeptCredentials {
  readonly version: 2
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
  const kept = text === undefined ? newCredentials() : current(JSON.parse(text))
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
  let last: Promise<unknown> = Promise.resolve()
  /** One after the other: each begins with what the one before has left. */
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const changed = last.then(change, change)
    last = changed
    return changed
  }
  const [head, ledger] = [publicKeyOf(kept.headSeed), publicKeyOf(kept.ledgerSeed)]
  const nodeWith = (fingerprint: string) => nodes.find((node) => node.fingerprint === fingerprint)
  return {
    headSeed: kept.headSeed,
    ledgerSeed: kept.ledgerSeed,
    nodes: () => nodes,
    users: () => ({ head, ledger, nodes }),
    nodeWith,
    admit: ({ name: wanted, publicKey, fingerprint, ifNameIsKnown }) =>
      inTurn(async () => {
        const known = nodeWith(fingerprint)
        if (known !== undefined) return known
        const name = ifNameIsKnown === 'replace' ? wanted : freeName(wanted, nodes)
        const id = nodes.find((node) => node.name === name)?.id ?? `n${randomBytes(6).toString('hex')}`
        const others = nodes.filter((other) => other.id !== id)
        if ([head, ledger, ...others.map((other) => other.publicKey)].includes(publicKey)) {
          throw new PacelineError('E_NODE_KEY', wanted)
        }
        const node = { id, name, publicKey, fingerprint }
        await keep([...others, node])
        return node
      }),
    remove: (id) =>
      inTurn(async () => {
        const left = nodes.filter((node) => node.id !== id)
        if (left.length === nodes.length) return false
        await keep(left)
        return true
      }),
  }
}

function freeName(wanted: string, nodes: readonly NodeCredential[]): string {
  const isTaken = (name: string) => nodes.some((node) => node.name === name)
  let name = wanted
  for (let number = 2; isTaken(name); number += 1) name = `${wanted}-${number}`
  return name
}

/** The nodes of the first version had no certificates, without which nobody enters any more: they join anew. */
function current(kept: { version: number } & Omit<KeptCredentials, 'version'>): KeptCredentials {
  return { ...kept, version: 2, nodes: kept.version === 1 ? [] : kept.nodes }
}

function newCredentials(): KeptCredentials {
  return { version: 2, headSeed: newSeed(), ledgerSeed: newSeed(), nodes: [] }
}

const newSeed = (): string => Buffer.from(nkeys.createUser().getSeed()).toString('ascii')

function publicKeyOf(seed: string): string {
  return nkeys.fromSeed(Buffer.from(seed, 'ascii')).getPublicKey()
}

const serialized = (kept: KeptCredentials) => `${JSON.stringify(kept, null, 2)}\n`
