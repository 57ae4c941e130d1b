import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { plexEnvironment } from '../stand-in/transcoder-process.ts'

/** Who the media server is there: nobody of this machine, but for a group that may use the socket. */
export const otherUser = 61_234

/**
 * A media server's container: mount, network and user namespaces of its own, in which its media and its sessions lie
 * on a disk that exists nowhere else. All that it shares with the head is the folder of the head's socket.
 */
export interface OtherWorld {
  /** Base address of the media server, as it is called there. */
  readonly url: string
  /** Where one of its paths can be seen by root from outside; the head has no such way. */
  seen(path: string): string
  /** Where the film lies there. */
  readonly film: string
  readonly sessions: string
  start(job: string, args: readonly string[], environment?: Record<string, string>): WorldJob
  close(): Promise<void>
}

export interface WorldJob {
  readonly directory: string
  kill(): void
  readonly ended: Promise<{ exit: number | null; signal: string | null; stderr: string }>
}

/** Why there can be no other world here; null when there can. */
export function noOtherWorld(): string | null {
  if (process.getuid?.() !== 0) return 'only root can be another user'
  try {
    execFileSync('sh', ['-c', `${inWorld('ip link set lo up')}`], { stdio: 'pipe' })
    return null
  } catch (error) {
    return `no namespaces here: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
}

/** A command line in namespaces of its own, as a user of its own who is in the group of root. */
const inWorld = (script: string): string =>
  `exec setpriv --reuid ${otherUser} --regid ${otherUser} --groups 0 -- ` +
  `unshare --user --map-root-user --mount --net -- sh -c '${script}'`

/** `serverUrl` is the stand-in outside, whose port appears on the loopback inside. */
export async function openOtherWorld(options: {
  readonly head: string
  readonly shim: string
  readonly film: string
  readonly serverUrl: string
  /** Stands beside the shim as its original. */
  readonly original: string
}): Promise<OtherWorld> {
  const outside = await mkdtemp(join(tmpdir(), 'paceline-outside-'))
  await chmod(outside, 0o755)
  const room = join(outside, 'room')
  await mkdir(room)
  const film = join(outside, basename(options.film))
  await copyFile(options.film, film)
  const shim = join(outside, 'Plex Transcoder')
  await copyFile(options.shim, shim)
  const passage = await openPassage(join(outside, 'passage.sock'), options.serverUrl)
  const socket = options.head.slice('unix:'.length)
  // A data folder of a test is private; an installed one may be passed through.
  await chmod(dirname(dirname(socket)), 0o711)
  // The media moves in: from then on it is there and nowhere else.
  const script = [
    `ip link set lo up && mount -t tmpfs world ${room} && cd ${room} && mkdir media Sessions door`,
    `cp ${film} media/ && cp "${shim}" . && mount --bind ${dirname(socket)} door`,
    `exec ${process.execPath} ${join(import.meta.dirname, 'inside-world.js')} ${passage.path}`,
  ].join(' && ')
  const holder = spawn('sh', ['-c', inWorld(script)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: holder.stdout! })
  const first = await Promise.race([once(lines, 'line'), once(holder, 'close').then(() => null)])
  if (first === null) throw new Error('the other world could not be made; why stands above')
  await rm(film)
  await rm(shim)
  const { port } = JSON.parse(String(first[0])) as { port: number }
  const ends = new Map<
    string,
    (end: { exit: number | null; signal: string | null; stderr: string }) => void
  >()
  lines.on('line', (line) => {
    const { id, ...end } = JSON.parse(line) as {
      id: string
      exit: number | null
      signal: string | null
      stderr: string
    }
    ends.get(id)?.(end)
  })
  const say = (words: object) => void holder.stdin!.write(`${JSON.stringify(words)}\n`)
  const seen = (path: string) => `/proc/${holder.pid}/root${path}`
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    film: join(room, 'media', basename(options.film)),
    sessions: join(room, 'Sessions'),
    start(id, args, environment = {}) {
      const directory = join(room, 'Sessions', `plex-transcode-${id}`)
      const env = {
        ...plexEnvironment({ sessions: join(room, 'Sessions') }, directory),
        PACELINE_HEAD: `unix:${join(room, 'door', basename(socket))}`,
        PACELINE_ORIGINAL: options.original,
        ...environment,
      }
      const ended = new Promise<{ exit: number | null; signal: string | null; stderr: string }>((resolve) => {
        ends.set(id, resolve)
      })
      say({ id, program: join(room, 'Plex Transcoder'), args, cwd: directory, env })
      return { directory, ended, kill: () => say({ id, signal: 'SIGKILL' }) }
    },
    close: () => closeWorld(holder, passage, outside),
  }
}

async function closeWorld(holder: ChildProcess, passage: { close(): void }, outside: string): Promise<void> {
  const closed = once(holder, 'close')
  holder.stdin!.end()
  await closed
  passage.close()
  await rm(outside, { recursive: true, force: true })
}

/** A socket file that leads to the stand-in: networks end at a namespace, files do not. */
async function openPassage(path: string, serverUrl: string): Promise<{ path: string; close(): void }> {
  const { port } = new URL(serverUrl)
  const server = createServer((inner) => {
    const outer = connect(Number(port), '127.0.0.1')
    inner.on('error', () => outer.destroy())
    outer.on('error', () => inner.destroy())
    inner.pipe(outer)
    outer.pipe(inner)
  })
  await new Promise<void>((done) => server.listen(path, done))
  await chmod(path, 0o777)
  return { path, close: () => void server.close() }
}
