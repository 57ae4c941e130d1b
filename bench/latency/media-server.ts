import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** What a job reports to: answers as Plex does and notes when the first segment was announced. */
export interface MediaServer {
  readonly url: string
  /** Milliseconds of performance.now() at which the first finished row came; rejects when its file was not there. */
  firstSegment(directory: string): Promise<number>
  close(): void
}

export async function startMediaServer(): Promise<MediaServer> {
  let onRow: (name: string) => void = () => {}
  const server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    incoming.on('end', () => {
      const name = /^([^#,][^,]*),/.exec(body)?.[1]
      if (name !== undefined && incoming.url?.includes('/manifest')) onRow(name)
      outgoing.writeHead(incoming.method === 'PUT' ? 206 : 200).end()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    firstSegment: (directory) =>
      new Promise((resolve, reject) => {
        onRow = (name) => {
          const at = performance.now()
          onRow = () => {}
          const size = statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0
          if (size > 0) resolve(at)
          else reject(new Error(`${name} was announced and is not there`))
        }
      }),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
