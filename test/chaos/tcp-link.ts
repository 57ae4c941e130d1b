import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a network does to what is on its way. */
export interface Weather {
  /** Nothing comes through, and nobody hears of it. What was sent meanwhile comes later, as TCP has it. */
  readonly isCut: boolean
  readonly delayMs: number
  readonly bytesPerSecond: number
}

export const fairWeather: Weather = { isCut: false, delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY }

/** A network between one node and its head that obeys. */
export interface TcpLink {
  /** Address that the node is to use instead of the head's; the port is the same. */
  readonly address: string
  set(weather: Weather): void
  /** Ends all connections at once, as a router that forgets them; answers how many there were. */
  tear(): number
  /** Bytes and connections that came while it was cut, and bytes that it has held up. */
  readonly counts: { heldBytes: number; heldConnections: number; delayedBytes: number }
  close(): Promise<void>
}

/** No more than that of one direction waits in memory; then the sender waits, as with a real network. */
const mostWaitingBytes = 4 * 1024 * 1024

/** Listens on `address` of the loopback network and passes everything on to the same port of `head`. */
export async function openTcpLink(options: {
  readonly address: string
  readonly head: string
  readonly port: number
}): Promise<TcpLink> {
  const { address, head, port } = options
  const counts = { heldBytes: 0, heldConnections: 0, delayedBytes: 0 }
  const sockets = new Set<Socket>()
  const sky: Sky = { weather: fairWeather, changed: [], counts }
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (sky.weather.isCut) counts.heldConnections += 1
    const far = connect({ host: head, port, allowHalfOpen: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true).once('close', () => sockets.delete(socket))
    }
    void pump(near, far, sky)
    void pump(far, near, sky)
  })
  server.listen(port, address)
  await once(server, 'listening')
  const tear = (): number => {
    const { size } = sockets
    for (const socket of sockets) socket.resetAndDestroy()
    return size / 2
  }
  return {
    address,
    counts,
    tear,
    set(weather) {
      sky.weather = weather
      for (const tell of sky.changed.splice(0)) tell()
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      tear()
      for (const tell of sky.changed.splice(0)) tell()
      await closed
    },
  }
}

interface Sky {
  weather: Weather
  /** Called once with the next change. */
  readonly changed: (() => void)[]
  readonly counts: TcpLink['counts']
}

/** Bytes, or an end: `finished` in order, `torn` otherwise. */
type Piece = Buffer | 'finished' | 'torn'

/** Carries one direction, in order, as the weather allows. */
async function pump(from: Socket, to: Socket, sky: Sky): Promise<void> {
  const waiting: Piece[] = []
  let waitingBytes = 0
  let arrived: () => void = () => undefined
  const add = (piece: Piece): void => {
    waiting.push(piece)
    arrived()
  }
  from.on('data', (chunk: Buffer) => {
    waitingBytes += chunk.length
    if (sky.weather.isCut) sky.counts.heldBytes += chunk.length
    if (waitingBytes > mostWaitingBytes) from.pause()
    add(chunk)
  })
  from.once('end', () => add('finished'))
  // Whoever goes without a word is torn from the other one too: what it says of the reason is not passed on.
  from.on('error', () => undefined)
  from.once('close', () => add('torn'))
  for (;;) {
    const piece = waiting.shift()
    if (piece === undefined) {
      await new Promise<void>((resolve) => {
        arrived = resolve
      })
      continue
    }
    await untilLetThrough(sky, piece)
    if (piece === 'torn') {
      to.destroySoon()
      return
    }
    if (piece === 'finished') {
      to.end()
      continue
    }
    waitingBytes -= piece.length
    if (waitingBytes < mostWaitingBytes / 2) from.resume()
    if (to.destroyed) continue
    if (!to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')]).catch(() => undefined)
  }
}

/** Weather of now counts, so that what waits goes on when it changes. */
async function untilLetThrough(sky: Sky, piece: Piece): Promise<void> {
  while (sky.weather.isCut) {
    await new Promise<void>((resolve) => sky.changed.push(resolve))
  }
  const { delayMs, bytesPerSecond } = sky.weather
  if (typeof piece === 'string' || (delayMs === 0 && bytesPerSecond === Number.POSITIVE_INFINITY)) return
  sky.counts.delayedBytes += piece.length
  await sleep(delayMs + (piece.length / bytesPerSecond) * 1000)
}
