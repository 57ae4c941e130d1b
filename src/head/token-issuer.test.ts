import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from '../cluster/certificate.ts'
import { type Credentials, openCredentials } from '../cluster/credentials.ts'
import { decodeJoinToken } from '../cluster/join-token.ts'
import type { ControlPlane } from './control-plane.ts'
import { tokenIssuer } from './token-issuer.ts'

const { certificate } = makeCertificate()

let folder: string
let credentials: Credentials
/** Names of the nodes that the NATS server was told to let in, each time it was told. */
let letIn: string[][]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-tokens-'))
  credentials = await openCredentials(folder)
  letIn = []
})

afterEach(() => rm(folder, { recursive: true, force: true }))

function issuer(nats: { url: string; foreign: boolean } = { url: 'nats://127.0.0.1:4300', foreign: false }) {
  const control: Pick<ControlPlane, 'url' | 'port' | 'foreign' | 'letIn'> = {
    ...{ ...nats, port: 4_300 },
    letIn: async (changed) => void letIn.push(changed.nodes().map(({ name }) => name)),
  }
  return tokenIssuer(credentials, control as ControlPlane, certificate)
}

describe('a token for one more node', () => {
  it('says where the head is, whom to trust, and who the node is', async () => {
    const issued = await issuer()('loft', '192.168.1.5', 7_443)
    const token = decodeJoinToken(issued.token)
    expect(token).toEqual({
      ...{ id: issued.id, name: 'loft', certificate },
      ...{ nats: 'nats://192.168.1.5:4300', head: 'https://192.168.1.5:7443' },
      seed: expect.stringMatching(/^SU/),
    })
  })

  it('is good only when the NATS server knows of it: that is told first', async () => {
    const issue = issuer()
    await issue('loft', '127.0.0.1', 7_443)
    await issue('attic', '127.0.0.1', 7_443)
    expect(letIn).toEqual([['loft'], ['loft', 'attic']])
  })

  it('takes the place of a former one of the same name', async () => {
    const issue = issuer()
    const [former, later] = [await issue('loft', '127.0.0.1', 7_443), await issue('loft', '127.0.0.1', 7_443)]
    expect(later.id).toBe(former.id)
    expect(decodeJoinToken(later.token).seed).not.toBe(decodeJoinToken(former.token).seed)
    expect(letIn.at(-1)).toEqual(['loft'])
  })

  it('writes IPv6 addresses as URLs want them', async () => {
    const { token } = await issuer()('loft', 'fd00::5', 7_443)
    const { nats, head } = decodeJoinToken(token)
    expect([nats, head]).toEqual(['nats://[fd00::5]:4300', 'https://[fd00::5]:7443'])
  })

  it('names some address of this machine where none is given', async () => {
    const { token } = await issuer()('loft', undefined, 7_443)
    expect(new URL(decodeJoinToken(token).head).hostname).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  })

  it('sends nodes to somebody else’s NATS server as the head knows it', async () => {
    const foreign = issuer({ url: 'nats://user:word@nats.example:4222', foreign: true })
    const { token } = await foreign('loft', '192.168.1.5', 7_443)
    expect(decodeJoinToken(token)).toMatchObject({
      ...{ nats: 'nats://user:word@nats.example:4222', foreignNats: true },
      head: 'https://192.168.1.5:7443',
    })
  })
})
