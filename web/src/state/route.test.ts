import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeAddress, routeOf, sessionAddress } from './route.ts'

describe('addresses', () => {
  it.each([
    ['', { page: 'now' }],
    ['#', { page: 'now' }],
    ['#/', { page: 'now' }],
    ['#/energy', { page: 'energy' }],
    ['#/join', { page: 'join' }],
    ['#/node/oak', { page: 'node', id: 'oak' }],
    ['#/session/3f-0', { page: 'session', id: '3f-0' }],
    ['#/node/', { page: 'lost', address: '#/node/' }],
    ['#/elsewhere', { page: 'lost', address: '#/elsewhere' }],
    ['#/energy/oak', { page: 'lost', address: '#/energy/oak' }],
    ['#/node/100%', { page: 'node', id: '100%' }],
  ])('%s', (hash, route) => expect(routeOf(hash)).toEqual(route))

  it('lead back to whatever a node or a session is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        expect(routeOf(nodeAddress(id))).toEqual({ page: 'node', id })
        expect(routeOf(sessionAddress(id))).toEqual({ page: 'session', id })
      }),
    )
  })
})
