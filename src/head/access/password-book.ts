import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writePrivateFile } from '../../cluster/private-file.ts'
import { PacelineError } from '../../errors.ts'
import type { Role } from '../api/contract/access.ts'
import { hashPassword, isPassword, type PasswordHash, passwordBounds, passwordHash } from './password-hash.ts'

/** The passwords of the dashboard, one for each role, in a file of the data folder that only the head's user can read. */
export interface PasswordBook {
  /** Roles that have one. */
  roles(): readonly Role[]
  /** As slow for a wrong password as for the right one, and for a role that has none. */
  check(role: Role, password: string): Promise<boolean>
  /** Null takes it away. Throws E_PASSWORD for one that is too short. */
  set(role: Role, password: string | null): Promise<void>
}

const book = z.strictObject({ admin: passwordHash.exactOptional(), viewer: passwordHash.exactOptional() })

/** Throws E_USAGE when what lies there is no such file: nobody is let in by mistake. */
export async function openPasswordBook(dataFolder: string): Promise<PasswordBook> {
  const path = join(dataFolder, 'passwords.json')
  const kept = new Map<Role, PasswordHash>(await read(path))
  let written: Promise<void> = Promise.resolve()
  return {
    roles: () => (['admin', 'viewer'] as const).filter((role) => kept.has(role)),
    check: (role, password) => isPassword(password, kept.get(role) ?? null),
    async set(role, password) {
      if (password !== null) checkLength(password)
      const hash = password === null ? null : await hashPassword(password)
      const done = written.then(async () => {
        const next = new Map(kept)
        if (hash) next.set(role, hash)
        else next.delete(role)
        await writePrivateFile(path, `${JSON.stringify(Object.fromEntries(next), null, 2)}\n`)
        if (hash) kept.set(role, hash)
        else kept.delete(role)
      })
      written = done.catch(() => undefined)
      await done
    },
  }
}

async function read(path: string): Promise<[Role, PasswordHash][]> {
  const text = await readFileIfThere(path)
  if (text === undefined) return []
  try {
    return Object.entries(book.parse(JSON.parse(text))) as [Role, PasswordHash][]
  } catch (cause) {
    throw new PacelineError('E_PASSWORD', `${path} cannot be understood`, {
      cause,
      hint: 'Remove it, and set the password again: paceline password.',
    })
  }
}

function checkLength(password: string): void {
  const { least, most } = passwordBounds
  const length = [...password].length
  if (length < least || length > most)
    throw new PacelineError('E_PASSWORD', `it has ${length} characters, and needs ${least} to ${most}`)
}
