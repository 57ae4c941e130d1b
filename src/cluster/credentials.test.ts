import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Admission, openCredentials } from './credentials.ts'
import { nodeIdPattern } from './messages.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-credentials-'))
  path = join(folder, 'credentials.json')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

let serial = 0

const admission = (name: string): Admission => ({
  name,
  publicKey: nkeys.createUser().getPublicKey(),
  fingerprint: (++serial).toString(16).padStart(64, '0'),
  ifNameIsKnown: 'replace',
})

describe('credentials', () => {
  it('give the head two keys of its own, the same at every start', async () => {
    const first = await openCredentials(folder)
    const second = await openCredentials(folder)
    expect(second.users()).toEqual(first.users())
    expect(first.headSeed).not.toBe(first.ledgerSeed)
    expect(nkeys.fromSeed(Buffer.from(first.headSeed)).getPublicKey()).toBe(first.users().head)
    expect(nkeys.fromSeed(Buffer.from(first.ledgerSeed)).getPublicKey()).toBe(first.users().ledger)
  })

  it('are readable by their owner only', async () => {
    await openCredentials(folder)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('know a node by its public keys alone, and the node by its certificate', async () => {
    const credentials = await openCredentials(folder)
    const attic = await credentials.admit(admission('attic'))
    await credentials.admit(admission('cellar'))
    expect(credentials.nodeWith(attic.fingerprint)).toEqual(attic)
    expect(credentials.nodeWith('0'.repeat(64))).toBeUndefined()
    expect(await readFile(path, 'utf8')).toContain(attic.publicKey)
  })

  it('survive a restart with their nodes', async () => {
    const credentials = await openCredentials(folder)
    const node = await credentials.admit(admission('attic'))
    await credentials.admit(admission('cellar'))
    await credentials.remove(node.id)
    const again = await openCredentials(folder)
    expect(again.nodes().map(({ name }) => name)).toEqual(['cellar'])
    expect(again.users().nodes).toEqual(again.nodes())
  })

  it('give nodes ids that are one token of a subject, and no two alike', async () => {
    const credentials = await openCredentials(folder)
    for (let index = 0; index < 20; index++) {
      await credentials.admit(admission(`any name, number ${index} > *`))
    }
    const ids = credentials.nodes().map(({ id }) => id)
    expect(new Set(ids).size).toBe(20)
    for (const id of ids) expect(id).toMatch(nodeIdPattern)
  })

  it('give a known name new keys and keep its id, where the name is to be just that', async () => {
    const credentials = await openCredentials(folder)
    const former = await credentials.admit(admission('attic'))
    const latter = await credentials.admit(admission('attic'))
    expect(latter.id).toBe(former.id)
    expect(credentials.nodes()).toEqual([latter])
    expect(credentials.nodeWith(former.fingerprint)).toBeUndefined()
  })

  it('put a number behind a known name, where two machines may be called alike', async () => {
    const credentials = await openCredentials(folder)
    for (let n = 0; n < 3; n++) await credentials.admit({ ...admission('jetson'), ifNameIsKnown: 'number' })
    expect(credentials.nodes().map(({ name }) => name)).toEqual(['jetson', 'jetson-2', 'jetson-3'])
    expect(new Set(credentials.nodes().map(({ id }) => id)).size).toBe(3)
  })

  it('of the first version keep the head’s keys and forget nodes, which had no certificates', async () => {
    const first = await openCredentials(folder)
    const kept = JSON.parse(await readFile(path, 'utf8'))
    const nodes = [{ id: 'n1', name: 'attic', publicKey: 'U' }]
    await writeFile(path, JSON.stringify({ ...kept, version: 1, nodes }))
    const again = await openCredentials(folder)
    expect([again.headSeed, again.nodes()]).toEqual([first.headSeed, []])
  })

  it('let in many at once, and forget none of them', async () => {
    const credentials = await openCredentials(folder)
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => credentials.admit(admission(name))))
    expect((await openCredentials(folder)).nodes().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('let in one node for a certificate, however often it comes at once, and whatever keys it says', async () => {
    const credentials = await openCredentials(folder)
    const { fingerprint } = admission('attic')
    const twice = ['attic', 'cellar'].map((name) => ({ ...admission(name), fingerprint }))
    const [one, other] = await Promise.all(twice.map((node) => credentials.admit(node)))
    expect(other).toEqual(one)
    expect(credentials.nodes()).toEqual([one])
    await credentials.remove(one!.id)
    expect(credentials.nodeWith(fingerprint)).toBeUndefined()
  })

  it('take no key that is another’s or the head’s, with which nats-server would not start', async () => {
    const credentials = await openCredentials(folder)
    const { publicKey } = await credentials.admit(admission('attic'))
    const { head, ledger } = credentials.users()
    for (const taken of [publicKey, head, ledger]) {
      const node = { ...admission('cellar'), publicKey: taken }
      await expect(credentials.admit(node)).rejects.toMatchObject({ code: 'E_NODE_KEY' })
    }
    expect(credentials.nodes().map(({ name }) => name)).toEqual(['attic'])
    const instead = await credentials.admit({ ...admission('attic'), publicKey })
    expect(credentials.nodes()).toEqual([instead])
  })

  it('say whether there was anybody to remove', async () => {
    const credentials = await openCredentials(folder)
    const node = await credentials.admit(admission('attic'))
    expect(await credentials.remove('nobody')).toBe(false)
    expect(await credentials.remove(node.id)).toBe(true)
    expect(await credentials.remove(node.id)).toBe(false)
  })

  it('are not replaced when their file is damaged, for that would lock every node out', async () => {
    await writeFile(path, '{"version":1,"headSe')
    await expect(openCredentials(folder)).rejects.toThrow(SyntaxError)
    expect(await readFile(path, 'utf8')).toBe('{"version":1,"headSe')
  })
})
