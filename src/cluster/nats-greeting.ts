import { connect } from 'node:net'

/** What a nats-server says first, in the clear, to whoever connects (the INFO message). */
export interface NatsGreeting {
  readonly serverId: string
  readonly name: string
  readonly version: string
  readonly port: number
  readonly jetStream: boolean
  readonly tlsRequired: boolean
}

/** Connects, reads the greeting and hangs up. Rejects when nobody answers within `timeoutMs`, or not with NATS. */
export function readNatsGreeting(host: string, port: number, timeoutMs: number): Promise<NatsGreeting> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: timeoutMs })
    let received = ''
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    socket.setEncoding('utf8')
    socket.on('timeout', () => fail(new Error(`no greeting from ${host}:${port} within ${timeoutMs} ms`)))
    socket.on('error', fail)
    socket.on('close', () => fail(new Error(`${host}:${port} hung up without a greeting`)))
    socket.on('data', (text: string) => {
      received += text
      if (!received.includes('\r\n') && received.length < 64 * 1024) return
      socket.destroy()
      try {
        resolve(parseGreeting(received))
      } catch (cause) {
        reject(new Error(`${host}:${port} does not greet as a NATS server does`, { cause }))
      }
    })
  })
}

function parseGreeting(received: string): NatsGreeting {
  const json = /^INFO (\{.*\})\s*\r\n/.exec(received)?.[1]
  const info = JSON.parse(json ?? 'null') as Record<string, unknown>
  return {
    serverId: String(info.server_id),
    name: String(info.server_name),
    version: String(info.version),
    port: Number(info.port),
    jetStream: info.jetstream === true,
    tlsRequired: info.tls_required === true,
  }
}
