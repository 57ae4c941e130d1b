import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** What a device does to one request instead of answering it. */
export type Trouble = 'none' | 'silent' | 'reset' | 'half' | 'drip' | 'endless' | 'garbage' | 'error 500'

export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly json?: unknown
  readonly text?: string
}

export interface Call {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** An HTTP server on loopback that stands for a device, and can be given troubles for its next requests. */
export class DeviceServer {
  readonly calls: Call[] = []
  readonly troubles: Trouble[] = []
  readonly #server: ReturnType<typeof createServer>
  readonly #scheme: string

  constructor(answer: (call: Call) => Answer, tls?: { key: string; cert: string }) {
    const listener = async (request: IncomingMessage, response: ServerResponse) => {
      let body = ''
      for await (const piece of request) body += piece
      const url = new URL(request.url ?? '/', 'http://device')
      const call = { method: request.method ?? '', url, headers: request.headers, body }
      this.calls.push(call)
      const trouble = this.troubles.shift()
      if (trouble === undefined || trouble === 'none') return send(response, answer(call))
      make(trouble, response)
    }
    this.#scheme = tls ? 'https' : 'http'
    this.#server = tls ? createTlsServer(tls, listener) : createServer(listener)
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve))
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, json, text }: Answer): void {
  const body = text ?? JSON.stringify(json)
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body)
}

function make(trouble: Trouble, response: ServerResponse): void {
  if (trouble === 'reset') response.destroy()
  if (trouble === 'garbage') send(response, { text: '<html>Please update your firmware</html>' })
  if (trouble === 'error 500') send(response, { status: 500, text: 'out of memory' })
  if (trouble === 'half') {
    response.writeHead(200, { 'Content-Length': '500' })
    response.write('{"ison":tr', () => response.destroy())
  }
  // A byte now and then, as from a device that is about to run out of memory.
  if (trouble === 'drip') {
    response.writeHead(200, { 'Content-Length': '500' })
    const drops = setInterval(() => response.write('{'), 50)
    response.once('close', () => clearInterval(drops))
  }
  if (trouble === 'endless') {
    const more = (): void => {
      while (!response.destroyed && response.write('"'.repeat(65_536)));
    }
    response.writeHead(200).on('drain', more)
    more()
  }
}
