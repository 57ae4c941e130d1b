import { describe, expect, it } from 'vitest'
import { worthSaying } from './worth-saying.ts'

describe('a line of a log during a demonstration', () => {
  it.each([
    ['a remark of the head', { level: 30, time: 1, msg: 'node node-1 joined' }],
    ['a remark of a node', { level: 'info', time: 't', message: 'node is ready', name: 'node-1' }],
    ['a browser’s doubts', { level: 40, code: 'E_TLS', msg: 'did not come to speak TLS' }],
    ['somebody signed out', { level: 40, code: 'E_API_DENIED', msg: 'the token is missing' }],
  ])('is kept from the user: %s', (_what, entry) => {
    expect(worthSaying(JSON.stringify(entry))).toBeNull()
  })

  it.each([
    ['a warning of the head', { level: 40, time: 1, msg: 'no reply', problem: 'x' }, 'no reply, problem: x'],
    [
      'an error of the head',
      { level: 50, time: 1, msg: 'a session failed', segment: 2 },
      'a session failed, segment: 2',
    ],
    ['a warning of a node', { level: 'warning', time: 't', message: 'lease failed' }, 'lease failed'],
    ['an error of a node', { level: 'error', time: 't', message: 'no' }, 'no'],
    [
      'a reason',
      { level: 30, time: 1, reason: 'no node is there', msg: 'a job stays local' },
      'a job stays local, reason: no node is there',
    ],
    ['a loud line without words', { level: 60 }, 'something is wrong'],
  ])('is said: %s', (_what, entry, words) => {
    expect(worthSaying(JSON.stringify(entry))).toBe(words)
  })

  it.each(['paceline: The head did not start', '7', 'null', '{"level":30'])(
    'stays as it is when it is no entry: %s',
    (line) => {
      expect(worthSaying(line)).toBe(line)
    },
  )
})
