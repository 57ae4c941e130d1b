import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacelineError } from '../errors.ts'
import { decodeJoinToken, encodeJoinToken } from './join-token.ts'
import type { JoinToken } from './messages.ts'

const token: JoinToken = {
  head: 'https://192.168.1.2:8443',
  fingerprint: 'a1'.repeat(32),
  id: 'j0123456789ab',
  secret: 'c2VjcmV0LW9mLXRoZS10b2tlbg',
}

/** What decoding `text` throws. */
function refusal(text: string): PacelineError {
  try {
    decodeJoinToken(text)
  } catch (error) {
    if (error instanceof PacelineError) return error
    throw error
  }
  throw new Error('it was taken')
}

/** As encodeJoinToken does it, for anything. */
function wordOf(value: unknown): string {
  const payload = Buffer.from(JSON.stringify(value)).toString('base64url')
  const checksum = createHash('sha256').update(payload).digest('base64url').slice(0, 8)
  return `pl2.${payload}.${checksum}`
}

const withField = (name: keyof JoinToken, value: unknown) => wordOf({ ...token, [name]: value })

describe('a join token', () => {
  it('is one word that carries everything there and back', () => {
    const text = encodeJoinToken(token)
    expect(text).toMatch(/^pl2\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{8}$/)
    expect(decodeJoinToken(text)).toEqual(token)
  })

  it('carries addresses of every form', () => {
    const hosts = fc.constantFrom('https://[fd00::5]:4222', 'https://head.lan', 'https://10.0.0.1:1')
    const words = fc.stringMatching(/^[A-Za-z0-9_-]{16,40}$/)
    fc.assert(
      fc.property(hosts, words, words, (head, id, secret) => {
        const other = { ...token, head, id, secret }
        expect(decodeJoinToken(encodeJoinToken(other))).toEqual(other)
      }),
    )
  })

  it('of the release before is refused, for its head cannot be entered any more', () => {
    expect(refusal(encodeJoinToken(token).replace('pl2', 'pl1')).where).toBe('it does not begin with pl2.')
  })

  it('survives line breaks and spaces that a terminal or a mail put in', () => {
    const broken = encodeJoinToken(token).replace(/(.{60})/g, '$1\r\n  ')
    expect(decodeJoinToken(` ${broken}\n`)).toEqual(token)
  })

  it('is refused when any one character is another or missing', () => {
    const text = encodeJoinToken(token)
    const positions = fc.integer({ min: 0, max: text.length - 1 })
    const characters = fc.constantFrom(...'ABCxyz012-_.')
    fc.assert(
      fc.property(positions, characters, (position, character) => {
        fc.pre(text[position] !== character)
        const mistyped = text.slice(0, position) + character + text.slice(position + 1)
        expect(refusal(mistyped).code).toBe('E_TOKEN_INVALID')
        expect(refusal(text.slice(0, position) + text.slice(position + 1)).code).toBe('E_TOKEN_INVALID')
      }),
    )
  })

  it('is refused when it is anything else altogether', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(refusal(text).code).toBe('E_TOKEN_INVALID')
      }),
    )
  })

  it('is refused by the name of the field that is wrong', () => {
    const wrong: [keyof JoinToken, unknown][] = [
      ['id', ''],
      ['id', 'a.b'],
      ['id', 7],
      ['id', undefined],
      ['secret', 'short'],
      ['secret', 'with a space in the middle'],
      ['fingerprint', 'A1'.repeat(32)],
      ['fingerprint', 'a1'.repeat(31)],
      ['head', 'http://10.0.0.1'],
      ['head', '10.0.0.1:443'],
    ]
    for (const [name, value] of wrong) {
      expect(refusal(withField(name, value)).message, `${name}: ${value}`).toContain(
        `its field "${name}" is wrong`,
      )
    }
  })

  it('drops fields it does not know', () => {
    const newer = wordOf({ ...token, colour: 'blue' })
    expect(decodeJoinToken(newer)).toEqual(token)
  })

  it('is never repeated in what is said about it', () => {
    const text = encodeJoinToken({ ...token, head: 'ftp://x' })
    const { message, hint } = refusal(text)
    expect(`${message} ${hint}`).not.toContain(token.secret)
    expect(`${message} ${hint}`).not.toContain(text.slice(4, 40))
  })

  it('of JSON that is no object is refused', () => {
    for (const value of [null, 3, 'x', []]) {
      expect(refusal(wordOf(value)).code).toBe('E_TOKEN_INVALID')
    }
  })
})
