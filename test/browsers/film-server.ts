import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { projectFolder } from '../fixture/paceline.ts'

/** What a player can ask for. */
export interface Film {
  /** Playlist or manifest of the whole film, to begin with. */
  readonly entry: string
  /** The bytes of a file of it, once they are there; null for one that the film does not have. */
  read(name: string): Promise<Uint8Array | string | null>
}

export interface FilmServer {
  readonly pageUrl: string
  /** Where a page finds a film that is offered under this name. */
  offer(name: string, film: Film): string
  close(): Promise<void>
}

const pageFiles: Readonly<Record<string, string>> = {
  '/': join(import.meta.dirname, 'player.html'),
  '/players/hls.js': join(projectFolder, 'node_modules/hls.js/dist/hls.min.mjs'),
  '/players/shaka.js': join(projectFolder, 'node_modules/shaka-player/dist/shaka-player.compiled.js'),
}

const types: Readonly<Record<string, string>> = {
  ...{ '': 'text/html', '.js': 'text/javascript', '.m3u8': 'application/vnd.apple.mpegurl' },
  ...{ '.mpd': 'application/dash+xml', '.ts': 'video/mp2t', '.m4s': 'video/iso.segment' },
}

/** Serves the page with its players, and films, on a free loopback port. */
export async function startFilmServer(): Promise<FilmServer> {
  const films = new Map<string, Film>()

  async function answer(path: string, outgoing: ServerResponse): Promise<void> {
    const [, , name = '', file = ''] = path.split('/')
    const pageFile = pageFiles[path]
    const body = pageFile ? await readFile(pageFile) : await films.get(name)?.read(file)
    outgoing.writeHead(body ? 200 : 404, {
      'Content-Type': types[extname(path)] ?? 'application/octet-stream',
      'Cache-Control': 'no-store',
    })
    outgoing.end(body ?? '')
  }

  const server = createServer((incoming, outgoing) => {
    answer(new URL(incoming.url ?? '/', 'http://film').pathname, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500, { 'Content-Type': 'text/plain' })
      outgoing.end(String(error))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    pageUrl: `${url}/`,
    offer(name, film) {
      films.set(name, film)
      return `${url}/films/${name}/${film.entry}`
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
