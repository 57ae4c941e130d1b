import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AccessDesk, type Asked, type Caller, createAccess } from './access.ts'
import { type BrowserSessions, openBrowserSessions } from './browser-sessions.ts'
import { createDeviceMarks } from './device-mark.ts'
import { createLoginLimits } from './login-limits.ts'
import type { PasswordBook } from './password-book.ts'
import { createSignInKeys } from './sign-in-keys.ts'

const tokens = { admin: 'admin-token', viewer: 'viewer-token' }
const host = 'head:8443'
const own = { host, origin: `https://${host}`, 'sec-fetch-site': 'same-origin' }

let folder: string
let desk: AccessDesk
let sessions: BrowserSessions
/** Passwords in the clear, and how many are tried at once. */
let passwords: PasswordBook & { kept: Map<string, string>; atOnce: number; most: number }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-access-'))
  passwords = {
    ...{
      kept: new Map([
        ['admin', 'right one'],
        ['viewer', 'look only'],
      ]),
      atOnce: 0,
      most: 0,
    },
    roles: () => [...passwords.kept.keys()] as ('admin' | 'viewer')[],
    async check(role, password) {
      passwords.atOnce += 1
      passwords.most = Math.max(passwords.most, passwords.atOnce)
      await new Promise((resolve) => setTimeout(resolve, 2))
      passwords.atOnce -= 1
      return passwords.kept.get(role) === password
    },
    async set(role, password) {
      if (password === null) passwords.kept.delete(role)
      else passwords.kept.set(role, password)
    },
  }
  sessions = await openBrowserSessions(
    folder,
    () => 0,
    () => {},
  )
  desk = createAccess({
    ...{ tokens, passwords, keys: createSignInKeys(() => 0), limits: createLoginLimits(() => 0) },
    ...{ sessions, devices: createDeviceMarks('secret') },
  })
})

afterEach(async () => {
  await sessions.settled()
  await rm(folder, { recursive: true, force: true })
})

const asked = (method: string, headers: Asked['headers']): Asked => ({ method, headers })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const cookie = (token: string) => ({ cookie: `__Host-paceline=${token}` })

function codeFor(method: string, headers: Asked['headers']): string | null {
  const caller = desk.caller(asked(method, headers))
  if (!caller) return 'stranger'
  return desk.objection(caller, asked(method, headers))?.code ?? null
}

describe('a program', () => {
  it('does all with the one token, and looks with the other, wherever it says it comes from', () => {
    expect(codeFor('POST', { ...bearer('admin-token'), origin: 'https://elsewhere' })).toBeNull()
    expect(codeFor('GET', bearer('viewer-token'))).toBeNull()
    expect(codeFor('DELETE', bearer('viewer-token'))).toBe('E_ROLE')
  })

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'bearer admin-token',
    'Basic admin-token',
    'Bearer admin-token ',
  ])('is a stranger with %j', (authorization) => {
    expect(codeFor('GET', { authorization })).toBe('stranger')
  })
})

describe('a browser', () => {
  it('reads with its cookie, and changes with what its page sends along', async () => {
    const { token, session } = await desk.login('admin', 'right one', '10.0.0.1')
    const good = { ...own, ...cookie(token), 'x-paceline-csrf': session.csrf }
    expect(codeFor('GET', cookie(token))).toBeNull()
    expect(codeFor('POST', good)).toBeNull()
    expect(codeFor('POST', { ...good, 'x-paceline-csrf': undefined })).toBe('E_ORIGIN')
    expect(codeFor('POST', { ...good, 'x-paceline-csrf': ['a', session.csrf] })).toBe('E_ORIGIN')
    expect(codeFor('POST', { ...good, origin: 'https://evil.example' })).toBe('E_ORIGIN')
    expect(codeFor('POST', { ...good, origin: undefined, 'sec-fetch-site': undefined })).toBe('E_ORIGIN')
    expect(codeFor('GET', { ...cookie(token), 'sec-fetch-site': 'cross-site' })).toBe('E_ORIGIN')
    expect(codeFor('OPTIONS', cookie(token))).toBe('E_ORIGIN')
  })

  it('of somebody who only looks changes nothing', async () => {
    const { token, session } = await desk.login('viewer', 'look only', '10.0.0.1')
    expect(codeFor('POST', { ...own, ...cookie(token), 'x-paceline-csrf': session.csrf })).toBe('E_ROLE')
  })

  it('is a stranger once it has signed out', async () => {
    const { token } = await desk.login('admin', 'right one', '10.0.0.1')
    desk.logout(asked('POST', cookie(token)))
    expect(codeFor('GET', cookie(token))).toBe('stranger')
  })

  it('does not become more by a wrong token beside its cookie', async () => {
    const { token } = await desk.login('viewer', 'look only', '10.0.0.1')
    expect(codeFor('GET', { ...cookie(token), ...bearer('wrong') })).toBe('stranger')
  })
})

describe('signing in', () => {
  it('is refused with a wrong one, of the other role too, and then for a while', async () => {
    for (let n = 0; n < 10; n++) {
      await expect(desk.login('admin', 'look only', '10.0.0.1')).rejects.toMatchObject({ code: 'E_LOGIN' })
    }
    await expect(desk.login('admin', 'right one', '10.0.0.1')).rejects.toMatchObject({ code: 'E_LOGIN_RATE' })
    expect(desk.waitSeconds('admin', '10.0.0.1')).toBe(900)
    expect((await desk.login('admin', 'right one', '10.0.0.2')).session.role).toBe('admin')
  })

  it('tries one password at a time, lets few wait, and counts those that come at once', async () => {
    const tries = Array.from({ length: 40 }, () => desk.login('admin', 'wrong', '10.0.0.1'))
    const codes = (await Promise.allSettled(tries)).map(
      (each) => each.status === 'rejected' && each.reason.code,
    )
    expect(passwords.most).toBe(1)
    expect(codes.filter((code) => code === 'E_LOGIN')).toHaveLength(8)
    expect(codes.filter((code) => code === 'E_LOGIN_RATE')).toHaveLength(32)
  })

  it('is counted for a browser that has been in by itself, whoever guesses at its address', async () => {
    const known = asked('POST', { cookie: desk.deviceCookie('admin').split(';')[0]! })
    const strangers = desk.triedBy(asked('POST', {}), '10.0.0.1', 'admin')
    for (let n = 0; n < 10; n++)
      await expect(desk.login('admin', 'wrong', strangers)).rejects.toMatchObject({ code: 'E_LOGIN' })
    await expect(desk.login('admin', 'right one', strangers)).rejects.toMatchObject({ code: 'E_LOGIN_RATE' })
    const own = desk.triedBy(known, '10.0.0.1', 'admin')
    expect((await desk.login('admin', 'right one', own)).session.role).toBe('admin')
    expect(desk.triedBy(known, '10.0.0.1', 'key')).toBe('10.0.0.1')
  })

  it('gives who may look no more guesses at the rest', async () => {
    for (let n = 0; n < 10; n++) {
      await desk.login('admin', 'wrong', '10.0.0.1').catch(() => {})
      await desk.login('viewer', 'look only', '10.0.0.1')
    }
    await expect(desk.login('admin', 'right one', '10.0.0.1')).rejects.toMatchObject({ code: 'E_LOGIN_RATE' })
  })

  it('works once with a key, and guesses at keys count as wrong passwords do', () => {
    const { key } = desk.issueKey('viewer')
    expect(desk.redeem(key, '10.0.0.1').session.role).toBe('viewer')
    for (let n = 0; n < 10; n++) {
      expect(() => desk.redeem(key, '10.0.0.3')).toThrowError(expect.objectContaining({ code: 'E_LOGIN' }))
    }
    expect(() => desk.redeem(key, '10.0.0.3')).toThrowError(expect.objectContaining({ code: 'E_LOGIN_RATE' }))
  })

  it('lets in by the right key, whatever others have tried', () => {
    for (let failed = 0; failed < 100; failed++)
      expect(() => desk.redeem('guess', `10.0.${failed}.1`)).toThrowError()
    expect(() => desk.redeem('guess', '10.1.0.1')).toThrowError(
      expect.objectContaining({ code: 'E_LOGIN_RATE' }),
    )
    expect(desk.redeem(desk.issueKey('viewer').key, '10.1.0.1').session.role).toBe('viewer')
  })
})

/** Somebody who has signed in by a link. */
async function aPage(): Promise<Caller> {
  const { token } = desk.redeem(desk.issueKey('admin').key, '10.0.0.1')
  return desk.caller(asked('PUT', cookie(token)))!
}

describe('a new password', () => {
  it('is for who has the token, or knows the present one', async () => {
    await desk.setPassword({ role: 'admin', by: 'token' }, { role: 'admin', password: 'another one' })
    expect(passwords.kept.get('admin')).toBe('another one')
    const page = await aPage()
    const wish = { role: 'viewer', password: 'look there' } as const
    await expect(desk.setPassword(page, wish)).rejects.toMatchObject({ code: 'E_PASSWORD' })
    await expect(desk.setPassword(page, { ...wish, present: 'right one' })).rejects.toMatchObject({
      code: 'E_PASSWORD',
    })
    await desk.setPassword(page, { ...wish, present: 'another one' })
    expect(passwords.kept.get('viewer')).toBe('look there')
  })

  it('may be the first, from a page that a link has opened', async () => {
    passwords.kept.clear()
    await desk.setPassword(await aPage(), { role: 'admin', password: 'the first' })
    expect(passwords.kept.get('admin')).toBe('the first')
  })

  it('is not to be had by guessing from a page that somebody left open', async () => {
    const page = await aPage()
    const guess = (present: string) =>
      desk
        .setPassword(page, { role: 'admin', password: 'mine from now on', present })
        .catch(({ code }) => code)
    const codes = []
    for (let n = 0; n < 12; n++) codes.push(await guess(`guess ${n}`))
    expect(codes).toEqual([...Array(10).fill('E_PASSWORD'), 'E_LOGIN_RATE', 'E_LOGIN_RATE'])
    expect(await guess('right one')).toBe('E_LOGIN_RATE')
    expect(passwords.kept.get('admin')).toBe('right one')
    const { role } = (await desk.login('admin', 'right one', '10.0.0.1')).session
    expect(role).toBe('admin')
  })

  it('puts out whoever signed in with the old one', async () => {
    const { token } = await desk.login('viewer', 'look only', '10.0.0.1')
    await desk.setPassword({ role: 'admin', by: 'token' }, { role: 'viewer', password: 'look there' })
    expect(codeFor('GET', cookie(token))).toBe('stranger')
  })
})
