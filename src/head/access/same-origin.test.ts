import { describe, expect, it } from 'vitest'
import { isFromElsewhere, isSameOrigin } from './same-origin.ts'
import { sessionCookie, tokenInCookies } from './session-cookie.ts'

const host = 'head.local:8443'
const own = `https://${host}`

describe('a request that changes something', () => {
  it.each([
    [{ host, origin: own }],
    [{ host, origin: own, 'sec-fetch-site': 'same-origin' }],
    [{ host, 'sec-fetch-site': 'same-origin' }],
    [{ host: host.toUpperCase(), origin: own }],
  ])('is one of our page: %j', (headers) => {
    expect(isSameOrigin(headers)).toBe(true)
  })

  it.each([
    [{ host }],
    [{ origin: own }],
    [{ host, origin: 'null' }],
    [{ host, origin: '' }],
    [{ host, origin: `http://${host}` }],
    [{ host, origin: 'https://head.local' }],
    [{ host, origin: `https://evil.example` }],
    [{ host, origin: `https://${host}.evil.example` }],
    [{ host, origin: own, 'sec-fetch-site': 'same-site' }],
    [{ host, origin: own, 'sec-fetch-site': 'cross-site' }],
    [{ host, origin: own, 'sec-fetch-site': 'none' }],
    [{ host, 'sec-fetch-site': ['same-origin', 'same-origin'] }],
  ])('is not one of our page: %j', (headers) => {
    expect(isSameOrigin(headers)).toBe(false)
  })
})

describe('a request that reads', () => {
  it('is refused where a browser made it for somebody else’s page, and not where it was typed', () => {
    expect(
      ['cross-site', 'same-site', 'none', 'same-origin', undefined].map((site) =>
        isFromElsewhere({ 'sec-fetch-site': site }),
      ),
    ).toEqual([true, true, false, false, false])
  })
})

describe('the cookie', () => {
  const token = 'x'.repeat(43)

  it('is for this very host, over TLS, for no script and no other site', () => {
    const cookie = sessionCookie(token)
    expect(cookie).toMatch(/^__Host-paceline=x{43}; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Strict$/)
    expect(sessionCookie(null)).toContain('Max-Age=0;')
    expect(tokenInCookies(cookie.split(';')[0])).toBe(token)
  })

  it('is found among others, and is nothing where it cannot be one', () => {
    expect(tokenInCookies(`a=b; __Host-paceline=${token}; c=d`)).toBe(token)
    for (const header of [
      undefined,
      '',
      'paceline=x',
      '__Host-paceline=',
      `__Host-paceline=${token}x`,
      `x__Host-paceline=${token}`,
      '__Host-paceline=../../etc/passwd',
    ])
      expect(tokenInCookies(header)).toBeNull()
  })
})
