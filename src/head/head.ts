import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { openCertificate } from '../cluster/certificate.ts'
import { type Credentials, openCredentials } from '../cluster/credentials.ts'
import { encodeJoinToken } from '../cluster/join-token.ts'
import { outsideAddresses } from './addresses.ts'
import { openApiToken } from './api/api-token.ts'
import { addApiRoutes } from './api/routes.ts'
import { headStatus } from './api/status.ts'
import { openControlPlane } from './control-plane.ts'
import { startDataServer } from './data/data-server.ts'
import { createLeaseBook } from './data/lease-book.ts'
import { openDoor } from './door/door.ts'
import { createFleet } from './fleet.ts'
import { removeHeadFile, writeHeadFile } from './head-file.ts'
import { createInputLibrary } from './input-library.ts'
import { carryOutJob } from './job.ts'
import { keepPorts, openOnPort, readKeptPorts } from './kept-ports.ts'
import { createRecord } from './record.ts'
import { createSessionHall } from './session/session-hall.ts'
import { transcodeFile } from './transcode-job.ts'

export interface HeadOptions {
  readonly dataFolder: string
  /** Address to listen on for nodes; all of them unless told. */
  readonly host: string
  readonly port: number | undefined
  readonly natsPort: number | undefined
  readonly natsUrl: string | undefined
  readonly ffmpeg: string
  readonly version: string
  readonly log: Logger
}

/** A head at work. */
export interface Head {
  /** Base address of the API on this machine. */
  readonly api: string
  /** `unix:/path` for PACELINE_HEAD. */
  readonly door: string
  issueToken(name: string, address: string | undefined): Promise<{ id: string; name: string; token: string }>
  /** Ends all sessions and everything that was started. */
  close(): Promise<void>
}

/** Starts everything a head consists of, in the order in which each needs the ones before. Throws PacelineError. */
export async function startHead(options: HeadOptions): Promise<Head> {
  const { dataFolder, host, log } = options
  const now = () => performance.now()
  const startedMs = now()
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const stagingFolder = join(dataFolder, 'staging')
  await rm(stagingFolder, { recursive: true, force: true })
  const certificate = await openCertificate(dataFolder, outsideAddresses())
  const credentials = await openCredentials(dataFolder)
  const kept = await readKeptPorts(dataFolder)
  const control = await openControlPlane({
    ...{ dataFolder, certificate, credentials, natsUrl: options.natsUrl, host },
    port: { named: options.natsPort, kept: kept.nats },
    onNotice: (message) => log.warn(message),
  })
  const leases = createLeaseBook()
  const library = createInputLibrary()
  const record = createRecord(control.ledger, (message) => log.warn(message))
  const fleet = createFleet(control.link, now, {
    onChange: () => hall.shareOut(),
    onLost: (node) => hall.nodeLost(node),
    onNotice: (message) => log.info(message),
  })
  const hall = createSessionHall({ fleet, leases, stagingFolder, now, record })
  control.link.serveReports((report) => {
    fleet.sign(report.node)
    hall.leaseEnded(report)
  })
  const issueToken = tokenIssuer(credentials, control, certificate.certificate, () => data.port)
  const nats = { url: control.url, version: control.link.serverVersion }
  const token = await openApiToken(dataFolder)
  const data = await openOnPort({ named: options.port, kept: kept.data }, (port) =>
    startDataServer({
      ...{ certificate, leases, listen: { host, port } },
      addRoutes: (server) =>
        addApiRoutes(
          server,
          {
            status: () => headStatus({ version: options.version, nats, fleet, hall, startedMs, now }),
            issueToken,
            transcode: (request, signal) =>
              transcodeFile({ hall, library, ffmpeg: options.ffmpeg, now }, request, signal),
          },
          token,
        ),
    }),
  )
  await keepPorts(dataFolder, { nats: control.port, data: data.port })
  await mkdir(join(dataFolder, 'door'), { recursive: true, mode: 0o750 })
  const door = await openDoor({
    path: join(dataFolder, 'door', 'head.sock'),
    onJob: (job) =>
      carryOutJob({ hall, library, fleet, now, log, outgoingFolder: join(stagingFolder, 'outgoing') }, job),
    logger: log,
  })
  const address = { api: `https://127.0.0.1:${data.port}`, door: `unix:${door.path}` }
  await writeHeadFile(dataFolder, { ...address, pid: process.pid })
  return {
    ...address,
    issueToken,
    async close() {
      await door.close()
      await hall.close()
      fleet.close()
      await record.close()
      await data.close()
      await control.close()
      await removeHeadFile(dataFolder)
      await rm(stagingFolder, { recursive: true, force: true })
    },
  }
}

function tokenIssuer(
  credentials: Credentials,
  control: {
    readonly url: string
    readonly port: number
    readonly letIn: (changed: Credentials) => Promise<void>
  },
  certificate: string,
  dataPort: () => number,
): Head['issueToken'] {
  return async (name, address) => {
    const { node, seed } = await credentials.issue(name)
    await control.letIn(credentials)
    const host = address ?? outsideAddresses()[0] ?? '127.0.0.1'
    const token = encodeJoinToken({
      ...{ id: node.id, name, seed, certificate },
      nats: `nats://${host}:${control.port}`,
      head: `https://${host}:${dataPort()}`,
    })
    return { id: node.id, name, token }
  }
}
