import { readFile, stat } from 'node:fs/promises'

/** Whether two files that are there have the same bytes: one file by two names has. Rejects with what the system says. */
export async function haveSameBytes(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)])
  if (a.dev === b.dev && a.ino === b.ino) return true
  if (a.size !== b.size) return false
  const [left, right] = await Promise.all([readFile(one), readFile(other)])
  return left.equals(right)
}
