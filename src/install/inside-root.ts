import { lstat, readlink } from 'node:fs/promises'
import { join, normalize } from 'node:path'

/** As many links as Linux follows in one path. */
const mostLinks = 40

/**
 * Where a path of another root folder is on this machine: links on the way, the last one included, are followed as
 * somebody inside would follow them. Null for a circle of links. What is not there is no fault.
 */
export async function insideRoot(root: string, path: string): Promise<string | null> {
  let rest = normalize(path).split('/').filter(Boolean)
  let found: string[] = []
  for (let links = 0; rest.length > 0; ) {
    const [name = '', ...further] = rest
    if (name === '..') found = found.slice(0, -1)
    rest = further
    if (name === '..' || name === '.') continue
    const target = await linkTarget(join(root, ...found, name))
    if (target === null) {
      found = [...found, name]
      continue
    }
    if (++links > mostLinks) return null
    if (target.startsWith('/')) found = []
    rest = [...target.split('/').filter(Boolean), ...further]
  }
  return join(root, ...found)
}

async function linkTarget(path: string): Promise<string | null> {
  const about = await lstat(path).catch(() => null)
  return about?.isSymbolicLink() ? readlink(path) : null
}
