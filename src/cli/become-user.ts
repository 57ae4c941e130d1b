import { chown, lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDataFolder } from '../cluster/data-folder.ts'
import { PacelineError } from '../errors.ts'

interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * Gives up root for good: the data folder becomes the user's, and then the process, with all of the user's groups.
 * Nothing happens where it is that user already. PacelineError E_USER when there is no such user, or it takes root.
 */
export async function becomeUser(name: string, dataFolder: string): Promise<void> {
  const account = await accountOf(name)
  if (process.getuid!() === account.uid) return
  if (process.getuid!() !== 0)
    throw new PacelineError('E_USER', `${name} (only root can become another user)`)
  await makeDataFolder(dataFolder)
  await giveAway(dataFolder, account)
  // Node.js has it on every Unix; its types do not.
  ;(process as unknown as { initgroups(name: string, gid: number): void }).initgroups(name, account.gid)
  process.setgid!(account.gid)
  process.setuid!(account.uid)
}

async function accountOf(name: string): Promise<Account> {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined) throw new PacelineError('E_USER', name)
  return { uid: Number(uid), gid: Number(gid) }
}

/** Links are given away themselves and not followed: what they lead to is not ours. */
async function giveAway(path: string, account: Account): Promise<void> {
  if ((await lstat(path)).isSymbolicLink()) return
  await chown(path, account.uid, account.gid)
  if (!(await lstat(path)).isDirectory()) return
  for (const name of await readdir(path)) await giveAway(join(path, name), account)
}
