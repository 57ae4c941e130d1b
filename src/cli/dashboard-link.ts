import type { ApiClient } from './api-client.ts'

/** A link to the dashboard, and for how long it signs in. */
export interface DashboardLink {
  readonly url: string
  readonly validSeconds: number
}

/** Asks the head for a key that signs in once. It stands behind the `#`, which browsers send to nobody. */
export async function dashboardLink(
  client: Pick<ApiClient, 'base' | 'post'>,
  role: 'admin' | 'viewer' = 'admin',
): Promise<DashboardLink> {
  const { key, validSeconds } = await client.post<{ key: string; validSeconds: number }>('/sign-in-keys', {
    role,
  })
  return { url: `${new URL('/', client.base).href}#sign-in=${key}`, validSeconds }
}
