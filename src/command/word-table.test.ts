import { expect, test } from 'vitest'
import { wordTable } from './word-table.ts'

test('a table of words has its words, and nothing that every object has', () => {
  const table = wordTable({ aac: 1, opus: 2 })
  expect([table.aac, table.opus]).toEqual([1, 2])
  for (const word of ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf'])
    expect(table[word]).toBeUndefined()
})
