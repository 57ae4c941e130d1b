import { type NatsUsers, natsAccounts } from './nats-users.ts'

export interface NatsConfiguration {
  /** Sent in the server's greeting; random, so that nobody else's server is taken for ours. */
  readonly name: string
  readonly host: string
  /** -1 lets the kernel choose. */
  readonly port: number
  /** Where JetStream keeps its files. */
  readonly storeFolder: string
  /** Where the server writes which port it got. */
  readonly portsFolder: string
  readonly users: NatsUsers
  readonly tls: { readonly certificatePath: string; readonly keyPath: string }
}

/** The ledger is small: a few kilobytes for each session and lease. */
const ledgerLimits = { max_memory_store: 16 * 2 ** 20, max_file_store: 256 * 2 ** 20 }

/**
 * nats-server's configuration file, with options that 2.9 knows (newer servers refuse unknown ones). Written as
 * JSON, which its format contains, so that no name or path can be read as anything but a string. It listens on loopback
 * alone and in the clear: nodes come through the head's one port, which does TLS in front of it.
 * A dead peer is noticed after 5 s × (2 + 1); presence does not wait for that, and has its own timers.
 */
export function natsConfigurationText(configuration: NatsConfiguration): string {
  const { tls } = configuration
  const document = {
    server_name: configuration.name,
    host: configuration.host,
    port: configuration.port,
    ports_file_dir: configuration.portsFolder,
    ping_interval: '5s',
    ping_max: 2,
    write_deadline: '2s',
    max_payload: 2 ** 20,
    // The head needs a dozen; a node has two, and may not fill the memory with more.
    max_subscriptions: 256,
    jetstream: { store_dir: configuration.storeFolder, ...ledgerLimits },
    // A client that is told twice that it was too slow takes it for a refusal and stays away.
    authorization: { timeout: 10 },
    accounts: natsAccounts(configuration.users),
    // Offered and not asked for: clients behind a port that does TLS want to read that the server could do it, too.
    tls: { cert_file: tls.certificatePath, key_file: tls.keyPath, timeout: 5 },
    allow_non_tls: true,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
