import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bytesFromText } from '../../src/head/door/byte-text.ts'
import { type AtTheDoor, atTheDoor } from './at-the-door.ts'
import { askingArgs, launch, launchBytes } from './launch.ts'
import { buildShims, shimBuilds } from './shim-builds.ts'

beforeAll(buildShims)

describe.each(shimBuilds)('What $name tells the head', (build) => {
  let place: AtTheDoor
  afterEach(() => place.close())

  const openAndExit = async () => {
    place = await atTheDoor(build, (job) => {
      job.accept()
      job.exit(0)
    })
  }

  const bytesSeen = () => place.jobs[0]!.args.map((text) => bytesFromText(text).toString('latin1'))

  test('The arguments come one by one, empty ones and blanks included', async () => {
    await openAndExit()
    const args = [...askingArgs, '', ' ', '[0:1] aresample=async=1', "it's", 'a"b', '\n', '$HOME', 'é漢😀']
    expect((await launch(place, { args }).ended).code).toBe(0)
    expect(place.jobs[0]!.args).toEqual(args)
  })

  test('Arguments of any bytes but zero come back byte for byte', async () => {
    const byte = fc.integer({ min: 1, max: 255 })
    const words = fc.array(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes.filter(Boolean))),
    )
    const all = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1))
    await fc.assert(
      fc.asyncProperty(words, byte, async (args, last) => {
        await openAndExit()
        const sent = [...askingArgs.map((word) => Buffer.from(word)), ...args, all, Buffer.of(last)]
        const { code } = await (await launchBytes(place, sent)).ended
        expect(code).toBe(0)
        expect(bytesSeen()).toEqual(sent.map((word) => word.toString('latin1')))
        await place.close()
      }),
      { numRuns: 10 },
    )
  })

  test('Ten thousand arguments and one of a hundred kilobytes come through', async () => {
    await openAndExit()
    const args = [
      ...askingArgs,
      ...Array.from({ length: 10_000 }, (_, index) => `a${index}`),
      'x'.repeat(100_000),
    ]
    expect((await launch(place, { args }).ended).code).toBe(0)
    expect(place.jobs[0]!.args).toEqual(args)
  })

  test('The working directory is the real one', async () => {
    await openAndExit()
    const cwd = join(place.folder, 'Sessions', 'plex transcode é')
    await mkdir(cwd, { recursive: true })
    await launch(place, { cwd }).ended
    expect(place.jobs[0]!.cwd).toBe(await realpath(cwd))
  })

  test('Only the allowed environment comes, byte for byte', async () => {
    await openAndExit()
    const allowed = [
      'PLEX_ARCH=x86_64',
      'PLEX_MEDIA_SERVER_HOME=/usr/lib/plexmediaserver',
      'PLEX_MEDIA_SERVER_INFO_MODEL=',
      'FFMPEG_EXTERNAL_LIBS=/config/Application\\ Support/Codecs/',
      'EAE_ROOT=/run/plex-temp/pms-1/EasyAudioEncoder',
      'LANG=de_DE.UTF-8',
      'LC_ALL=C',
      'TZ=Europe/Berlin',
      'JELLYFIN_DATA_DIR=/data=1',
    ]
    const odd = Buffer.from('JELLYFIN_ODD=\xff\x80', 'latin1')
    const others = [
      'HOME=/root',
      'X_PLEX_TOKEN=local-1234',
      'X_PLEX_TOKENS=no',
      'PLEX_ARCHIVE=no',
      'LANGUAGE=no',
      'LD_LIBRARY_PATH=/no',
      'MY_TZ=no',
    ]
    await (await launchBytes(place, [...askingArgs], [...allowed, odd, ...others])).ended
    const { env } = place.jobs[0]!
    const entries = Object.entries(env).map(
      ([name, value]) => `${name}=${bytesFromText(value).toString('latin1')}`,
    )
    expect(entries.sort()).toEqual([...allowed, odd.toString('latin1')].sort())
  })

  test('The process id, the version and the features are told', async () => {
    await openAndExit()
    const { child, ended } = launch(place)
    await ended
    expect(place.jobs[0]).toMatchObject({ pid: child.pid, version: 1, program: place.shim })
    expect(place.jobs[0]!.features).toEqual(['stdio', 'signals', 'files', 'http', 'read', 'resume', 'return'])
  })

  test('Each of the three streams is told by its kind', async () => {
    await openAndExit()
    await launch(place, { stdio: ['ignore', 'pipe', 'pipe'] }).ended
    const wrap = (redirection: string) => (command: Buffer) =>
      Buffer.concat([command, Buffer.from(redirection)])
    await (await launchBytes(place, [...askingArgs], [], wrap('<launch.sh >out.txt 2>&-'))).ended
    await (await launchBytes(place, [...askingArgs], [], wrap('<&- >&- 2>&-'))).ended
    await (
      await launchBytes(place, [...askingArgs], [], (command) =>
        Buffer.concat([Buffer.from('true | '), command, Buffer.from('2>/dev/null')]),
      )
    ).ended
    expect(place.jobs.map((job) => job.streams)).toEqual([
      { stdin: 'other', stdout: 'socket', stderr: 'socket' },
      { stdin: 'file', stdout: 'file', stderr: 'closed' },
      { stdin: 'closed', stdout: 'closed', stderr: 'closed' },
      { stdin: 'pipe', stdout: 'socket', stderr: 'other' },
    ])
  })
})
