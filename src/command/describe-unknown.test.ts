import { describe, expect, it } from 'vitest'
import { describeUnknown } from './describe-unknown.ts'
import { parseCommand } from './parse-command.ts'

function describeLine(line: string): string | null {
  return describeUnknown(parseCommand(line.split(' ')))
}

describe('describeUnknown', () => {
  it('has nothing to say about a command that is understood', () => {
    expect(describeLine('-i a.mkv -c copy b.mkv')).toBeNull()
  })

  it('names one unknown option with its place, counted from one', () => {
    expect(describeLine('-i a.mkv -odd:v 1 -c copy b.mkv')).toBe('An option is unknown: -odd:v (argument 3).')
  })

  it('names several, and counts those beyond the fifth', () => {
    expect(describeLine('-odd -even -i a b')).toBe(
      'Options are unknown: -odd (argument 1), -even (argument 2).',
    )
    expect(describeLine('-o1 -o2 -o3 -o4 -o5 -o6 -o7 -i a b')).toMatch(/-o5 \(argument 5\) and 2 more\.$/)
  })

  it('speaks of unknown options before other problems', () => {
    expect(describeLine('-odd -i a')).toBe('An option is unknown: -odd (argument 1).')
  })

  it('says what else is wrong', () => {
    expect(describeLine('-i a')).toBe('The command is not complete: no output is named.')
    expect(describeLine('-i a b -map')).toBe('The command is not complete: -map has no value.')
  })
})
