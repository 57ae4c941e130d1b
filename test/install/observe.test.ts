import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../src/head/testing/eventually.ts'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder, type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { hlsArguments } from '../plex/hls-arguments.ts'
import { startPlexMediaServer } from '../stand-in/plex-media-server.ts'
import { startTranscoder } from '../stand-in/transcoder-process.ts'
import { digestOf, digestOfBytes, makeServerTree, type ServerTree } from './server-tree.ts'

const shim = join(projectFolder, 'native/shim/build/paceline-shim')

let paceline: RunningPaceline
let tree: ServerTree
let untouched: Record<string, string>
let sessions: string
let film: string

beforeAll(async () => {
  tree = await makeServerTree()
  untouched = await tree.read()
  sessions = await mkdtemp(join(tmpdir(), 'paceline-observed-'))
  film = await makeClip({ seconds: 12, size: '320x180', audio: 'aac-48000' })
  paceline = await startPaceline({ nodes: 2, args: ['--watch'] })
})

afterAll(async () => {
  await paceline.stop()
  await tree.remove()
  await rm(sessions, { recursive: true, force: true })
})

/** As Plex starts its transcoder; the stand-in's own prints its arguments. */
async function runJob(args: readonly string[], mediaPath = film) {
  const server = await startPlexMediaServer()
  const job = await startTranscoder({ program: tree.transcoder, server, args, mediaPath, sessions })
  const exit = await job.exited()
  await server.close()
  return { ...exit, args: job.args, requests: [...server.requests] }
}

async function observed(): Promise<Record<string, unknown>[]> {
  const { stdout } = await paceline.run('observed', '--json')
  return JSON.parse(stdout)
}

const install = (...args: string[]) => paceline.run('install', 'plex', '--folder', tree.folder, ...args)

describe('a head that only observes', () => {
  beforeAll(async () => {
    const { exit, stdout } = await install('--observe', '--json')
    expect([exit, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ observe: true, headRuns: true }),
    ])
  })

  it('leaves a job to the original, and writes down that nodes would have made it', async () => {
    const { stdout, exit, args, requests } = await runJob(hlsArguments())
    expect([exit, stdout, requests]).toEqual([0, `${args.join(' ')}\n`, []])
    await eventually(async () => (await observed()).length === 1)
    expect(await observed()).toEqual([
      {
        ...{ at: expect.stringMatching(/^20\d\d-.*Z$/), title: film.split('/').at(-1), decision: 'node' },
        ...{ reason: null, nodes: expect.arrayContaining(['node-1', 'node-2']), basis: 'modelled' },
        ...{ speed: expect.any(Number), watts: null },
      },
    ])
    const { stdout: status } = await paceline.run('status', '--json')
    expect(JSON.parse(status)).toMatchObject({ observeOnly: true, sessions: [], recent: [] })
  })

  it('writes down why a job would have stayed, and what of an input that is not there', async () => {
    const withFilter = hlsArguments().map((argument) =>
      argument.replace('format=pix_fmts', 'nlmeans,format=pix_fmts'),
    )
    expect((await runJob(withFilter)).stdout).toContain('nlmeans')
    expect((await runJob(hlsArguments(), '/nonexistent/film.mkv')).stdout).toContain('/nonexistent/film.mkv')
    await eventually(async () => (await observed()).length === 3)
    const found = (await observed()).map(
      ({ decision, reason }) => `${decision} ${String(reason).split(':')[0]}`,
    )
    expect(found.slice(1)).toEqual(['local unknown-filter', 'local unopened'])
    expect((await paceline.run('observed')).stdout).toContain('1 of 3 would have gone to nodes.')
  })

  it('does so after an update that the watch has taken over, byte for byte', async () => {
    const bytes = await tree.update('transcoder 2')
    const isMended = async () => {
      const made = await Promise.all([tree.transcoder, `${tree.transcoder}.orig`].map(digestOf))
      return made.join() === [await digestOf(shim), digestOfBytes(bytes)].join()
    }
    await eventually(isMended, 15_000)
    await eventually(() => paceline.log().includes('was replaced by an update; the shim is back in place'))
    const { stdout } = await paceline.run('status')
    expect(stdout).toContain('Only observing')
    expect(stdout).toContain(`${tree.transcoder}: The shim is in place.`)
  })

  it('works again when it is installed without --observe, and nothing is left in the end', async () => {
    expect((await install()).exit).toBe(0)
    const { stdout, exit, requests } = await runJob(hlsArguments())
    expect([exit, stdout]).toEqual([0, ''])
    expect(requests.some(({ body }) => body.includes('media-00005.ts'))).toBe(true)
    expect(await observed()).toHaveLength(3)
    expect((await paceline.run('uninstall', 'plex')).exit).toBe(0)
    expect(Object.keys(await tree.read())).toEqual(Object.keys(untouched))
  })
})
