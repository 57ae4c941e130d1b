import { describe, expect, it } from 'vitest'
import { whyNode } from './why-node.ts'

const plain = { doubles: null, failures: 0 }
const three = [
  { id: 'a', name: 'attic', speed: 2 },
  { id: 'b', name: 'board', speed: 4.04 },
  { id: 'c', name: 'cellar' },
]

describe('why a node got a lease', () => {
  it('says that there was no choice', () => {
    expect(whyNode({ ...plain, node: 'a' }, [three[0]!])).toBe('no other node may work for this session now')
  })

  it('ranks the node among the others by what was measured', () => {
    expect(whyNode({ ...plain, node: 'b' }, three)).toBe(
      'one of 3 nodes for this session, the fastest of them at 4.0x',
    )
    expect(whyNode({ ...plain, node: 'a' }, three)).toBe(
      'one of 3 nodes for this session, after board at 2.0x',
    )
    expect(whyNode({ ...plain, node: 'c' }, three)).toBe('one of 3 nodes for this session, not measured yet')
  })

  it('says first what went wrong before', () => {
    expect(whyNode({ node: 'a', doubles: 's-0', failures: 2 }, [three[0]!])).toBe(
      'the lease on it would come too late; 2 leases failed at it before; no other node may work for this session now',
    )
  })
})
