import { effect } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import { createKeyed } from './keyed.ts'

interface Thing {
  readonly id: string
  readonly size: number
}

const thing = (id: string, size = 0): Thing => ({ id, size })

describe('things by id', () => {
  it('are listed in the order in which they came', () => {
    const things = createKeyed<Thing>()
    things.replaceAll([thing('b'), thing('a')])
    things.put(thing('c'))
    expect(things.ids.value).toEqual(['b', 'a', 'c'])
    expect(things.now()).toEqual([thing('b'), thing('a'), thing('c')])
  })

  it('change without the list, so that nothing else is drawn', () => {
    const things = createKeyed<Thing>()
    things.replaceAll([thing('a'), thing('b')])
    let [lists, sizes] = [0, [] as number[]]
    effect(() => {
      void things.ids.value
      lists += 1
    })
    effect(() => void sizes.push(things.of('a')?.value.size ?? -1))
    things.put(thing('a', 5))
    things.put(thing('b', 7))
    expect(lists).toBe(1)
    expect(sizes).toEqual([0, 5])
  })

  it('keep their signal when all are told again', () => {
    const things = createKeyed<Thing>()
    things.replaceAll([thing('a', 1)])
    const before = things.of('a')
    things.replaceAll([thing('c'), thing('a', 2)])
    expect(things.of('a')).toBe(before)
    expect(before?.value.size).toBe(2)
    expect(things.ids.value).toEqual(['c', 'a'])
  })

  it('go, all that are named', () => {
    const things = createKeyed<Thing>()
    things.replaceAll([thing('a'), thing('b'), thing('c')])
    things.remove(['a', 'c', 'unknown'])
    expect(things.ids.value).toEqual(['b'])
    expect(things.of('a')).toBeUndefined()
    expect(things.of('c')).toBeUndefined()
  })

  it('are left alone when none of those is there', () => {
    const things = createKeyed<Thing>()
    things.replaceAll([thing('a')])
    const before = things.ids.value
    things.remove(['z'])
    expect(things.ids.value).toBe(before)
  })
})
