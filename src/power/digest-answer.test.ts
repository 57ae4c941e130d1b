import { describe, expect, it } from 'vitest'
import { answerChallenge, readChallenge } from './digest-answer.ts'

/** The example of RFC 7616, section 3.9.1. */
const header = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
const request = {
  method: 'GET',
  path: '/dir/index.html',
  user: 'Mufasa',
  password: 'Circle of Life',
  count: 1,
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}

describe('an answer to a digest challenge', () => {
  it.each([
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ])('is that of the standard by %s', (algorithm, response) => {
    const answer = answerChallenge(readChallenge(header(algorithm))!, request)
    expect(answer).toContain(`response="${response}"`)
    expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"')
    expect(answer).toMatch(/^Digest username="Mufasa", .*qop=auth, nc=00000001, /)
  })

  it('counts in hexadecimal', () => {
    expect(answerChallenge(readChallenge(header('MD5'))!, { ...request, count: 26 })).toContain('nc=0000001a')
  })

  it('quotes what needs it', () => {
    const challenge = readChallenge('Digest realm="a \\"b\\"", nonce="n", qop=auth')!
    expect(challenge.realm).toBe('a "b"')
    expect(answerChallenge(challenge, request)).toContain('realm="a \\"b\\""')
  })
})

describe('a challenge', () => {
  it.each([
    ['basic', 'Basic realm="x"'],
    ['without quality auth', 'Digest realm="x", nonce="y", qop="auth-int"'],
    ['by another algorithm', 'Digest realm="x", nonce="y", qop="auth", algorithm=SHA-512-256'],
    ['without a nonce', 'Digest realm="x", qop="auth"'],
    ['that is empty', ''],
  ])('%s is not one that we answer', (_what, text) => {
    expect(readChallenge(text)).toBeUndefined()
  })

  it('is found behind another scheme, and says when its nonce is stale', () => {
    const text = 'Basic realm="x", Digest realm="x", nonce="y", qop="auth", stale=TRUE'
    expect(readChallenge(text)).toMatchObject({ nonce: 'y', algorithm: 'MD5', isStale: true })
  })
})
