import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** A media server with many sessions, each of them watched from its first segment on. */
export interface Viewers {
  /** What is to be reported to for this session. */
  jobUrl(session: number): string
  /** Sessions of which a segment has been announced. */
  readonly begun: number
  /** Finished rows so far, and those that came after the player was through with all before. */
  readonly announced: number
  readonly late: number
  /** Seconds by which the session with the least leads its player. */
  leastLeadSeconds(): number
  close(): void
}

export interface ViewersOptions {
  readonly segmentSeconds: number
  /** Sessions that lead by more are asked to throttle, and by less than two segments less no longer. */
  readonly mostLeadSeconds: number
  readonly directoryOf: (session: number) => string
}

interface Watched {
  firstMs: number | null
  segments: number
  throttled: boolean
}

/** So many segments behind the last are kept, as a media server's player would still want them. */
const keptSegments = 3

export async function startViewers(options: ViewersOptions): Promise<Viewers> {
  const { segmentSeconds, mostLeadSeconds, directoryOf } = options
  const watched = new Map<number, Watched>()
  let [announced, late] = [0, 0]
  const leadOf = ({ firstMs, segments }: Watched) =>
    firstMs === null ? 0 : segments * segmentSeconds - (performance.now() - firstMs) / 1000

  const announce = (session: number, view: Watched, name: string): void => {
    const number = Number(/(\d+)\.ts$/.exec(name)?.[1] ?? Number.NaN)
    if (number < view.segments) return
    if (view.firstMs !== null && leadOf(view) < 0) late += 1
    view.firstMs ??= performance.now()
    view.segments = number + 1
    announced += 1
    const old = `media-${String(number - keptSegments).padStart(5, '0')}.ts`
    if (number >= keptSegments) void rm(join(directoryOf(session), old), { force: true })
  }
  const server = createServer((incoming, outgoing) => {
    const session = Number(/\/session\/(\d+)\//.exec(incoming.url ?? '')?.[1])
    const view = watched.get(session) ?? { firstMs: null, segments: 0, throttled: false }
    watched.set(session, view)
    let body = ''
    incoming.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    incoming.on('end', () => {
      if (incoming.url?.includes('/manifest')) {
        const rows = body.split('\n').filter((row) => /^[^#,][^,]*,/.test(row))
        for (const row of rows) announce(session, view, row.split(',')[0]!)
      }
      const slack = view.throttled ? 2 * segmentSeconds : 0
      view.throttled = leadOf(view) > mostLeadSeconds - slack
      const isReport = incoming.method === 'PUT'
      const words = view.throttled ? ' canThrottle="1"' : ''
      outgoing.writeHead(isReport ? 206 : 200).end(isReport ? `<MediaContainer size="0"${words}>` : '')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    jobUrl: (session) => `http://127.0.0.1:${port}/video/:/transcode/session/${session}/${segmentSeconds}`,
    get begun() {
      return [...watched.values()].filter(({ firstMs }) => firstMs !== null).length
    },
    get announced() {
      return announced
    },
    get late() {
      return late
    },
    leastLeadSeconds: () => Math.min(...[...watched.values()].map(leadOf)),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
