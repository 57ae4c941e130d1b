import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../errors.ts'
import { readNatsGreeting } from './nats-greeting.ts'
import { type NatsServerOptions, type RunningNatsServer, startNatsServer } from './nats-server.ts'
import { isStoreRefused, putStoreAside } from './nats-store.ts'
import type { NatsUsers } from './nats-users.ts'

export interface KeptNatsServerOptions extends NatsServerOptions {
  /** It has ended or hung, and is being started again; or it is back. */
  readonly onNotice: (message: string) => void
  /** E_NATS_AWAY: it does not come back, told at its first failure; E_NATS_STORE: it began with an empty store. */
  readonly onTrouble: (error: PacelineError) => void
  /** One that has run for so long did not end because of its start. 10 s unless told. */
  readonly stableMs?: number
}

/** The head's own nats-server, which is started again whenever it has ended or hangs, on the same port. */
export interface KeptNatsServer {
  /** `nats://127.0.0.1:port` */
  readonly url: string
  readonly port: number
  /** Of the process that runs, or ran last. */
  readonly pid: () => number
  /** Why it does not come back, beginning with a code; null while it runs, or may be back in a moment. */
  readonly trouble: () => string | null
  /** As RunningNatsServer's; one that is away begins with these users when it is back. */
  readonly setUsers: (users: NatsUsers) => Promise<void>
  /** Ends it for good. */
  readonly close: () => Promise<void>
}

/** From one look at the server to the next. */
const lookEveryMs = 500
/** Its greeting takes a millisecond. */
const greetingMs = 700
/** So often there must be no greeting: one may be missed because it was us who hung. */
const missedGreetings = 2
/** Pauses before a server that keeps ending is started again: doubled from the first to the last. */
const [firstPauseMs, longestPauseMs] = [100, 5_000]
const defaultStableMs = 10_000
/** So many ends in quick succession are told as trouble. */
const troublingEnds = 5

/** Starts nats-server and keeps it running. Throws what startNatsServer throws when the first start fails. */
export async function keepNatsServer(options: KeptNatsServerOptions): Promise<KeptNatsServer> {
  const kept = new Kept(options)
  await kept.begin()
  return kept.handle()
}

class Kept {
  readonly #options: KeptNatsServerOptions
  readonly #closing = new AbortController()
  /** The last one that was started. */
  #server!: RunningNatsServer
  /** None may be reached. */
  #away = true
  #users: NatsUsers
  #trouble: PacelineError | null = null
  /** Ends in quick succession. */
  #ends = 0
  #startedMs = 0
  #keeping: Promise<void> = Promise.resolve()

  constructor(options: KeptNatsServerOptions) {
    this.#options = options
    this.#users = options.users
  }

  async begin(): Promise<void> {
    await this.#start(this.#options.port)
    this.#keeping = this.#keep()
  }

  handle(): KeptNatsServer {
    const { url, port } = this.#server
    return {
      ...{ url, port },
      pid: () => this.#server.pid,
      trouble: () => {
        this.#forgetOldEnds()
        return this.#trouble && `${this.#trouble.code}: ${this.#trouble.where}`
      },
      setUsers: (users) => this.#setUsers(users),
      close: async () => {
        this.#closing.abort()
        await this.#keeping
        await this.#server.close()
      },
    }
  }

  async #keep(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const how = await untilGone(this.#server, signal)
      if (signal.aborted) return
      this.#forgetOldEnds()
      this.#away = true
      this.#options.onNotice(`nats-server ${how}: it is started again`)
      await this.#server.kill()
      this.#ends += 1
      if (this.#ends >= troublingEnds) this.#tell(`it has ended ${this.#ends} times: ${how}`)
      await this.#startAgain()
    }
  }

  async #startAgain(): Promise<void> {
    const { signal } = this.#closing
    for (let failures = 0; !signal.aborted; failures += 1) {
      await paused(pauseMs(this.#ends + failures), signal)
      if (signal.aborted) return
      try {
        await this.#start(this.#server.port)
        if (this.#ends < troublingEnds) this.#trouble = null
        this.#options.onNotice('nats-server is back')
        return
      } catch (error) {
        this.#tell(error instanceof PacelineError ? error.where : String(error))
      }
    }
  }

  /** Who may enter can have changed while it was starting. */
  async #start(port: number): Promise<void> {
    const users = this.#users
    const server = await startOverStore({ ...this.#options, port, users })
    this.#server = server
    this.#startedMs = performance.now()
    this.#away = false
    if (users !== this.#users) await this.#setUsers(this.#users)
  }

  async #setUsers(users: NatsUsers): Promise<void> {
    const former = this.#users
    this.#users = users
    if (this.#away) return
    const server = this.#server
    try {
      await server.setUsers(users)
    } catch (error) {
      // It ended meanwhile, and begins anew with these.
      if (server.hasEnded()) return
      this.#users = former
      throw error
    }
  }

  #forgetOldEnds(): void {
    if (this.#away || performance.now() - this.#startedMs < (this.#options.stableMs ?? defaultStableMs))
      return
    this.#ends = 0
    this.#trouble = null
  }

  #tell(why: string): void {
    const isNew = this.#trouble === null
    this.#trouble = new PacelineError('E_NATS_AWAY', why)
    if (isNew) this.#options.onTrouble(this.#trouble)
  }
}

/** At once after the first end, and then ever more patiently. */
const pauseMs = (ends: number): number =>
  ends < 2 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(ends - 2, 10))

/** What the server kept may be what keeps it from starting: the ledger is a copy, so it is put aside then. */
async function startOverStore(options: KeptNatsServerOptions): Promise<RunningNatsServer> {
  try {
    return await startNatsServer(options)
  } catch (error) {
    if (!(error instanceof PacelineError && isStoreRefused(error))) throw error
    const aside = await putStoreAside(join(options.dataFolder, 'nats'))
    const server = await startNatsServer(options)
    options.onTrouble(new PacelineError('E_NATS_STORE', `${error.where}; put aside as ${aside}`))
    return server
  }
}

/** Resolves with how the server went, or when the signal is aborted. */
async function untilGone(server: RunningNatsServer, signal: AbortSignal): Promise<string> {
  const gone = new AbortController()
  const ended = server.ended.then(({ exitCode, signal: by }) => `has ended (${by ?? exitCode})`)
  const stopped = new Promise<string>((resolve) =>
    signal.addEventListener('abort', () => resolve('is closed'), { signal: gone.signal }),
  )
  const hung = untilHung(server, gone.signal).then(() => 'does not answer')
  try {
    return await Promise.race([ended, hung, stopped])
  } finally {
    gone.abort()
  }
}

/** Resolves when the server takes connections and says nothing, as one does that is stopped; or when the signal is aborted. */
async function untilHung({ port }: RunningNatsServer, signal: AbortSignal): Promise<void> {
  let missed = 0
  while (!signal.aborted && missed < missedGreetings) {
    missed = (await isSilent(port)) ? missed + 1 : 0
    if (missed === 0) await paused(lookEveryMs, signal)
  }
}

/** Only silence counts: what is refused at once has ended, or it is us who have no file descriptor left. */
async function isSilent(port: number): Promise<boolean> {
  const askedMs = performance.now()
  return readNatsGreeting('127.0.0.1', port, greetingMs).then(
    () => false,
    () => performance.now() - askedMs >= greetingMs,
  )
}

async function paused(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
