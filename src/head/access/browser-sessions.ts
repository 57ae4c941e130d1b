import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfThere, writePrivateFile } from '../../cluster/private-file.ts'
import type { Role } from '../api/contract/access.ts'

/** Somebody who has signed in. */
export interface BrowserSession {
  readonly role: Role
  /** To be sent with everything that changes something: a page of somebody else's cannot know it. */
  readonly csrf: string
}

/** Who has signed in. What is kept is a digest of each token: whoever reads the file can become nobody. */
export interface BrowserSessions {
  /** A new session; its token is for the cookie. */
  begin(role: Role): { readonly token: string; readonly session: BrowserSession }
  find(token: string): BrowserSession | null
  end(token: string): void
  /** All of a role, whose password is another one now. */
  endAll(role: Role): void
  /** Resolves when what happened so far is on the disk. */
  settled(): Promise<void>
}

const dayMs = 86_400_000
/** Whoever has not come for so long signs in again, and everybody does after this. */
export const sessionLife = { idleMs: 7 * dayMs, mostMs: 30 * dayMs }
const mostSessions = 200
/** When it was seen last is written down no more often than that. */
const seenEveryMs = dayMs / 4

const keptSession = z.object({
  digest: z.string().length(43),
  role: z.enum(['admin', 'viewer']),
  begunAtMs: z.number(),
  seenAtMs: z.number(),
})

type Kept = z.infer<typeof keptSession>

/** @param onTrouble the file could not be written: whoever is signed in stays so until the head goes. */
export async function openBrowserSessions(
  dataFolder: string,
  wallNow: () => number,
  onTrouble: (error: Error) => void,
): Promise<BrowserSessions> {
  const path = join(dataFolder, 'browser-sessions.json')
  const sessions = new Map((await read(path)).map((session) => [session.digest, session]))
  let written: Promise<void> = Promise.resolve()
  let isWaiting = false
  /** However many change, the file is written once after the one that is being written. */
  const write = (): void => {
    if (isWaiting) return
    isWaiting = true
    written = written
      .then(() => {
        isWaiting = false
        return writePrivateFile(path, `${JSON.stringify([...sessions.values()])}\n`)
      })
      .catch(onTrouble)
  }
  const isOver = ({ begunAtMs, seenAtMs }: Kept): boolean =>
    wallNow() - seenAtMs > sessionLife.idleMs || wallNow() - begunAtMs > sessionLife.mostMs
  return {
    begin(role) {
      const token = randomBytes(32).toString('base64url')
      for (const [digest, session] of sessions) if (isOver(session)) sessions.delete(digest)
      const [oldest] = sessions.keys()
      if (sessions.size >= mostSessions && oldest !== undefined) sessions.delete(oldest)
      const digest = digestOf('session', token)
      sessions.set(digest, { digest, role, begunAtMs: wallNow(), seenAtMs: wallNow() })
      write()
      return { token, session: { role, csrf: digestOf('csrf', token) } }
    },
    find(token) {
      // A digest as the key: how long the look-up takes tells nothing of the token.
      const digest = digestOf('session', token)
      const session = sessions.get(digest)
      if (!session) return null
      if (isOver(session)) {
        sessions.delete(digest)
        write()
        return null
      }
      if (wallNow() - session.seenAtMs > seenEveryMs) {
        sessions.set(digest, { ...session, seenAtMs: wallNow() })
        write()
      }
      return { role: session.role, csrf: digestOf('csrf', token) }
    },
    end(token) {
      if (sessions.delete(digestOf('session', token))) write()
    },
    endAll(role) {
      for (const [digest, session] of sessions) if (session.role === role) sessions.delete(digest)
      write()
    },
    settled: () => written,
  }
}

/** Whether a page has sent the right one back; in the same time for every wrong one. */
export function isCsrf(given: string | undefined, { csrf }: BrowserSession): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given ?? ''), digest(csrf))
}

function digestOf(use: string, token: string): string {
  return createHash('sha256').update(`paceline ${use} ${token}`).digest('base64url')
}

/** A file that cannot be read signs everybody out, and no more. */
async function read(path: string): Promise<Kept[]> {
  const text = await readFileIfThere(path)
  if (text === undefined) return []
  try {
    return z.array(keptSession).max(mostSessions).parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return []
    throw error
  }
}
