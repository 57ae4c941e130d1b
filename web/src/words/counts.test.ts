import { describe, expect, it } from 'vitest'
import { countText, listText } from './counts.ts'

describe('counts in words', () => {
  it.each([
    [0, '0 nodes'],
    [1, '1 node'],
    [3, '3 nodes'],
  ])('%s', (count, text) => expect(countText(count, 'node')).toBe(text))

  it('takes an odd plural', () => expect(countText(2, 'entry', 'entries')).toBe('2 entries'))

  it.each([
    [[], ''],
    [['oak'], 'oak'],
    [['oak', 'elm'], 'oak and elm'],
    [['oak', 'elm', 'ash'], 'oak, elm and ash'],
    [['oak', 'elm', 'ash', 'fir', 'yew'], 'oak, elm and 3 others'],
  ])('%s', (names, text) => expect(listText(names)).toBe(text))
})
