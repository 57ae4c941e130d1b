/** Something that newer servers can do and Paceline does not rely on. */
export interface ServerFeature {
  readonly since: string
  readonly feature: string
  readonly instead: string
}

/**
 * From nats-server's release notes and from trying each on 2.9.10, which ignores most of them silently:
 * nothing here may be used without asking {@link missingFeatures} first.
 */
const features: readonly ServerFeature[] = [
  {
    since: '2.10.0',
    feature: 'sync_interval for JetStream',
    instead: 'a power cut can lose minutes of the ledger, which is rebuilt from the nodes',
  },
  {
    since: '2.10.0',
    feature: 'TLS handshake first',
    instead: 'the port of the head does TLS in front of it',
  },
  { since: '2.10.0', feature: 'filters for several subjects', instead: 'whole buckets are read' },
  {
    since: '2.11.0',
    feature: 'expiry of single keys, with events',
    instead: "presence has the head's own timers",
  },
  {
    since: '2.11.15',
    feature: 'corrected JetStream authorisation',
    instead: 'nodes are kept in an account without JetStream',
  },
]

/** What a server of this version cannot do. A version that cannot be read counts as one that can do nothing new. */
export function missingFeatures(version: string): readonly ServerFeature[] {
  return features.filter((feature) => isBefore(version, feature.since))
}

/** One line for the log. */
export function serverFeaturesLine(version: string): string {
  const missing = missingFeatures(version)
  if (missing.length === 0) return `nats-server ${version}`
  const list = missing.map(({ feature, since, instead }) => `${feature} (${since}; ${instead})`)
  return `nats-server ${version} works; newer ones would add: ${list.join(', ')}`
}

function isBefore(version: string, since: string): boolean {
  const [one, other] = [numbers(version), numbers(since)]
  const differing = one.findIndex((number, place) => number !== other[place])
  return differing >= 0 && one[differing]! < other[differing]!
}

function numbers(version: string): readonly number[] {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []
  return [major, minor, patch].map((number) => Number(number ?? 0))
}
