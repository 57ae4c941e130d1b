import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BrowserSessions, isCsrf, openBrowserSessions, sessionLife } from './browser-sessions.ts'

let folder: string
let wallMs: number
let troubles: Error[]
let opened: BrowserSessions[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-sessions-'))
  wallMs = 1_800_000_000_000
  troubles = []
  opened = []
})

afterEach(async () => {
  await Promise.all(opened.map((sessions) => sessions.settled()))
  await rm(folder, { recursive: true, force: true })
})

async function open(): Promise<BrowserSessions> {
  const sessions = await openBrowserSessions(
    folder,
    () => wallMs,
    (error) => void troubles.push(error),
  )
  opened.push(sessions)
  return sessions
}

describe('somebody who has signed in', () => {
  it('is known by a token that nobody can guess', async () => {
    const sessions = await open()
    const one = sessions.begin('admin')
    expect(sessions.find(one.token)).toEqual(one.session)
    expect(sessions.find(`${one.token.slice(0, -1)}_`)).toBeNull()
    expect(sessions.find('')).toBeNull()
    expect(sessions.begin('admin').token).not.toBe(one.token)
  })

  it('stays so when the head starts again, from a file that makes nobody anything', async () => {
    const sessions = await open()
    const { token, session } = sessions.begin('viewer')
    await sessions.settled()
    const path = join(folder, 'browser-sessions.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const text = await readFile(path, 'utf8')
    expect(text).not.toContain(token)
    expect(text).not.toContain(session.csrf)
    expect((await open()).find(token)).toEqual(session)
  })

  it('is out when he leaves, when his password is another one, and after a while', async () => {
    const sessions = await open()
    const [a, b, c] = [sessions.begin('admin'), sessions.begin('viewer'), sessions.begin('viewer')]
    sessions.end(a.token)
    expect(sessions.find(a.token)).toBeNull()
    sessions.endAll('viewer')
    expect([sessions.find(b.token), sessions.find(c.token)]).toEqual([null, null])
    const d = sessions.begin('admin')
    wallMs += sessionLife.idleMs + 1
    expect(sessions.find(d.token)).toBeNull()
  })

  it('is out after a month, however often he comes', async () => {
    const sessions = await open()
    const { token } = sessions.begin('admin')
    let days = 0
    while (sessions.find(token) !== null) {
      wallMs += 86_400_000
      days += 1
    }
    expect(days).toBe(31)
  })

  it('is one of so many', async () => {
    const sessions = await open()
    const first = sessions.begin('admin')
    for (let n = 0; n < 200; n++) sessions.begin('admin')
    expect(sessions.find(first.token)).toBeNull()
  })

  it.each(['{', '[{"digest":1}]'])('is nobody where the file says %s', async (text) => {
    await writeFile(join(folder, 'browser-sessions.json'), text)
    const sessions = await open()
    expect(sessions.find('x'.repeat(43))).toBeNull()
    expect(sessions.find(sessions.begin('admin').token)).not.toBeNull()
  })

  it('is told of where it cannot be written', async () => {
    const sessions = await open()
    await rm(folder, { recursive: true })
    const { token } = sessions.begin('admin')
    await sessions.settled()
    expect(troubles).toHaveLength(1)
    expect(sessions.find(token)).not.toBeNull()
  })
})

describe('what a page sends back', () => {
  it('is that of its own session alone', async () => {
    const sessions = await open()
    const [one, other] = [sessions.begin('admin'), sessions.begin('admin')]
    expect(isCsrf(one.session.csrf, one.session)).toBe(true)
    for (const wrong of [other.session.csrf, undefined, '', one.token])
      expect(isCsrf(wrong, one.session)).toBe(false)
  })
})
