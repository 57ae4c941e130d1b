import { expect, test } from 'vitest'
import { createLog } from './log.ts'

const now = () => new Date(0)

function logged(json: boolean): readonly string[] {
  const lines: string[] = []
  const log = createLog({ json, now, write: (line) => lines.push(line) })
  log.info('lease over', { next: 3, attempt: 'a b' })
  log.error('it broke', { error: new Error('why') })
  return lines
}

test('lines for machines are JSON with the fields beside the message', () => {
  const lines = logged(true)
  expect(lines.every((line) => line.endsWith('\n'))).toBe(true)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'info', message: 'lease over', next: 3, attempt: 'a b' },
    { time: '1970-01-01T00:00:00.000Z', level: 'error', message: 'it broke', error: 'why' },
  ])
})

test('lines for people read from left to right', () => {
  expect(logged(false)).toEqual([
    '1970-01-01T00:00:00.000Z info  lease over next=3 attempt="a b"\n',
    '1970-01-01T00:00:00.000Z error it broke error="why"\n',
  ])
})

test.each([true, false])('what is in a name does not reach a terminal as orders (JSON: %s)', (json) => {
  const lines: string[] = []
  const path = '\u001b[2J\u009b31m\u202e\nnew.mkv'
  createLog({ json, now, write: (line) => lines.push(line) }).info(`made ${path}`, { path })
  expect(lines.join('')).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
  expect(lines.join('').match(/\n/g)).toHaveLength(1)
  if (json) expect(JSON.parse(lines[0]!).path).toBe(path)
})
