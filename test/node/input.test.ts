import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { fileEdges } from '../../src/cluster/file-edges.ts'
import type { LeaseInput } from '../../src/cluster/messages.ts'
import {
  childrenOf,
  commandLineOf,
  encodersOf,
  eventually,
  grantOrder,
  leaseInput,
  outputArgs,
  type Rig,
  startRig,
} from './fixture.ts'
import { end, type Interception } from './test-head.ts'

const files = ['clip.mp4', 'clip.mkv', 'clip.ts'] as const
const blockBytes = 64 * 1024

let folder: string
let rig: Rig

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-input-'))
  const source = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=320x180:rate=25:duration=12',
    '-f',
    'lavfi',
    '-i',
    'sine=duration=12',
  ]
  const encoders = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac']
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...source, ...encoders, join(folder, 'clip.mkv')])
  for (const copy of ['clip.mp4', 'clip.ts']) {
    execFileSync('ffmpeg', [
      '-nostdin',
      '-v',
      'error',
      '-i',
      join(folder, 'clip.mkv'),
      '-c',
      'copy',
      join(folder, copy),
    ])
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

afterEach(async () => {
  await rig.close()
  expect(childrenOf(process.pid)).toEqual([])
})

/** Decodes `input` to one line per frame, with the digest of its picture or sound. */
function digestArgs(input: string, output: string): readonly string[] {
  return ['-nostdin', '-hide_banner', '-ss', '3', '-i', input, '-map', '0', '-f', 'framemd5', output]
}

function decodedFromDisk(file: string): string {
  return execFileSync('ffmpeg', ['-v', 'error', ...digestArgs(join(folder, file), '-')], { encoding: 'utf8' })
}

function serve(file: string): void {
  rig.head.media[0] = readFileSync(join(folder, file))
}

/** As an order names a file that the head has at /films; its address leads nowhere. */
async function inputOnTheHead(file: string): Promise<LeaseInput> {
  const proof = await fileEdges(join(folder, file))
  return { url: '/nowhere', identity: file, path: `/films/${file}`, ...proof }
}

function grantDigest(attempt: string, identity: string, args = digestArgs('{input:0}', '{output}/0')): void {
  rig.grant({ attempt, args, inputs: [leaseInput(rig.head, attempt, 0, identity)] })
}

/** Misbehaves each second time that bytes beyond the first block are asked for, `times` in all. */
function sometimes(times: number, misbehave: Interception): Interception {
  let count = 0
  return (request, response) => {
    if (request.method !== 'GET') return false
    count += 1
    return count % 2 === 0 && count <= 2 * times ? misbehave(request, response) : false
  }
}

describe('an input read through the agent', () => {
  test.for(files)('decodes as from disk: %s', async (file) => {
    rig = await startRig({ blockBytes })
    serve(file)
    grantDigest('a', file)
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean', next: 1 })
    expect(rig.head.bytesOf('a').toString()).toBe(decodedFromDisk(file))
  })

  test('decodes as from disk over a network that loses answers', async () => {
    rig = await startRig({ blockBytes })
    serve('clip.mp4')
    const troubles: readonly Interception[] = [
      (_, response) => {
        end(response, 503)
        return true
      },
      (request) => {
        request.socket.destroy()
        return true
      },
      (_, response) => {
        const size = rig.head.media[0]!.length
        const [, range] = /bytes=(.*)/.exec(String(_.headers.range)) ?? []
        response.writeHead(206, { 'content-range': `bytes ${range}/${size}`, 'content-length': blockBytes })
        response.write(Buffer.alloc(100))
        setTimeout(() => response.destroy(), 10)
        return true
      },
    ]
    let next = 0
    rig.head.intercept = sometimes(6, (request, response) =>
      troubles[next++ % troubles.length]!(request, response),
    )
    grantDigest('a', 'mp4')
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean' })
    expect(next).toBe(6)
    expect(rig.head.bytesOf('a').toString()).toBe(decodedFromDisk('clip.mp4'))
  })

  test('is fetched once for two leases at the same time and not again for a third', async () => {
    rig = await startRig({ blockBytes })
    serve('clip.mkv')
    grantDigest('a', 'same')
    grantDigest('b', 'same')
    await rig.report('a')
    await rig.report('b')
    const fetched = rig.head.mediaRequests()
    expect(new Set(fetched).size).toBe(fetched.length)
    expect(fetched.length).toBeGreaterThan(5)
    grantDigest('c', 'same')
    expect(await rig.report('c')).toMatchObject({ outcome: 'clean' })
    expect(rig.head.mediaRequests()).toHaveLength(fetched.length)
    expect(rig.head.bytesOf('c')).toEqual(rig.head.bytesOf('a'))
  })

  test('is fetched again when it is another file under the same address', async () => {
    rig = await startRig({ blockBytes })
    serve('clip.mkv')
    grantDigest('a', 'before')
    await rig.report('a')
    serve('clip.ts')
    grantDigest('b', 'after')
    expect(await rig.report('b')).toMatchObject({ outcome: 'clean' })
    expect(rig.head.bytesOf('b').toString()).toBe(decodedFromDisk('clip.ts'))
  })

  test('keeps no more than the cache may hold', async () => {
    rig = await startRig({ blockBytes, cacheBytes: 2 * blockBytes })
    serve('clip.ts')
    grantDigest('a', 'same')
    await rig.report('a')
    const fetched = rig.head.mediaRequests().length
    grantDigest('b', 'same')
    expect(await rig.report('b')).toMatchObject({ outcome: 'clean' })
    expect(rig.head.mediaRequests().length).toBeGreaterThan(fetched + 2)
  })

  test('shows nothing of the head to ffmpeg', async () => {
    rig = await startRig({ blockBytes })
    serve('clip.mkv')
    rig.head.intercept = () => new Promise(() => {})
    grantDigest('a', 'mkv')
    await eventually('a request', () => rig.head.mediaRequests().length > 0)
    const pid = encodersOf(process.pid)[0]!
    const commandLine = commandLineOf(pid).join(' ')
    expect(commandLine).toContain('/in/')
    expect(commandLine).not.toContain(rig.head.url)
  })

  test('comes from the node’s own disk where a path map is proved, already with the first lease', async () => {
    rig = await startRig({ blockBytes }, [{ head: '/films', here: folder }])
    const inputs = [await inputOnTheHead('clip.mkv')]
    await rig.grantPatiently({ attempt: 'a', args: digestArgs('{input:0}', '{output}/0'), inputs })
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean' })
    expect(rig.head.mediaRequests()).toEqual([])
    expect(rig.head.bytesOf('a').toString()).toBe(decodedFromDisk('clip.mkv'))
  })

  test('comes from the head after a lease that read the node’s own file has failed', async () => {
    rig = await startRig({ blockBytes }, [{ head: '/films', here: folder }])
    const inputs = [await inputOnTheHead('clip.mkv')]
    const args = digestArgs('{input:0}', '{output}/0')
    await rig.grantPatiently({
      attempt: 'a',
      args: [...args.slice(0, -1), '-nonsense', '{output}/0'],
      inputs,
    })
    expect(await rig.report('a')).toMatchObject({ outcome: 'failed' })
    serve('clip.mkv')
    const again = [{ ...inputs[0]!, url: leaseInput(rig.head, 'b', 0, '').url }]
    await rig.grantPatiently({ attempt: 'b', args, inputs: again })
    expect(await rig.report('b')).toMatchObject({ outcome: 'clean' })
    expect(rig.head.mediaRequests().length).toBeGreaterThan(0)
  })

  test('that is being proved does not let a cancel overtake its grant', async () => {
    rig = await startRig({ blockBytes }, [{ head: '/films', here: folder }])
    const inputs = [await inputOnTheHead('clip.mkv')]
    const grant = grantOrder({ attempt: 'a', args: digestArgs('{input:0}', '{output}/0'), inputs })
    const reply = rig.control.orderLater(grant)
    expect(rig.control.order({ type: 'cancel', attempt: 'a' })).toEqual({ ok: true })
    expect(await reply).toMatchObject({ ok: false, code: 'cancelled' })
    await sleep(20)
    expect(encodersOf(process.pid)).toEqual([])
  })

  test('comes from the head where the node’s file is another one', async () => {
    rig = await startRig({ blockBytes }, [{ head: '/films', here: folder }])
    serve('clip.mkv')
    const inputs = [{ ...leaseInput(rig.head, 'a', 0, 'x'), path: '/films/clip.ts', edges: '0'.repeat(64) }]
    await rig.grantPatiently({ attempt: 'a', args: digestArgs('{input:0}', '{output}/0'), inputs })
    expect(await rig.report('a')).toMatchObject({ outcome: 'clean' })
    expect(rig.head.mediaRequests().length).toBeGreaterThan(0)
    expect(rig.head.bytesOf('a').toString()).toBe(decodedFromDisk('clip.mkv'))
  })
})

describe('an input that breaks in the middle', () => {
  const segmentArgs = [
    '-nostdin',
    '-hide_banner',
    '-re',
    '-i',
    '{input:0}',
    '-map',
    '0:v',
    ...outputArgs(0, 300),
  ]

  /** Misbehaves for bytes beyond the first third. */
  function beyondAThird(misbehave: Interception): Interception {
    return (request, response) => {
      const start = Number(/bytes=(\d+)/.exec(String(request.headers.range))?.[1])
      return start > rig.head.media[0]!.length / 3 ? misbehave(request, response) : false
    }
  }

  const breaks: Record<string, Interception> = {
    'by connections that are lost': (request) => {
      request.socket.destroy()
      return true
    },
    'by 404': (_, response) => {
      end(response, 404)
      return true
    },
    'by bytes of another file': (request, response) => {
      const [, first, last] = /bytes=(\d+)-(\d+)/.exec(String(request.headers.range)) ?? []
      const body = Buffer.alloc(Number(last) - Number(first) + 1)
      response.writeHead(206, { 'content-range': `bytes ${first}-${last}/1`, 'content-length': body.length })
      response.end(body)
      return true
    },
    'by a head that ignores the range': (_, response) => {
      response.writeHead(200, { 'content-length': 10 }).end(Buffer.alloc(10))
      return true
    },
  }

  test.for(Object.keys(breaks))('%s makes the lease fail, and no short segment comes of it', async (name) => {
    rig = await startRig({ blockBytes, readPatienceMs: 300 })
    serve('clip.ts')
    rig.head.intercept = beyondAThird(breaks[name]!)
    grantDigest('a', 'ts', segmentArgs)
    const report = await rig.report('a')
    expect(report).toMatchObject({ outcome: 'failed', exitCode: null })
    expect(report.stderr).toContain('input 0 could not be read')
    rig.head.intercept = undefined
    grantDigest(
      'whole',
      'ts',
      segmentArgs.filter((argument) => argument !== '-re'),
    )
    expect(await rig.report('whole')).toMatchObject({ outcome: 'clean', next: 30 })
    const wholes = rig.head.stored.get('whole')!.map(({ bytes }) => bytes)
    const before = (rig.head.stored.get('a') ?? []).map(({ bytes }) => bytes)
    expect(before).toEqual(wholes.slice(0, before.length))
  })

  test('because the session is gone ends the lease', async () => {
    rig = await startRig({ blockBytes })
    serve('clip.ts')
    rig.head.intercept = beyondAThird((_, response) => {
      end(response, 410)
      return true
    })
    grantDigest('a', 'ts', segmentArgs)
    expect(await rig.report('a')).toMatchObject({ outcome: 'stopped', exitCode: null })
  })
})
