import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCredentials } from './credentials.ts'
import { nodeIdPattern } from './messages.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-credentials-'))
  path = join(folder, 'credentials.json')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

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

  it('keep of a node the public key and never the seed', async () => {
    const credentials = await openCredentials(folder)
    const { node, seed } = await credentials.issue('attic')
    expect(nkeys.fromSeed(Buffer.from(seed)).getPublicKey()).toBe(node.publicKey)
    expect(await readFile(path, 'utf8')).not.toContain(seed)
    expect(await readFile(path, 'utf8')).toContain(node.publicKey)
  })

  it('survive a restart with their nodes', async () => {
    const credentials = await openCredentials(folder)
    const { node } = await credentials.issue('attic')
    await credentials.issue('cellar')
    await credentials.remove(node.id)
    const again = await openCredentials(folder)
    expect(again.nodes().map(({ name }) => name)).toEqual(['cellar'])
    expect(again.users().nodes).toEqual(again.nodes())
  })

  it('give nodes ids that are one token of a subject, and no two alike', async () => {
    const credentials = await openCredentials(folder)
    for (let index = 0; index < 20; index++) await credentials.issue(`any name, number ${index} > *`)
    const ids = credentials.nodes().map(({ id }) => id)
    expect(new Set(ids).size).toBe(20)
    for (const id of ids) expect(id).toMatch(nodeIdPattern)
  })

  it('give a known name a new key and keep its id', async () => {
    const credentials = await openCredentials(folder)
    const former = await credentials.issue('attic')
    const latter = await credentials.issue('attic')
    expect(latter.node.id).toBe(former.node.id)
    expect(latter.node.publicKey).not.toBe(former.node.publicKey)
    expect(credentials.nodes()).toEqual([latter.node])
  })

  it('say whether there was anybody to remove', async () => {
    const credentials = await openCredentials(folder)
    const { node } = await credentials.issue('attic')
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
