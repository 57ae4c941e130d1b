import { beforeEach, describe, expect, it } from 'vitest'
import { createEventReader, type EventReader } from './event-reader.ts'

let sink: {
  written: string[]
  writableLength: number
  isDestroyed: boolean
  write(text: string): boolean
  destroy(): void
}
let nowMs: number
let reader: EventReader

beforeEach(() => {
  nowMs = 0
  sink = {
    ...{ written: [], writableLength: 0, isDestroyed: false },
    write(text) {
      this.written.push(text)
      return true
    },
    destroy() {
      this.isDestroyed = true
    },
  }
  reader = createEventReader({ sink, now: () => nowMs, mostWaiting: 100, patienceMs: 1_000 })
})

const give = (text: string) => reader.give({ sequence: 1, text })

describe('a reader of events', () => {
  it('gets each as it comes', () => {
    give('a')
    give('b')
    expect(sink.written).toEqual(['a', 'b'])
    expect(reader.wantsSnapshot).toBe(false)
  })

  it('gets nothing more while he takes nothing, and a snapshot once he has taken all', () => {
    sink.writableLength = 101
    give('a')
    sink.writableLength = 60
    // What follows does not join on to what he has.
    give('b')
    expect(sink.written).toEqual([])
    expect(reader.wantsSnapshot).toBe(false)
    sink.writableLength = 0
    expect(reader.wantsSnapshot).toBe(true)
    reader.snapshot('all')
    give('c')
    expect(sink.written).toEqual(['all', 'c'])
    expect(reader.wantsSnapshot).toBe(false)
  })

  it('is cut off when he has taken nothing for long', () => {
    sink.writableLength = 101
    give('a')
    nowMs = 900
    give('b')
    expect(sink.isDestroyed).toBe(false)
    nowMs = 1_100
    reader.comment()
    expect(sink.isDestroyed).toBe(true)
  })

  it('has his patience back when he has taken something', () => {
    sink.writableLength = 101
    give('a')
    sink.writableLength = 50
    nowMs = 900
    reader.comment()
    sink.writableLength = 101
    nowMs = 1_800
    reader.comment()
    expect(sink.isDestroyed).toBe(false)
    expect(sink.written).toEqual([': still here\n\n'])
  })
})
