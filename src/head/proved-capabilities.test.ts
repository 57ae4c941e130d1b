import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { OrderOutcome } from '../cluster/connect-head.ts'
import type { Beat } from '../cluster/messages.ts'
import { nvidiaChip } from '../platforms/nvidia.ts'
import { type HeardCapabilities, hearCapabilities, usablePlatforms } from './proved-capabilities.ts'

let asked: string[]
let told: string[]
let notices: string[]
let outcome: OrderOutcome
let heard: HeardCapabilities

const beat = (capabilities?: string): Beat => ({
  ...{ node: 'a', name: 'loft', boot: 'b', contract: 2, version: '1', cores: 4, leases: [] },
  platforms: ['nvidia', 'software'],
  ...(capabilities !== undefined && { capabilities }),
})

beforeEach(() => {
  ;[asked, told, notices] = [[], [], []]
  outcome = { answered: true, reply: { ok: true, capabilities: { nvidia: nvidiaChip.usual } } }
  heard = hearCapabilities({
    async order(node, { type }) {
      asked.push(`${type} ${node}`)
      return outcome
    },
    onTold: (node) => told.push(node),
    onNotice: (message) => notices.push(message),
  })
})

describe('what a node has proved', () => {
  it('is asked for once for each digest', async () => {
    expect(heard.of(beat('one'))).toBeUndefined()
    for (const digest of ['one', 'one']) heard.heard(beat(digest))
    await turn()
    heard.heard(beat('one'))
    expect([asked, told]).toEqual([['tell a'], ['a']])
    expect(heard.of(beat('one'))?.get('nvidia')).toEqual(nvidiaChip.usual)
    heard.heard(beat('two'))
    expect(asked).toHaveLength(2)
  })

  it('is asked for again when nobody answered, and never of a node that has nothing to tell', async () => {
    outcome = { answered: false, why: 'timeout', message: '' }
    heard.heard(beat('one'))
    await turn()
    heard.heard(beat('one'))
    expect(asked).toHaveLength(2)
    heard.heard(beat())
    expect(asked).toHaveLength(2)
    expect(told).toEqual([])
  })

  it('is nothing for good where the node does not understand, and people hear of it', async () => {
    outcome = { answered: true, reply: { ok: false, code: 'bad-order', message: 'what is tell?' } }
    heard.heard(beat('one'))
    await turn()
    heard.heard(beat('one'))
    expect([asked.length, heard.of(beat('one'))?.size]).toEqual([1, 0])
    expect(notices).toEqual(['node loft does not say what it has proved: what is tell?'])
  })

  it('is forgotten with the node', async () => {
    heard.heard(beat('one'))
    await turn()
    heard.forget('a')
    expect(heard.of(beat('one'))).toBeUndefined()
  })
})

it('platforms of chips count once it is known what they can do', () => {
  const names = ['nvidia', 'software']
  expect(usablePlatforms(names, undefined)).toEqual(['software'])
  expect(usablePlatforms(names, new Map([['nvidia', nvidiaChip.usual]]))).toEqual(names)
  expect(usablePlatforms(['of-the-future'], undefined)).toEqual(['of-the-future'])
})
