import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareRecordings } from './compare.ts'
import {
  type RecordedFile,
  type RecordedRequest,
  type RecordedStream,
  type Recording,
  readRecording,
} from './recording.ts'
import { sharedFolder, sharedNote } from './shared-folder.ts'

const golden = readRecording(new URL('fixtures/fixture-hls.json', import.meta.url))
const denied = readRecording(new URL('fixtures/fixture-denied.json', import.meta.url))

/** The fixture with one change to the requests whose URL or body holds a text. */
function changed(
  having: string,
  change: (request: RecordedRequest) => Partial<RecordedRequest> | null,
  of: Recording = golden,
): Recording {
  const requests = of.requests.flatMap((request) => {
    if (!request.url.includes(having) && !request.body.includes(having)) return [request]
    const difference = change(request)
    return difference === null ? [] : [{ ...request, ...difference }]
  })
  return { ...of, requests }
}

function withFile(name: string, change: (file: RecordedFile) => RecordedFile | null): Recording {
  const files = golden.files.flatMap((file) => (file.name === name ? (change(file) ?? []) : [file]))
  return { ...golden, files }
}

function withPackets(name: string, stream: number, packets: string): Recording {
  return withFile(name, (file) => ({
    ...file,
    streams: (file.streams ?? []).map((found) =>
      found.index === stream ? { ...found, nb_read_packets: packets } : found,
    ),
  }))
}

const body = (from: string | RegExp, to: string) => (request: RecordedRequest) => ({
  body: request.body.replaceAll(from, to),
})
const url = (from: string, to: string) => (request: RecordedRequest) => ({
  url: request.url.replace(from, to),
})

describe('a recording compared with itself', () => {
  it.each([golden, denied])('has no differences: $name', (recording) => {
    expect(compareRecordings(recording, recording, { whole: true })).toEqual([])
  })

  const folder = sharedFolder === null ? null : join(sharedFolder, 'golden/plex')
  const names =
    folder === null
      ? []
      : readdirSync(folder).filter((name) => /^(hls-|missing|sidecar|dash|optimise|burn)/.test(name))
  it.skipIf(folder === null)(`has no differences when it is one of the real transcoder${sharedNote}`, () => {
    expect(names.length).toBeGreaterThan(3)
    for (const name of names) {
      const recording = readRecording(join(folder ?? '', name))
      expect(compareRecordings(recording, recording, { whole: true }), name).toEqual([])
      expect(compareRecordings(recording, recording), name).toEqual([])
    }
  })
})

describe('a planted difference is found', () => {
  const plants: [string, Recording, RegExp][] = [
    ['a missing stream call', changed('/stream?index=1', () => null), /one-off call 2 differs/],
    ['a changed parameter', changed('/streamDetail?index=0', url('level=120', 'level=123')), /level=123/],
    [
      'a parameter too many',
      changed('?duration=', url('20.000000', '20.000000&x=1')),
      /duration=20.000000&x=1/,
    ],
    ['another duration', changed('?duration=', url('20.000000', '20.000001')), /20\.000001/],
    [
      'a call nobody makes',
      { ...golden, requests: [...golden.requests, put('/progress?status=startup')] },
      /status=startup/,
    ],
    [
      'a size call too many',
      { ...golden, requests: [...golden.requests, put('/progress?width=1&height=1')] },
      /size call 1 is extra/,
    ],
    [
      'an extra log line',
      { ...golden, requests: [...golden.requests, log(1, 'hm')] },
      /extra log line of level 1: hm/,
    ],
    [
      'an extra error',
      { ...golden, requests: [...golden.requests, log(0, 'no')] },
      /log line 1 is extra: no/,
    ],
    ['a PUT without the token', changed('?duration=', withoutToken), /no token on PUT/],
    ['a list with the token', changed('#media-00009', withToken), /a token on POST/],
    ['progress that goes back', changed('progress=32.4', url('32.4', '14.9')), /goes back from 32.2 to 14.9/],
    ['a silent second', changed('progress=15.0', () => null), /no progress report for 1093 ms/],
    ['progress without size', changed('progress=15.0', url('&size=-1', '')), /without size/],
    ['progress without remaining', changed('progress=15.0', url('&remaining=7', '')), /without remaining/],
    ['progress without speed', changed('progress=15.0', url('&speed=6.1', '')), /without speed/],
    [
      'speed while throttled',
      changed('progress=32.2', url('&vdec', '&speed=0.1&vdec')),
      /speed while throttled/,
    ],
    [
      'a point while throttled',
      changed('progress=32.4', url('32.4', '33.0')),
      /1\.0 points of progress while throttled/,
    ],
    ['no reports', changed('?progress=', () => null), /no progress report at all/],
    ['a missing list post', changed('#media-00009', () => null), /list posts instead of 12/],
    [
      'a list post too many',
      { ...golden, requests: [...golden.requests, ...golden.requests.slice(-1)] },
      /13 list posts/,
    ],
    [
      'an open row as finished',
      changed('#media-00009', body('#media-00009', 'media-00009')),
      /instead of .*#media-00009/,
    ],
    [
      'another name',
      changed('media-00009.ts', body('media-00009.ts', 'media-0009.ts')),
      /has .*media-0009\.ts/,
    ],
    [
      'a start 2 ms late',
      changed('media-00009.ts,', body('12.000000,14', '12.002000,14')),
      /time 1 is 12.002 instead of 12/,
    ],
    [
      'a sound end two frames off',
      changed('media-00009.ts,', body('13.946667', '13.904000')),
      /time 3 is 13.904/,
    ],
    ['a column too few', changed('media-00009.ts,', body(/,13.946667/g, '')), /3 times instead of 4/],
    ['a list sent elsewhere', changed('#media-00009', url('/manifest', '/seglist')), /went to POST seglist/],
    ['an announced file gone at the end', withFile('media-00010.ts', () => null), /announced and is gone/],
    ['a missing file', withFile('media-00010.ts', () => null), /media-00010.ts is missing/],
    [
      'a file too many',
      { ...golden, files: [...golden.files, { name: 'x.tmp', bytes: 3 }] },
      /x.tmp is extra/,
    ],
    ['a video packet too few', withPackets('media-00010.ts', 0, '49'), /49 video packets instead of 50/],
    ['two audio packets too many', withPackets('media-00010.ts', 1, '95'), /95 audio packets instead of 93/],
    ['pictures of another size', withStream({ width: 322 }), /has h264 322x\d+, aac instead of h264/],
    ['another codec', withStream({ codec_name: 'hevc' }), /has hevc .* instead of h264/],
    ['a later first timestamp', withFile('media-00010.ts', later), /begins at 34.04 instead of 34/],
    [
      'an announced file that was not there',
      listing((files) => files.slice(0, -1)),
      /listed at \d+ ms and not there/,
    ],
    ['an announced file that was empty', listing((files) => files.map(([name]) => [name, 0])), /and empty/],
    [
      'a file that grew afterwards',
      withFile('media-00008.ts', (file) => ({ ...file, bytes: 1 })),
      /and 1 at the end/,
    ],
    ['bytes that changed afterwards', rewritten(), /media-00007.ts changed after it was announced/],
    ['another exit code', { ...golden, exit: 1 }, /ended with 1 instead of 0/],
    ['a killed job', { ...golden, exit: null, signal: 'SIGKILL' }, /ended with SIGKILL instead of 0/],
  ]

  it.each(plants)('%s', (_title, made, sentence) => {
    const differences = compareRecordings(golden, made)
    expect(differences.join('\n')).toMatch(sentence)
  })

  it('but not another reason given by the address of a C structure or the folder of the input', () => {
    const other = changed('log?', url('0x11112222aaaa', '0x99'), denied)
    const moved = changed('log?', url('%2Ffilms%2F', '%2Fother%2Ffolder%2F'), denied)
    expect(compareRecordings(denied, other)).toEqual([])
    expect(compareRecordings(denied, moved)).toEqual([])
    const reason = changed('log?', url('Permission', 'Permissive'), denied)
    expect(compareRecordings(denied, reason)).toHaveLength(2)
  })

  it('in sound only when it adds up to more than one packet over the whole job', () => {
    expect(compareRecordings(golden, withPackets('media-00010.ts', 1, '94'))).toEqual([])
    const files = golden.files.map((file, index) =>
      index > 1 ? file : { ...file, streams: (file.streams ?? []).map(oneMore) },
    )
    expect(compareRecordings(golden, { ...golden, files }).join()).toMatch(
      /527 audio packets in all instead of 525/,
    )
  })
})

describe.skipIf(sharedFolder === null)(`a job of DASH with text beside it${sharedNote}`, () => {
  const path = join(sharedFolder ?? '', 'golden/plex/sidecar-segments.json')
  const having = sharedFolder === null ? golden : readRecording(path)
  const texts = (change: (file: RecordedFile) => Partial<RecordedFile>) => ({
    ...having,
    files: having.files.map((file) => (/^sub-/.test(file.name) ? { ...file, ...change(file) } : file)),
  })

  it('has its list of text compared as well', () => {
    const late = changed('sub-chunk-00000,', body('0.500000', '0.600000'), having)
    expect(compareRecordings(having, late).join()).toMatch(/sub-chunk-00000: time 2 is 0.6 instead of 0.5/)
    const silent = changed('#sub-chunk', () => null, having)
    expect(compareRecordings(having, silent).join()).toMatch(/1 list posts instead of 2/)
  })

  it('has the bytes of its text compared', () => {
    const more = compareRecordings(
      having,
      texts(({ bytes }) => ({ bytes: bytes + 1 })),
    ).join()
    expect(more).toMatch(/sub-chunk-00000 has 84 bytes of text instead of 83/)
    expect(more).toMatch(/sub-header has 469 bytes of text/)
  })

  it('names no init segment that is not there', () => {
    const files = (request: RecordedRequest) => ({
      files: (request.files ?? []).filter(([name]) => name !== 'init-stream0.m4s'),
    })
    expect(compareRecordings(having, changed('<MPD', files, having)).join()).toMatch(
      /init-stream0.m4s was listed at \d+ ms and not there/,
    )
  })
})

describe('a job that the recorder stopped', () => {
  const stopped = longRecording(30)

  it('is matched by one with its first 20 finished rows', () => {
    expect(compareRecordings(stopped, longRecording(20))).toEqual([])
    expect(compareRecordings(stopped, longRecording(40))).toEqual([])
  })

  it('is not matched by one with 19, nor with less than all when all are demanded', () => {
    expect(compareRecordings(stopped, longRecording(19)).join()).toMatch(/38 list posts instead of 40/)
    expect(compareRecordings(stopped, longRecording(29), { whole: true }).join()).toMatch(
      /list posts instead of/,
    )
    expect(compareRecordings(stopped, longRecording(30), { whole: true })).toEqual([])
  })

  it('may come to its own good end, and to no other', () => {
    const made = longRecording(30)
    expect(compareRecordings(stopped, { ...made, exit: 0, signal: null })).toEqual([])
    expect(compareRecordings(stopped, { ...made, exit: 1, signal: null })).toEqual([
      'the job ended with 1 instead of SIGKILL',
    ])
  })
})

function put(call: string): RecordedRequest {
  const like = golden.requests[0]!
  return { ...like, t: golden.requests.at(-1)!.t, url: like.url.replace(/\/progress.*/, call) }
}

function log(level: number, message: string): RecordedRequest {
  return { ...put(`/progress/log?level=${level}&message=${message}`), method: 'POST' }
}

function withoutToken(request: RecordedRequest): Partial<RecordedRequest> {
  const { 'x-plex-token': _token, ...headers } = request.headers
  return { headers }
}

function withToken(request: RecordedRequest): Partial<RecordedRequest> {
  return { headers: { ...request.headers, 'x-plex-token': 'fixture-token' } }
}

function later(file: RecordedFile): RecordedFile {
  return { ...file, streams: (file.streams ?? []).map((stream) => ({ ...stream, start_time: '34.040000' })) }
}

function withStream(change: Partial<RecordedStream>): Recording {
  return withFile('media-00010.ts', (file) => ({
    ...file,
    streams: (file.streams ?? []).map((stream) => (stream.index === 0 ? { ...stream, ...change } : stream)),
  }))
}

function oneMore<S extends { index: number; nb_read_packets?: string }>(stream: S): S {
  return stream.index === 0
    ? stream
    : { ...stream, nb_read_packets: String(Number(stream.nb_read_packets) + 1) }
}

function listing(
  change: (files: readonly (readonly [string, number])[]) => (readonly [string, number])[],
): Recording {
  return changed('\nmedia-00012.ts', (request) => ({ files: change(request.files ?? []) }))
}

function rewritten(): Recording {
  const made = changed('media-00007.ts,8.000000,10', (request) => ({
    ...(request.body.includes('#') ? {} : { digests: { 'media-00007.ts': 'aa' } }),
  }))
  return { ...made, files: golden.files.map((file) => ({ ...file, digest: 'bb' })) }
}

/** A stopped job with so many finished segments of one second, each one picture and one sound packet. */
function longRecording(finished: number): Recording {
  const name = (segment: number) => `media-${String(segment).padStart(5, '0')}.ts`
  const row = (segment: number, end: number) =>
    `${name(segment)},${[segment, end, end, end].map((time) => time.toFixed(6)).join(',')}\n`
  const like = golden.requests.at(-1)!
  const requests = golden.requests.filter((request) => !/progress\?progress|manifest|log/.test(request.url))
  for (let segment = 0; segment < finished; segment += 1) {
    const t = 100 + segment * 200
    requests.push({ ...put(`/progress?progress=${segment}&size=-1&remaining=1&speed=1.0`), t })
    requests.push({ ...like, t, body: `#${row(segment, segment)}`, files: [[name(segment), 0]] })
    requests.push({ ...like, t, body: row(segment, segment + 1), files: [[name(segment), 5]] })
  }
  const streams = ['video', 'audio'].map((type, index) => ({
    index,
    codec_type: type,
    start_time: '1.000000',
    nb_read_packets: '1',
  }))
  const files = Array.from({ length: finished }, (_, segment) => ({ name: name(segment), bytes: 5, streams }))
  return { ...golden, exit: null, signal: 'SIGKILL', requests, files }
}
