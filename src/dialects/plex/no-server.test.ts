import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../command/parse-command.ts'
import { plexServer } from './intake.ts'
import { noServer } from './no-server.ts'

function codeOf(...globals: string[]): string {
  const command = parseCommand(['-i', '/films/film.mkv', ...globals, 'media-%05d.ts'])
  const server = plexServer(command, false)
  return 'local' in server ? noServer(command, server.local).code : 'told'
}

describe('a job without a server to report to', () => {
  it('stays local because nobody is named, or one elsewhere', () => {
    expect(codeOf()).toBe('no-server')
    expect(codeOf('-progressurl', 'http://192.0.2.1:32400/progress')).toBe('foreign-server')
    expect(codeOf('-progressurl', 'http://127.0.0.1:32400/progress')).toBe('told')
  })
})
