import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Role } from '../api/contract/access.ts'

/**
 * Marks of browsers from which somebody has signed in. A mark gives no right to anything: it only lets tries from such a
 * browser be counted by themselves, so that a stranger behind the same router or proxy keeps nobody out by guessing.
 */
export interface DeviceMarks {
  /** A new one, for `set-cookie`, of who has just signed in with this role. */
  cookie(role: Role): string
  /** What tries at a role are counted by; null where there is no mark of that role, or of one that may more. */
  deviceIn(cookies: string | undefined, role: Role): string | null
}

const name = '__Host-paceline-device'
const yearSeconds = 31_536_000
/** 16 bytes and 32 as base64url. */
const mark = /^((?:admin|viewer)\.[A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/** @param secret of the head; marks are good as long as it stays the same, over restarts. */
export function createDeviceMarks(secret: string): DeviceMarks {
  const signed = (device: string): Buffer =>
    createHmac('sha256', secret).update(`paceline device ${device}`).digest()
  return {
    cookie(role) {
      const device = `${role}.${randomBytes(16).toString('base64url')}`
      const value = `${device}.${signed(device).toString('base64url')}`
      return `${name}=${value}; Path=/; Max-Age=${yearSeconds}; Secure; HttpOnly; SameSite=Strict`
    },
    deviceIn(cookies, role) {
      for (const part of (cookies ?? '').split(';')) {
        const at = part.indexOf('=')
        const [, device, signature] = mark.exec(part.slice(at + 1).trim()) ?? []
        if (part.slice(0, at).trim() !== name || device === undefined || signature === undefined) continue
        // Who only looks gets no more guesses at the password of who may do all.
        if (role === 'admin' && !device.startsWith('admin.')) continue
        const given = Buffer.from(signature, 'base64url')
        const wanted = signed(device)
        if (given.length === wanted.length && timingSafeEqual(given, wanted)) return `device ${device}`
      }
      return null
    },
  }
}
