import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventReader } from './read-events.ts'

const readWhole = (text: string) => createEventReader()(text)

describe('a stream of events', () => {
  it('gives each event with its name, data and id', () => {
    expect(readWhole('event: nodes\nid: b-7\ndata: {"a":1}\n\ndata: two\n\n')).toEqual([
      { type: 'nodes', data: '{"a":1}', id: 'b-7' },
      { type: 'message', data: 'two', id: 'b-7' },
    ])
  })

  it('joins lines of data, and takes one blank only from their beginning', () => {
    expect(readWhole('data:  a\ndata:b\ndata\n\n')[0]?.data).toBe(' a\nb\n')
  })

  it('passes over comments and events without data', () => {
    expect(readWhole(': still here\n\nevent: nothing\n\ndata: x\n\n')).toEqual([
      { type: 'message', data: 'x', id: null },
    ])
  })

  it('keeps back what is not whole', () => {
    const read = createEventReader()
    expect(read('data: a\n')).toEqual([])
    expect(read('da')).toEqual([])
    expect(read('ta: b\n\n')).toEqual([{ type: 'message', data: 'a\nb', id: null }])
  })

  it('reads the same wherever the pieces end and however lines end', () => {
    const event = fc.record({
      type: fc.constantFrom('nodes', 'sessions'),
      data: fc.string().filter((text) => !/[\r\n]/.test(text)),
    })
    const ending = fc.constantFrom('\n', '\r\n')
    fc.assert(
      fc.property(
        fc.array(event),
        ending,
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (events, end, sizes) => {
          const text = events
            .map(({ type, data }) => `event: ${type}${end}data: ${data}${end}${end}`)
            .join('')
          const read = createEventReader()
          const found = []
          for (let at = 0; at < text.length; ) {
            const size = sizes.next().value as number
            found.push(...read(text.slice(at, at + size)))
            at += size
          }
          expect(found.map(({ type, data }) => ({ type, data }))).toEqual(events)
        },
      ),
    )
  })
})
