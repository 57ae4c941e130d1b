/** How a session ended. */
export type SessionEnd =
  | { readonly how: 'finished' | 'killed' }
  | { readonly how: 'failed'; readonly reason: string }
