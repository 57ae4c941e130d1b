/** What a browser says of where a request comes from. */
export interface OriginHeaders {
  readonly host?: string | undefined
  readonly origin?: string | undefined
  readonly 'sec-fetch-site'?: string | string[] | undefined
}

/**
 * Whether a request that changes something comes from a page of the head itself. Every browser says so of such a request
 * in one of two ways, and no page can choose what it says; who says neither is no browser, and has a token instead.
 */
export function isSameOrigin({ host, origin, 'sec-fetch-site': site }: OriginHeaders): boolean {
  if (site !== undefined && site !== 'same-origin') return false
  if (origin === undefined) return site === 'same-origin'
  return host !== undefined && origin.toLowerCase() === `https://${host.toLowerCase()}`
}

/** Whether a request that only reads may have been made for a page of somebody else's: its script would not see the answer. */
export function isFromElsewhere({ 'sec-fetch-site': site }: OriginHeaders): boolean {
  return site === 'cross-site' || site === 'same-site'
}
