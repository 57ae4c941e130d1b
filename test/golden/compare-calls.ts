import type { RecordedRequest, Recording } from './recording.ts'

/** What a request is about. */
export type CallKind = 'stream' | 'streamDetail' | 'duration' | 'size' | 'progress' | 'log' | 'list' | 'other'

/** Path and query after `/video/:/transcode/session/<session>/<job>/`, which differ from run to run. */
export function tail(request: RecordedRequest): string {
  return request.url.replace(/^\/[a-z]+\/:\/transcode\/session\/[^/]+\/[^/?]+\//, '')
}

export function kindOf(request: RecordedRequest): CallKind {
  const call = tail(request)
  if (call.startsWith('progress/streamDetail?')) return 'streamDetail'
  if (call.startsWith('progress/stream?')) return 'stream'
  if (call.startsWith('progress/log?')) return 'log'
  if (call.startsWith('progress?progress=')) return 'progress'
  if (call.startsWith('progress?duration=')) return 'duration'
  if (call.startsWith('progress?width=')) return 'size'
  if (/^(manifest|seglist)\b/.test(call)) return 'list'
  return 'other'
}

export function requestsOf(recording: Recording, ...kinds: readonly CallKind[]): readonly RecordedRequest[] {
  return recording.requests.filter((request) => kinds.includes(kindOf(request)))
}

/** One-off calls: the same, all parameters, in the same order; the size calls may stand anywhere among them. */
export function compareOneOffCalls(golden: Recording, made: Recording): string[] {
  const differences = compareSequence(
    'one-off call',
    requestsOf(golden, 'stream', 'streamDetail', 'duration').map(named),
    requestsOf(made, 'stream', 'streamDetail', 'duration').map(named),
  )
  const sizes = (recording: Recording) => requestsOf(recording, 'size').map(named).sort()
  differences.push(...compareSequence('size call', sizes(golden), sizes(made)))
  const known = new Set(requestsOf(golden, 'other').map(named))
  for (const request of requestsOf(made, 'other')) {
    if (!known.has(named(request)))
      differences.push(`a call the real transcoder does not make: ${named(request)}`)
  }
  return differences
}

/** Log lines of level 0: the same reasons in the same order; nothing extra below level 3. */
export function compareLogs(golden: Recording, made: Recording): string[] {
  const differences = compareSequence('log line', errorLines(golden), errorLines(made))
  const known = new Set(logLines(golden).map((line) => `${line.level} ${line.message}`))
  for (const { level, message } of logLines(made)) {
    if (level > 0 && level < 3 && !known.has(`${level} ${message}`)) {
      differences.push(`an extra log line of level ${level}: ${message}`)
    }
  }
  return differences
}

/** The token goes out on every PUT and never with a list. */
export function compareTokens(golden: Recording, made: Recording): string[] {
  const token = golden.requests.find((request) => request.headers['x-plex-token'])?.headers['x-plex-token']
  if (token === undefined) return []
  return made.requests.flatMap((request) => {
    const sent = request.headers['x-plex-token']
    if (request.method === 'PUT' && sent !== token) return [`no token on ${named(request)}`]
    if (kindOf(request) === 'list' && sent !== undefined) return [`a token on ${named(request)}`]
    return []
  })
}

function named(request: RecordedRequest): string {
  return `${request.method} ${tail(request)}`
}

function errorLines(recording: Recording): string[] {
  return logLines(recording)
    .filter((line) => line.level === 0)
    .map((line) => line.message)
}

/** Messages without what differs from run to run: addresses of C structures and the folder of the input. */
function logLines(recording: Recording): { level: number; message: string }[] {
  return requestsOf(recording, 'log').map((request) => {
    const query = new URL(request.url, 'http://server').searchParams
    const message = (query.get('message') ?? '')
      .replaceAll(/0x[0-9a-f]+/g, '0x')
      .replace(/^(Error opening input file ).*\/([^/]+)$/, '$1$2')
    return { level: Number(query.get('level')), message }
  })
}

/** What is missing, extra or different in a sequence, in sentences. */
export function compareSequence(
  what: string,
  expected: readonly string[],
  found: readonly string[],
): string[] {
  const differences: string[] = []
  for (let index = 0; index < Math.max(expected.length, found.length); index += 1) {
    const [wanted, got] = [expected[index], found[index]]
    if (wanted === got) continue
    if (got === undefined) differences.push(`${what} ${index + 1} is missing: ${wanted}`)
    else if (wanted === undefined) differences.push(`${what} ${index + 1} is extra: ${got}`)
    else differences.push(`${what} ${index + 1} differs: ${wanted} became ${got}`)
  }
  return differences
}
