import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../errors.ts'
import { type NatsChild, startNatsChild } from './nats-child.ts'
import { type NatsConfiguration, natsConfigurationText } from './nats-configuration.ts'
import { type NatsGreeting, readNatsGreeting } from './nats-greeting.ts'
import { storeFolderIn } from './nats-store.ts'
import type { NatsUsers } from './nats-users.ts'
import { writePrivateFile } from './private-file.ts'

export interface NatsServerOptions {
  /** Configuration and JetStream's files lie in its subfolder `nats`. */
  readonly dataFolder: string
  /** On 127.0.0.1, where nobody from outside comes. 0: the kernel chooses. */
  readonly port: number
  readonly users: NatsUsers
  readonly certificate: { readonly certificatePath: string; readonly keyPath: string }
  /** Default: `nats-server`, found in PATH. */
  readonly program?: string
  /** Hears each line of its log. */
  readonly onLine?: ((line: string) => void) | undefined
}

/** The head's own nats-server, running. */
export interface RunningNatsServer {
  readonly pid: number
  /** `nats://127.0.0.1:port` */
  readonly url: string
  readonly port: number
  readonly serverId: string
  readonly version: string
  /** Resolves when the process is gone, asked or not. */
  readonly ended: NatsChild['ended']
  readonly hasEnded: () => boolean
  /** The last lines it wrote, for errors. */
  readonly lastWords: () => readonly string[]
  /**
   * Lets in exactly these users from now on; connections of those left out are cut off.
   * Resolves once the server has taken them over; throws E_NATS_START with its words when it refuses.
   */
  readonly setUsers: (users: NatsUsers) => Promise<void>
  /** Ends the process at once, though it may hang, and waits for its end. */
  readonly kill: () => Promise<void>
  /** Ends the process and waits for its end. */
  readonly close: () => Promise<void>
}

const loopback = '127.0.0.1'
const startTimeoutMs = 15_000
const closeTimeoutMs = 5_000

/**
 * Starts a nats-server of our own and waits until it answers, checking by a random name that the one answering is
 * the one started. Throws E_NATS_START: program missing, port taken, configuration refused, in the server's words.
 */
export async function startNatsServer(options: NatsServerOptions): Promise<RunningNatsServer> {
  const { port } = options
  const folder = join(options.dataFolder, 'nats')
  const portsFolder = join(folder, 'ports')
  await rm(portsFolder, { recursive: true, force: true })
  await mkdir(portsFolder, { recursive: true, mode: 0o700 })
  const configuration: NatsConfiguration = {
    name: `paceline-${randomBytes(8).toString('hex')}`,
    host: loopback,
    port: port === 0 ? -1 : port,
    storeFolder: storeFolderIn(folder),
    portsFolder,
    users: options.users,
    tls: options.certificate,
  }
  const path = join(folder, 'nats-server.conf')
  await writePrivateFile(path, natsConfigurationText(configuration))
  const child = await startChild(options.program ?? 'nats-server', path, options.onLine)
  try {
    const greeting = await untilItAnswers(child, configuration)
    return running(child, greeting, configuration, path)
  } catch (error) {
    await endChild(child)
    throw error
  }
}

function running(
  child: NatsChild,
  greeting: NatsGreeting,
  configuration: NatsConfiguration,
  path: string,
): RunningNatsServer {
  const { port } = greeting
  let reloaded: Promise<void> = Promise.resolve()
  const setUsers = async (users: NatsUsers) => {
    await writePrivateFile(path, natsConfigurationText({ ...configuration, port, users }))
    await reload(child)
  }
  return {
    pid: child.pid,
    url: `nats://${loopback}:${port}`,
    port,
    serverId: greeting.serverId,
    version: greeting.version,
    ended: child.ended,
    hasEnded: child.hasEnded,
    lastWords: child.lastWords,
    setUsers: (users) => {
      // One after the other: a reload reads what the file says at that moment.
      const next = () => setUsers(users)
      reloaded = reloaded.then(next, next)
      return reloaded
    },
    kill: async () => {
      child.signal('SIGKILL')
      await child.ended
    },
    close: () => endChild(child),
  }
}

async function startChild(
  program: string,
  configurationPath: string,
  onLine: NatsServerOptions['onLine'],
): Promise<NatsChild> {
  try {
    return await startNatsChild(program, ['--config', configurationPath], onLine)
  } catch (cause) {
    throw new PacelineError('E_NATS_START', `${program} cannot be executed`, { cause })
  }
}

async function untilItAnswers(child: NatsChild, configuration: NatsConfiguration): Promise<NatsGreeting> {
  const giveUpAt = performance.now() + startTimeoutMs
  while (performance.now() < giveUpAt) {
    if (child.hasEnded()) throw startError(child)
    const port = await portIn(configuration.portsFolder)
    if (port === undefined) {
      await sleep(5)
      continue
    }
    const greeting = await readNatsGreeting(loopback, port, 2_000)
    if (greeting.name === configuration.name) return greeting
    throw new PacelineError('E_NATS_START', `another server (${greeting.name}) answers on port ${port}`)
  }
  throw startError(child)
}

/** The server writes `<program>_<pid>.ports` once it listens: `{"nats":["nats://host:port"],...}`. */
async function portIn(portsFolder: string): Promise<number | undefined> {
  const [name] = await readdir(portsFolder)
  if (name === undefined) return undefined
  const text = await readFile(join(portsFolder, name), 'utf8')
  // It may be half written: then the caller asks again.
  const port = /"nats":\s*\[\s*"[^"]*:(\d+)"/.exec(text)?.[1]
  return port === undefined ? undefined : Number(port)
}

/** The reload is told by a line of the log: there is no other answer to a SIGHUP. */
async function reload(child: NatsChild): Promise<void> {
  const before = child.lastWords().at(-1)
  child.signal('SIGHUP')
  const giveUpAt = performance.now() + 5_000
  while (performance.now() < giveUpAt && !child.hasEnded()) {
    const words = child.lastWords()
    const news = words.slice(before === undefined ? 0 : words.lastIndexOf(before) + 1)
    const refusal = news.find((line) => line.includes('[ERR]') && line.includes('reload'))
    if (refusal !== undefined) throw new PacelineError('E_NATS_START', refusal)
    if (news.some((line) => line.includes('Reloaded server configuration'))) return
    await sleep(5)
  }
  throw startError(child)
}

function startError(child: NatsChild): PacelineError {
  const words = child.lastWords()
  const reason = words.findLast((line) => /\[(FTL|ERR)\]|nats-server:/.test(line)) ?? words.at(-1)
  const where = reason?.replace(/^\[\d+\] \S+ \S+ \[\w+\] /, '') ?? 'it does not answer'
  const portTaken = /address already in use/.test(where)
  return new PacelineError(
    'E_NATS_START',
    where,
    portTaken ? { hint: 'Choose another port, or 0 for any.' } : {},
  )
}

async function endChild(child: NatsChild): Promise<void> {
  if (!child.hasEnded()) child.signal('SIGTERM')
  const timer = setTimeout(() => child.signal('SIGKILL'), closeTimeoutMs)
  await child.ended
  clearTimeout(timer)
}
