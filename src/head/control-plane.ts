import { randomBytes } from 'node:crypto'
import type { Certificate } from '../cluster/certificate.ts'
import { connectHead, type HeadLink } from '../cluster/connect-head.ts'
import type { Credentials } from '../cluster/credentials.ts'
import { type KeptNatsServer, keepNatsServer } from '../cluster/kept-nats-server.ts'
import { type Ledger, openLedger } from '../cluster/ledger.ts'
import type { NatsAccess } from '../cluster/nats-access.ts'
import { serverFeaturesLine } from '../cluster/server-features.ts'
import { PacelineError } from '../errors.ts'
import { openOnPort } from './kept-ports.ts'
import { type LeaseState, leaseState, type SessionState, sessionState } from './record.ts'
import { createShutdown } from './shutdown.ts'

export interface ControlPlane {
  readonly link: HeadLink
  readonly ledger: Ledger<SessionState, LeaseState>
  /** Address of the NATS server as this machine reaches it. */
  readonly url: string
  /** Of our own server, on loopback; null when it is somebody else's, and judged as websites are. */
  readonly ownPort: number | null
  /** Tells our own server who may enter now; on somebody else's server its keeper has to. */
  readonly letIn: (credentials: Credentials) => Promise<void>
  /** Why nodes are out of reach, beginning with a code; null while they are not, or may be again in a moment. */
  readonly trouble: () => string | null
  readonly close: () => Promise<void>
}

export interface ControlPlaneOptions {
  readonly dataFolder: string
  readonly credentials: Credentials
  readonly certificate: Certificate
  /** A server that is already there, instead of one of our own. */
  readonly natsUrl: string | undefined
  readonly port: { readonly named: number | undefined; readonly kept: number }
  readonly onNotice: (message: string) => void
  readonly onTrouble: (error: PacelineError) => void
  /** A line of the log of our own server. */
  readonly onServerLine?: ((line: string) => void) | undefined
  /** A node sent what is no message of the contract. */
  readonly onInvalid: (node: string, why: string) => void
  /** The ledger has lost what was written: everything has to be put again. */
  readonly onLedgerEmptied: () => void
}

/** Starts nats-server, unless one is named, and connects the head and its ledger to it. */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { credentials, natsUrl } = options
  const opened = createShutdown()
  const server = natsUrl === undefined ? await startOwnServer(options) : null
  if (server) opened.add(() => server.close())
  try {
    const access = (seed: string): NatsAccess =>
      server ? { url: server.url, seed, inTheClear: true } : { url: natsUrl!, seed }
    const onError = (error: Error) => options.onNotice(`NATS: ${error.message}`)
    const absence = watchAbsence(server?.url ?? natsUrl!, options)
    opened.add(absence.close)
    const link = await connectHead(access(credentials.headSeed), {
      ...{ onError, onInvalid: options.onInvalid, onDown: absence.begin, onUp: absence.end },
    })
    opened.add(() => link.close())
    const ledger = await openLedger(access(credentials.ledgerSeed), {
      writer: randomBytes(6).toString('hex'),
      parseSession: (value) => sessionState.safeParse(value).data,
      parseLease: (value) => leaseState.safeParse(value).data,
      onError,
      onEmptied: options.onLedgerEmptied,
    })
    opened.add(() => ledger.close())
    options.onNotice(serverFeaturesLine(link.serverVersion))
    await forgetLastRun(ledger)
    return {
      link,
      ledger,
      url: server?.url ?? natsUrl!,
      ownPort: server?.port ?? null,
      letIn: async (changed) => server?.setUsers(changed.users()),
      trouble: () => server?.trouble() ?? absence.trouble(),
      close: () => opened.run(),
    }
  } catch (error) {
    // A connection that stays open would keep the process from ending.
    await opened.run()
    throw error
  }
}

function startOwnServer(options: ControlPlaneOptions): Promise<KeptNatsServer> {
  const { dataFolder, credentials, certificate, onServerLine: onLine, onNotice, onTrouble } = options
  const common = { dataFolder, users: credentials.users(), certificate, onLine, onNotice, onTrouble }
  return openOnPort(options.port, (port) => keepNatsServer({ ...common, port }))
}

/** Longer than our own server needs to be started again. */
const absenceMs = 3_000

/** Tells when the connection has been down for long. */
function watchAbsence(url: string, { onNotice, onTrouble }: ControlPlaneOptions) {
  const error = new PacelineError('E_NATS_AWAY', new URL(url).host)
  let timer: NodeJS.Timeout | undefined
  let isLong = false
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
    isLong = false
  }
  return {
    begin(): void {
      onNotice('the connection to NATS is lost')
      timer ??= setTimeout(() => {
        isLong = true
        onTrouble(error)
      }, absenceMs)
    },
    end(): void {
      stop()
      onNotice('the connection to NATS is back')
    },
    trouble: () => (isLong ? `${error.code}: ${error.where}` : null),
    close: stop,
  }
}

/** Sessions live as long as their shims, and those of an earlier head have gone with it. */
async function forgetLastRun(ledger: Ledger<SessionState, LeaseState>): Promise<void> {
  for (const bucket of [ledger.sessions, ledger.leases]) {
    const loaded = await bucket.load()
    if (!loaded.ok) continue
    for (const key of loaded.entries.keys()) await bucket.remove(key)
  }
}
