import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openApiClient } from '../../src/cli/api-client.ts'
import { type DemoFilm, openDemoFilm } from '../../src/cli/demo/demo-film.ts'
import { startShimJob } from '../../src/cli/demo/shim-job.ts'
import { showDemo } from '../../src/cli/demo/show-demo.ts'
import { makeClip } from '../clips/make-clip.ts'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'

const never = new AbortController().signal

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-show-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a demonstration', () => {
  let paceline: RunningPaceline
  let film: DemoFilm
  beforeAll(async () => {
    paceline = await startPaceline({ nodes: 1 })
    film = await openDemoFilm(await makeClip({ seconds: 4, size: '640x360', audio: 'none' }), never)
  })
  afterAll(() => paceline.stop())

  const show = async (shown: DemoFilm, signal = never, percents: (number | null)[] = []) =>
    showDemo({
      ...{
        head: paceline.head,
        client: await openApiClient(paceline.dataFolder),
        film: shown,
        folder,
        signal,
      },
      report: { show: (percent) => void percents.push(percent) },
    })

  it('shows a share that only grows, and removes its folder when it is closed', async () => {
    const percents: (number | null)[] = []
    const demo = await show(film, never, percents)
    expect(percents).toEqual([...percents].sort((a, b) => Number(a) - Number(b)))
    expect([percents[0], percents.at(-1)]).toEqual([0, 100])
    expect((await fetch(demo!.result.playlist)).status).toBe(200)
    await demo!.close()
    expect(await readdir(folder)).toEqual([])
    await expect(fetch(demo!.result.playlist)).rejects.toThrow()
  })

  it('shows no share of a film of unknown length', async () => {
    const percents: (number | null)[] = []
    const demo = await show({ ...film, durationSeconds: null }, never, percents)
    expect([percents[0], percents.at(-1)]).toEqual([null, 100])
    await demo!.close()
  })

  it('sweeps up what one that was killed has left, and keeps the clip', async () => {
    await mkdir(join(folder, 'session-old', 'segments'), { recursive: true })
    await writeFile(join(folder, 'session-old', 'segments', 'media-00000.ts'), '')
    await writeFile(join(folder, 'clip-1.mp4'), '')
    const demo = await show(film)
    expect(await readdir(folder)).toEqual(['clip-1.mp4', expect.stringMatching(/^session-(?!old)/)])
    await demo!.close()
  })

  it('says what the media server hears when the film has gone, and leaves nothing', async () => {
    const gone = { ...film, path: join(folder, 'gone.mkv') }
    await expect(show(gone)).rejects.toMatchObject({
      code: 'E_SESSION_FAILED',
      where: 'the transcoder ended with exit code 254',
      hint: expect.stringMatching(/The media server heard: .*No such file or directory/s),
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('gives the reason when the head does not understand the job', async () => {
    const strange = { ...film, picture: { ...film.picture, decoder: 'h264_imagined' } }
    await expect(show(strange)).rejects.toMatchObject({
      code: 'E_SESSION_FAILED',
      hint: expect.stringMatching(/^The reason: .*h264_imagined/),
    })
  })

  it('is none when it was interrupted before', async () => {
    expect(await show(film, AbortSignal.abort())).toBeNull()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('the shim of a demonstration', () => {
  const args = ['-progressurl', 'http://127.0.0.1:1/', '-i', '/a.mkv', 'out']

  it('ends with a code of its own where no head is', async () => {
    const job = await startShimJob({ head: `unix:${join(folder, 'no.sock')}`, args, folder })
    expect(await job.ended).toEqual({ code: 70, words: '', local: true })
  })

  it('can be killed while it waits for the head', async () => {
    const path = join(folder, 'silent.sock')
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(path, resolve))
    const job = await startShimJob({ head: `unix:${path}`, args, folder })
    const [connection] = (await once(silent, 'connection')) as [Socket]
    job.kill()
    expect(await job.ended).toMatchObject({ code: null, local: false })
    connection.destroy()
    await new Promise((resolve) => silent.close(resolve))
  })
})
