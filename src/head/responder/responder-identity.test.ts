import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../cluster/certificate.ts'
import { openCredentials } from '../../cluster/credentials.ts'
import { readKeptNode } from '../../cluster/node-credentials.ts'
import { ownAddress, prepareResponder, type ResponderSettings } from './open-responder.ts'
import { admitResponder, dismissResponder, tellResponder } from './responder-identity.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-identity-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the credentials of a first responder', () => {
  it('are made once, and let it in as a node of its own', async () => {
    const credentials = await openCredentials(folder)
    const first = await admitResponder(folder, credentials)
    expect(credentials.nodes()).toEqual([
      {
        ...{ id: first.id, name: 'first-responder', publicKey: first.keys.publicKey },
        fingerprint: fingerprintOf(first.keys.identity.certificate),
      },
    ])
    expect(await admitResponder(folder, await openCredentials(folder))).toEqual(first)
  })

  it('never take the place of a node that has the name', async () => {
    const credentials = await openCredentials(folder)
    const admission = { name: 'first-responder', publicKey: 'U1', fingerprint: 'f1' }
    const other = await credentials.admit({ ...admission, ifNameIsKnown: 'replace' })
    const own = await admitResponder(folder, credentials)
    expect(own.name).toBe('first-responder-2')
    expect(credentials.nodes().map(({ id }) => id)).toEqual([other.id, own.id])
  })

  it('are complete when it is told where its head is', async () => {
    const own = await admitResponder(folder, await openCredentials(folder))
    await tellResponder(own, { head: 'https://127.0.0.1:7', certificate: 'PEM', nats: 'nats://n:4222' })
    const kept = await readKeptNode(join(own.folder, 'node'))
    expect(kept?.joined).toEqual({
      ...{ id: own.id, name: own.name, head: 'https://127.0.0.1:7' },
      ...{ certificate: 'PEM', nats: 'nats://n:4222' },
    })
    expect(kept?.keys).toEqual(own.keys)
  })

  it('let it in no more where it is off', async () => {
    const credentials = await openCredentials(folder)
    const settings = { ffmpeg: 'ffmpeg', start: () => Promise.reject() } as unknown as ResponderSettings
    const own = await prepareResponder(folder, { ...settings, mode: 'auto' }, credentials)
    expect(own).not.toBeNull()
    expect(await prepareResponder(folder, { ...settings, mode: 'off' }, credentials)).toBeNull()
    expect(credentials.nodes()).toEqual([])
    expect(await dismissResponder(folder, credentials)).toBeUndefined()
  })
})

it.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
  ['192.0.2.7', '192.0.2.7'],
  ['fe80::1', '[fe80::1]'],
])('a head that listens on %s is reached at %s', (host, address) => {
  expect(ownAddress(host)).toBe(address)
})
