import type { Logger } from 'pino'
import { openApiToken, openViewerToken } from '../api/api-token.ts'
import { type AccessDesk, createAccess } from './access.ts'
import { openBrowserSessions } from './browser-sessions.ts'
import { createDeviceMarks } from './device-mark.ts'
import { createLoginLimits } from './login-limits.ts'
import { openPasswordBook } from './password-book.ts'
import { createSignInKeys } from './sign-in-keys.ts'

/** Who may do what with the head of a data folder. Throws what the file system says, and E_PASSWORD. */
export async function openAccess(dataFolder: string, now: () => number, log: Logger): Promise<AccessDesk> {
  const admin = await openApiToken(dataFolder)
  const [viewer, passwords, sessions] = await Promise.all([
    openViewerToken(dataFolder),
    openPasswordBook(dataFolder),
    openBrowserSessions(dataFolder, Date.now, (error) =>
      log.warn({ error }, 'who is signed in could not be written down'),
    ),
  ])
  return createAccess({
    tokens: { admin, viewer },
    ...{ passwords, sessions, keys: createSignInKeys(now), limits: createLoginLimits(now) },
    devices: createDeviceMarks(admin),
  })
}
