import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type PlexMediaServer, startPlexMediaServer } from './plex-media-server.ts'
import { recordingOf, startTranscoder, type TranscoderOptions } from './transcoder-process.ts'

let root: string
let server: PlexMediaServer
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'paceline-transcoder-'))
  server = await startPlexMediaServer()
})
afterEach(async () => {
  await server.close()
  rmSync(root, { recursive: true, force: true })
})

/** A program that does what its shell lines say, with the arguments as "$@". */
function options(
  script: string,
  args: readonly string[] = [],
  more: Partial<TranscoderOptions> = {},
): TranscoderOptions {
  const program = join(root, 'transcoder')
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { program, server, args, mediaPath: '/films/a b.mkv', sessions: join(root, 'Sessions'), ...more }
}

describe('a transcoder started as Plex starts one', () => {
  it('gets its arguments as a list, with the places filled in', async () => {
    const args = ['-i', '{MEDIA}', '-progressurl', '{PMS}/p', '{CWD}/x', '[0:1] aresample']
    const process = await startTranscoder(options('printf "%s\\n" "$@"', args))
    expect((await process.exited()).stdout.split('\n')).toEqual([
      ...[
        '-i',
        '/films/a b.mkv',
        '-progressurl',
        `${server.url}/p`,
        `${process.directory}/x`,
        '[0:1] aresample',
        '',
      ],
    ])
  })

  it('runs in the folder of its session, with Plex’s variables and no others', async () => {
    const started = options(
      'pwd; env | cut -d= -f1 | sort | tr "\\n" " "; echo; echo "$X_PLEX_TOKEN $PACELINE_HEAD"',
      [],
      {
        token: 'token-8',
        session: 's-9',
        job: 'uuid-1',
        environment: { PACELINE_HEAD: 'unix:/x' },
      },
    )
    const process = await startTranscoder(started)
    const [directory, names, values] = (await process.exited()).stdout.split('\n')
    expect(basename(directory ?? '')).toBe('plex-transcode-s-9-uuid-1')
    expect(names).toMatch(
      /EAE_ROOT FFMPEG_EXTERNAL_LIBS HOME .*PLEX_MEDIA_SERVER_INFO_VERSION.* X_PLEX_TOKEN/,
    )
    expect(names).not.toContain('NODE')
    expect(values).toBe('token-8 unix:/x')
  })

  it('is killed at once, without a word', async () => {
    const process = await startTranscoder(options('trap "echo caught" TERM INT; exec sleep 60'))
    process.kill()
    expect(await process.exited()).toMatchObject({ exit: null, signal: 'SIGKILL', stdout: '' })
  })

  it('says what it said and how it ended', async () => {
    const process = await startTranscoder(options('echo oh >&2; exit 254'))
    expect(await process.exited()).toMatchObject({ exit: 254, signal: null, stderr: 'oh\n' })
  })

  it('that is not there is an error', async () => {
    const process = await startTranscoder({ ...options('true'), program: join(root, 'missing') })
    await expect(process.exited()).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('leaves a recording, with the packets of each file', async () => {
    const clip =
      'ffmpeg -v error -f lavfi -i color=s=64x64:r=10:d=1 -f lavfi -i anullsrc=r=48000 -shortest -c:v mpeg2video a.ts'
    const started = options(`${clip}; : > b.ts; echo text > header`, ['{CWD}'])
    const recording = await recordingOf('clip', started, await startTranscoder(started))
    expect(recording).toMatchObject({
      name: 'clip',
      media: 'a b.mkv',
      args: ['{CWD}'],
      exit: 0,
      signal: null,
    })
    expect(recording.files.map((file) => file.name)).toEqual(['a.ts', 'b.ts', 'header'])
    expect(recording.files[0]?.streams).toMatchObject([{ codec_type: 'video', nb_read_packets: '10' }, {}])
    expect(recording.files[0]?.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(recording.files[1]).toMatchObject({ bytes: 0 })
    expect(recording.files[2]?.streams).toBeUndefined()
  })
})
