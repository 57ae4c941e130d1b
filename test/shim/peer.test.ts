import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openDoor } from '../../src/head/door/door.ts'
import { loadPeerOf, openGuard } from '../../src/head/door/guard.ts'
import { install, originalCode } from './install.ts'
import { launch } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

const group = 61_300
const stranger = 61_301

/** A door that accepts and ends every job, for a group, with these permissions. */
async function openFor(group: string | undefined, mode = 0o660) {
  const place = await install(shimBuilds[0]!)
  await chmod(place.folder, 0o777)
  const said: object[] = []
  const log = {
    debug: () => undefined,
    warn: (fields: object) => void said.push(fields),
    error: () => undefined,
  }
  const guard = await openGuard(group, log)
  const folder = await mkdtemp(join(tmpdir(), 'paceline-peer-'))
  await chmod(folder, 0o711)
  const path = join(folder, 'door', 'head.sock')
  const door = await openDoor({
    ...{ path, mode, guard, logger: log },
    onJob: (job) => {
      job.accept()
      job.exit(7)
    },
  })
  onTestFinished(async () => {
    await door.close()
    await place.remove()
    await rm(folder, { recursive: true })
  })
  const env = { PACELINE_HEAD: `unix:${path}` }
  return { said, path, run: async (who: object = {}) => (await launch(place, { env, ...who }).ended).code }
}

describe.skipIf(process.getuid!() !== 0)('Who may speak at the door (needs root to be others)', () => {
  it('is the head’s own user, and no other one, who is the original at once', async () => {
    const { said, run } = await openFor(undefined)
    expect(await run()).toBe(7)
    expect(await run({ uid: stranger, gid: stranger })).toBe(originalCode)
    expect(said).toEqual([])
  })

  it('is who is in the group that the socket was given to', async () => {
    const { path, run } = await openFor(String(group))
    const { gid, mode } = await stat(path)
    expect([gid, mode & 0o777]).toEqual([group, 0o660])
    expect(await run({ uid: stranger, gid: group })).toBe(7)
  })

  it('is nobody else, though somebody has opened the socket to all: it is logged once', async () => {
    const { path, said, run } = await openFor(String(group), 0o666)
    await chmod(join(path, '..'), 0o777)
    expect(await run({ uid: stranger, gid: stranger })).toBe(originalCode)
    expect(await run({ uid: stranger, gid: stranger })).toBe(originalCode)
    expect(said).toEqual([{ code: 'E_DOOR_PEER', uid: stranger }])
    expect(await run({ uid: stranger, gid: group })).toBe(7)
  })
})

describe('The guard of the door', () => {
  const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined }

  it('knows no group that there is not', async () => {
    await expect(openGuard('no-such-group', silent)).rejects.toMatchObject({ code: 'E_DOOR_GROUP' })
  })

  it('says when it cannot ask the kernel, and leaves it to the permissions', async () => {
    const said: string[] = []
    const log = { ...silent, warn: (_fields: object, message: string) => void said.push(message) }
    expect(loadPeerOf(log, '/no/such/addon.node')).toBeNull()
    expect(said).toHaveLength(1)
  })
})
