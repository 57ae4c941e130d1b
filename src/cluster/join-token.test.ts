import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacelineError } from '../errors.ts'
import { makeCertificate } from './certificate.ts'
import { decodeJoinToken, encodeJoinToken } from './join-token.ts'
import type { JoinToken } from './messages.ts'

const token: JoinToken = {
  id: 'n0123456789ab',
  name: 'Wohnzimmer ☕',
  nats: 'nats://192.168.1.2:4222',
  seed: `SU${'A'.repeat(56)}`,
  head: 'https://192.168.1.2:8443',
  certificate: makeCertificate().certificate,
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

const withField = (name: keyof JoinToken, value: unknown) =>
  encodeJoinToken({ ...token, [name]: value } as unknown as JoinToken)

describe('a join token', () => {
  it('is one word that carries everything there and back', () => {
    const text = encodeJoinToken(token)
    expect(text).toMatch(/^pl1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{8}$/)
    expect(decodeJoinToken(text)).toEqual(token)
  })

  it('carries any name, and ids and addresses of every form', () => {
    const names = fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme' })
    const ids = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/).filter((id) => id !== 'head')
    const hosts = fc.constantFrom('nats://[::1]:4222', 'tls://head.lan:443', 'nats://10.0.0.1')
    fc.assert(
      fc.property(names, ids, hosts, (name, id, nats) => {
        const other = { ...token, name, id, nats }
        expect(decodeJoinToken(encodeJoinToken(other))).toEqual(other)
      }),
    )
  })

  it('says whether the NATS server is somebody else’s', () => {
    const foreign: JoinToken = { ...token, foreignNats: true }
    expect(decodeJoinToken(encodeJoinToken(foreign))).toEqual(foreign)
    expect(
      decodeJoinToken(encodeJoinToken({ ...token, foreignNats: 'yes' } as unknown as JoinToken)),
    ).toEqual(token)
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
      ['id', 'head'],
      ['id', 'a.b'],
      ['id', '>'],
      ['id', 7],
      ['name', ''],
      ['name', undefined],
      ['nats', 'http://10.0.0.1:4222'],
      ['nats', '10.0.0.1:4222'],
      ['seed', 'SUABC'],
      ['seed', `SA${'A'.repeat(56)}`],
      ['head', 'http://10.0.0.1'],
      ['certificate', 'not a certificate'],
    ]
    for (const [name, value] of wrong) {
      expect(refusal(withField(name, value)).message, `${name}: ${value}`).toContain(
        `its field "${name}" is wrong`,
      )
    }
  })

  it('drops fields it does not know', () => {
    const newer = encodeJoinToken({ ...token, colour: 'blue' } as JoinToken)
    expect(decodeJoinToken(newer)).toEqual(token)
  })

  it('is never repeated in what is said about it', () => {
    const text = encodeJoinToken({ ...token, head: 'ftp://x' })
    const { message, hint } = refusal(text)
    expect(`${message} ${hint}`).not.toContain(token.seed)
    expect(`${message} ${hint}`).not.toContain(text.slice(4, 40))
  })

  it('of JSON that is no object is refused', () => {
    for (const value of [null, 3, 'x', []]) {
      expect(refusal(encodeJoinToken(value as unknown as JoinToken)).code).toBe('E_TOKEN_INVALID')
    }
  })
})
