/** Which session a lease is of, for the log. */
export interface SessionNotes {
  note(attempt: string, session: string): void
  /** For a line of the log. */
  of(attempt: string): { readonly session?: string }
  forget(attempt: string): void
}

/** More leases than that a node never has. */
const mostNotes = 1_000

export function createSessionNotes(): SessionNotes {
  const sessions = new Map<string, string>()
  return {
    note(attempt, session) {
      sessions.set(attempt, session)
      const [oldest] = sessions.keys()
      if (sessions.size > mostNotes && oldest !== undefined) sessions.delete(oldest)
    },
    of(attempt) {
      const session = sessions.get(attempt)
      return session === undefined ? {} : { session }
    },
    forget: (attempt) => void sessions.delete(attempt),
  }
}
