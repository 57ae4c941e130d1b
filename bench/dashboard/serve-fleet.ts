/**
 * A process of its own that serves the dashboard of a fleet that is not there, with the head's own events: what changes,
 * how it is written and how it is sent is the head's code. Prints its address, and goes on until it is killed.
 */
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Access } from '../../src/head/api/contract/access.ts'
import { createEventHub } from '../../src/head/api/live/event-hub.ts'
import { createMovingFleet } from './moving-fleet.ts'

const moveMs = 50
const folder = join(process.cwd(), 'dist', 'web')
const [nodes = 200, sessions = 500] = process.argv.slice(2).map(Number)

const fleet = createMovingFleet({ nodes, sessions, wallNow: Date.now })
const hub = createEventHub({ view: fleet.view, now: () => performance.now() })
setInterval(() => fleet.move(moveMs, hub.touch), moveMs)

const access: Access = { role: 'admin', csrf: 'none', passwords: ['admin'] }
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

const server = createServer(({ url = '/', headers }, response) => {
  const path = new URL(url, 'http://localhost').pathname
  if (path === '/api/v1/access') json(response, access)
  else if (path === '/api/v1/state') json(response, hub.snapshot())
  else if (path === '/api/v1/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.once('close', hub.read(response, headers['last-event-id'] as string | undefined))
  } else if (path.startsWith('/api/')) response.writeHead(404).end('{}')
  else file(response, path === '/' ? '/index.html' : path)
})
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
})

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Paths that lead anywhere else are the head's business; here they are simply not there. */
function file(response: ServerResponse, path: string): void {
  if (!/^\/(assets\/)?[\w.-]+$/.test(path)) {
    response.writeHead(404).end()
    return
  }
  const type = types[extname(path)] ?? 'application/octet-stream'
  response.writeHead(200, { 'content-type': type }).end(readFileSync(join(folder, path)))
}
