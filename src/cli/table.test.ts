import { describe, expect, it } from 'vitest'
import { tableText } from './table.ts'

const head = ['session', 'what', 'made by']

describe('a table', () => {
  it('has columns as wide as their widest cell, and no blanks at the end of a line', () => {
    expect(tableText(head, [['a-0', 'film.mkv', 'oak: 12'], ['b-0']])).toBe(
      'session  what      made by\na-0      film.mkv  oak: 12\nb-0\n',
    )
  })

  it('has one line for each row, whatever is in its cells', () => {
    const text = tableText(head, [['a-0', 'two\nlines\u001b[2J', 'oak\r: 12']])
    expect(text.split('\n')).toHaveLength(3)
    expect(text).toContain('two?lines?[2J  oak?: 12')
  })

  it('is as wide as the terminal where one column can be cut for that', () => {
    const rows = [
      ['a-0', 'A film with a name that goes on and on until nobody reads it.mkv', 'oak: 12'],
      ['b-0', 'short.mkv', 'oak: 1'],
    ]
    const lines = tableText(head, rows, { columns: 40, cut: 1 }).trimEnd().split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBe(40)
    expect(lines[1]).toBe('a-0      A film with a name th…  oak: 12')
    expect(tableText(head, rows, { columns: 200, cut: 1 })).toBe(tableText(head, rows))
    expect(tableText(head, rows, { columns: 5, cut: 1 })).toContain('a-0      A film with…  oak: 12')
  })
})
