import { describe, expect, it } from 'vitest'
import { colourAt, createNodeColours } from './node-colour.ts'

describe('the colours of nodes', () => {
  it('are all different in a house, and in a large fleet', () => {
    const colours = Array.from({ length: 200 }, (_, place) => colourAt(place))
    expect(new Set(colours.slice(0, 24)).size).toBe(24)
    expect(new Set(colours).size).toBeGreaterThan(180)
  })

  it('stay with a node, whoever comes', () => {
    const colours = createNodeColours()
    colours.meet(['elm', 'oak'])
    const elm = colours.of('elm')
    colours.meet(['ash', 'elm', 'fir'])
    expect(colours.of('elm')).toBe(elm)
    expect(colours.of('ash')).toBe(colourAt(2))
  })

  it('are given in the order of the first meeting', () => {
    const colours = createNodeColours()
    colours.meet(['a', 'b'])
    expect([colours.of('a'), colours.of('b')]).toEqual([colourAt(0), colourAt(1)])
  })
})
