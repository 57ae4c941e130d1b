import { afterEach, describe, expect, it, vi } from 'vitest'
import { PacelineError } from '../errors.ts'
import { openLog, readableLine } from './log.ts'

afterEach(() => void vi.restoreAllMocks())

/** What a log writes. */
function written(json: boolean, use: (log: ReturnType<typeof openLog>) => void): string {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text))
    return true
  })
  use(openLog(json))
  return lines.join('')
}

const readable = (use: (log: ReturnType<typeof openLog>) => void) => written(false, use)

describe('an error in the log', () => {
  it('is readable with its message and its stack', () => {
    const text = readable((log) => log.error({ error: new TypeError('x is no function') }, 'it failed'))
    expect(text).toMatch(/^\d\d:\d\d:\d\d error: it failed \{/)
    expect(text).toContain('x is no function')
    expect(text).toContain('log.test.ts')
  })

  it('has message and stack in JSON as well', () => {
    const text = written(true, (log) => log.error({ error: new TypeError('x is no function') }, 'it failed'))
    expect(JSON.parse(text)).toMatchObject({
      ...{ level: 50, msg: 'it failed' },
      error: {
        type: 'TypeError',
        message: 'x is no function',
        stack: expect.stringContaining('log.test.ts'),
      },
    })
  })

  it('keeps its code', () => {
    const error = new PacelineError('E_PROBE_MISSING', '/media/film.mkv')
    expect(readable((log) => log.warn({ error }, 'no film'))).toContain('"code":"E_PROBE_MISSING"')
  })

  it('is one line all the same', () => {
    const text = readable((log) => log.error({ error: new Error('two\nlines') }, 'it failed'))
    expect(text.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('what others have written', () => {
  it('does not reach the terminal as orders', () => {
    const film = '\u009b2J\u202e\u001b]0;mine\u0007.mkv'
    const text = readable((log) => log.info({ film }, `made ${film}`))
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
    expect(JSON.parse(written(true, (log) => log.info({ film }, 'made'))).film).toBe(film)
  })
})

describe('a line of a daemon', () => {
  it('is readable, of a head and of a node', () => {
    const time = Date.UTC(2026, 10, 23, 14, 5, 6)
    expect(readableLine(JSON.stringify({ level: 40, time, port: 80, msg: 'somebody has it' }))).toBe(
      '14:05:06 warning: somebody has it {"port":80}',
    )
    const said = { time: new Date(time).toISOString(), level: 'info', message: 'node is ready', name: 'oak' }
    expect(readableLine(JSON.stringify(said))).toBe('14:05:06 info: node is ready {"name":"oak"}')
  })

  it.each(['paceline: The head did not start', '{"level":40', '{"film":"x"}', '[]', ''])(
    'that is none of those stays as it is: %s',
    (line) => {
      expect(readableLine(line)).toBe(line)
    },
  )

  it('gives no orders to a terminal', () => {
    expect(readableLine('\u001b[2J')).toBe('?[2J')
  })
})

describe('what is secret', () => {
  it('is left out', () => {
    const text = readable((log) => log.info({ token: 'sesame', lease: { token: 'sesame' } }, 'granted'))
    expect(text).not.toContain('sesame')
  })
})
