import { signal } from '@preact/signals'

/** Where somebody is. Addresses stand behind the `#`, so that the head serves one page. */
export type Route =
  | { readonly page: 'now' | 'energy' | 'join' }
  | { readonly page: 'node' | 'session'; readonly id: string }
  | { readonly page: 'lost'; readonly address: string }

/** What an address behind the `#` means. */
export function routeOf(hash: string): Route {
  const [, page = '', id] = hash.replace(/^#/, '').split('/')
  if (page === '') return { page: 'now' }
  if ((page === 'energy' || page === 'join') && id === undefined) return { page }
  if ((page === 'node' || page === 'session') && id) return { page, id: decoded(id) }
  return { page: 'lost', address: hash }
}

/** Links that somebody has shortened by hand may break off in the middle of an escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}

export const nodeAddress = (name: string): string => `#/node/${encodeURIComponent(name)}`

export const sessionAddress = (id: string): string => `#/session/${encodeURIComponent(id)}`

/** The page that is shown; follows the browser's address. */
export const route = signal<Route>({ page: 'now' })

/** Begins to follow the address. */
export function followAddress(): void {
  const look = () => {
    route.value = routeOf(location.hash)
  }
  addEventListener('hashchange', look)
  look()
}
