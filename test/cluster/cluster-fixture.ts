import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certificate, fingerprintOf, openCertificate } from '../../src/cluster/certificate.ts'
import { type Credentials, openCredentials } from '../../src/cluster/credentials.ts'
import type { Beat, GrantOrder, NodeCredentials, Report } from '../../src/cluster/messages.ts'
import type { NatsAccess } from '../../src/cluster/nats-access.ts'
import { type RunningNatsServer, startNatsServer } from '../../src/cluster/nats-server.ts'
import { makeNodeKeys } from '../../src/cluster/node-credentials.ts'
import { type DataServer, startDataServer } from '../../src/head/data/data-server.ts'
import { createLeaseBook } from '../../src/head/data/lease-book.ts'
import { createGate, type Gate } from '../../src/head/gate/gate.ts'
import { createRefusalLog } from '../../src/head/refusal-log.ts'

/** A nats-server of the head's kind with everything that belongs to it, in a folder of its own. */
export interface TestCluster {
  readonly folder: string
  readonly certificate: Certificate
  readonly credentials: Credentials
  readonly server: RunningNatsServer
  /** The port that nodes enter by, and what stands in it. */
  readonly port: DataServer
  readonly gate: Gate
  /** What was refused, as the head's log has it. */
  readonly refused: readonly { readonly code: string; readonly who: string }[]
  readonly headAccess: NatsAccess
  readonly ledgerAccess: NatsAccess
  /** Makes a node and lets it in. */
  readonly admit: (name: string) => Promise<NodeCredentials>
  readonly close: () => Promise<void>
}

export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-cluster-'))
  const certificate = await openCertificate(folder)
  const credentials = await openCredentials(folder)
  const users = credentials.users()
  const server = await startNatsServer({ dataFolder: folder, port: 0, users, certificate })
  const access = { url: server.url, inTheClear: true } as const
  const refused: { code: string; who: string }[] = []
  const log = { warn: (fields: object) => void refused.push(fields as never), error: () => {} }
  const refusals = createRefusalLog(log, () => performance.now())
  const gate = createGate({
    ...{ certificate, refusals, natsPort: server.port },
    nodeWith: credentials.nodeWith,
  })
  const port = await startDataServer({
    ...{ gate, refusals, log, leases: createLeaseBook(), addRoutes: () => {} },
    listen: { host: '127.0.0.1', port: 0 },
  })
  return {
    folder,
    certificate,
    credentials,
    server,
    port,
    gate,
    refused,
    headAccess: { ...access, seed: credentials.headSeed },
    ledgerAccess: { ...access, seed: credentials.ledgerSeed },
    admit: async (name) => {
      const { seed, publicKey, identity } = makeNodeKeys()
      const fingerprint = fingerprintOf(identity.certificate)
      const { id } = await credentials.admit({ name, publicKey, fingerprint, ifNameIsKnown: 'replace' })
      await gate.whileNobodyEnters(() => server.setUsers(credentials.users()))
      const head = `https://127.0.0.1:${port.port}`
      return { id, name, seed, identity, head, certificate: certificate.certificate }
    },
    close: async () => {
      await port.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const beatOf = (node: string, more: Partial<Beat> = {}): Beat => ({
  node,
  name: `name of ${node}`,
  boot: 'boot-1',
  contract: 1,
  version: '0.1.0',
  platforms: ['software'],
  cores: 4,
  leases: [],
  ...more,
})

export const grant: GrantOrder = {
  type: 'grant',
  attempt: 'a1',
  session: 's1',
  part: 'p0',
  from: 0,
  to: 10,
  until: 4,
  args: ['-i', '{input:0}', '{output}'],
  inputs: [{ url: '/data/v1/media/a1/0', size: 1_000, identity: 'i1' }],
}

export const endedReport = (node: string, more: Partial<Report> = {}): Report => ({
  type: 'ended',
  node,
  attempt: 'a1',
  outcome: 'clean',
  next: 10,
  exitCode: 0,
  stderr: '',
  ...more,
})

/** Waits until `condition` holds, and returns the milliseconds that took; fails after `timeoutMs`. */
export async function until(condition: () => boolean, timeoutMs = 5_000): Promise<number> {
  const startedAt = performance.now()
  while (!condition()) {
    if (performance.now() - startedAt > timeoutMs)
      throw new Error(`not so within ${timeoutMs} ms: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return performance.now() - startedAt
}
