import { sessionLife } from './browser-sessions.ts'

/** The prefix makes browsers refuse it from anywhere but this very host, over TLS (RFC 6265bis, 4.1.3.2). */
const name = '__Host-paceline'

/** 32 bytes as base64url. */
const token = /^[A-Za-z0-9_-]{43}$/

/** The token in a request's cookies; null where there is none that could be one. */
export function tokenInCookies(header: string | undefined): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key = '', value = ''] = part.split('=')
    if (key.trim() === name && token.test(value.trim())) return value.trim()
  }
  return null
}

/** For `set-cookie`; null takes it away. */
export function sessionCookie(value: string | null): string {
  const seconds = value === null ? 0 : sessionLife.mostMs / 1000
  return `${name}=${value ?? ''}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Strict`
}
