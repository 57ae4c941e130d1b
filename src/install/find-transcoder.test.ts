import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findTranscoder } from './find-transcoder.ts'
import { programBytes } from './testing/small-server.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'paceline-find-'))
})
afterEach(() => rm(root, { recursive: true }))

async function put(path: string): Promise<string> {
  const whole = join(root, path)
  await mkdir(dirname(whole), { recursive: true })
  await writeFile(whole, programBytes(path))
  return whole
}

describe('the transcoder', () => {
  it.each(['/usr/lib/plexmediaserver', '/usr/lib64/plexmediaserver', '/var/packages/PlexMediaServer/target'])(
    'is found in %s of a container',
    async (folder) => {
      const transcoder = await put(`${folder}/Plex Transcoder`)
      const found = await findTranscoder({ root })
      expect(found).toMatchObject({ root, inside: `${folder}/Plex Transcoder` })
      expect(found.place.transcoder).toBe(transcoder)
    },
  )

  it('is found once though two ways lead to it', async () => {
    await put('/usr/lib/plexmediaserver/Plex Transcoder')
    await symlink('lib', join(root, 'usr/lib64'))
    expect((await findTranscoder({ root })).inside).toBe('/usr/lib/plexmediaserver/Plex Transcoder')
  })

  it('is found by its folder, by itself, and below a folder', async () => {
    const transcoder = await put('/apps/plex/current/Plex Transcoder')
    for (const folder of ['apps/plex/current', 'apps/plex/current/Plex Transcoder', 'apps', '.']) {
      const found = await findTranscoder({ folder: join(root, folder) })
      expect(found).toMatchObject({ root: '/', inside: transcoder })
    }
  })

  it('is found where only its original is left', async () => {
    await put('/opt/plexmediaserver/Plex Transcoder.orig')
    expect((await findTranscoder({ root })).place.folder).toBe(join(root, 'opt/plexmediaserver'))
  })

  it('is not looked for deeper than four folders, and over no link', async () => {
    await put('/a/b/c/d/e/Plex Transcoder')
    await symlink('a/b/c/d', join(root, 'short'))
    await expect(findTranscoder({ folder: root })).rejects.toMatchObject({ code: 'E_INSTALL_NOT_FOUND' })
    expect((await findTranscoder({ folder: join(root, 'a') })).place.folder).toBe(join(root, 'a/b/c/d/e'))
  })

  it('is asked about where there are several', async () => {
    for (const folder of ['/usr/lib', '/opt']) await put(`${folder}/plexmediaserver/Plex Transcoder`)
    const where = `${root}/usr/lib/plexmediaserver, ${root}/opt/plexmediaserver`
    await expect(findTranscoder({ root })).rejects.toMatchObject({ code: 'E_INSTALL_SEVERAL', where })
    await expect(findTranscoder({ folder: root })).rejects.toMatchObject({ code: 'E_INSTALL_SEVERAL' })
  })

  it('is not found in a folder of that name, nor in one that is not there', async () => {
    await mkdir(join(root, 'opt/plexmediaserver/Plex Transcoder'), { recursive: true })
    for (const where of [{ root }, { folder: join(root, 'nowhere') }]) {
      await expect(findTranscoder(where)).rejects.toMatchObject({ code: 'E_INSTALL_NOT_FOUND' })
    }
  })
})
