import { describe, expect, it } from 'vitest'
import { type NatsConfiguration, natsConfigurationText } from './nats-configuration.ts'

const configuration: NatsConfiguration = {
  name: 'paceline-1',
  host: '127.0.0.1',
  port: -1,
  storeFolder: '/data/with "quotes" and \\/store',
  portsFolder: '/data/ports',
  users: {
    head: 'UHEAD',
    ledger: 'ULEDGER',
    nodes: [
      { id: 'n1', publicKey: 'UN1' },
      { id: 'n2', publicKey: 'UN2' },
    ],
  },
  tls: { certificatePath: '/data/c.pem', keyPath: '/data/k.pem' },
}

const written = (more: Partial<NatsConfiguration> = {}) =>
  JSON.parse(natsConfigurationText({ ...configuration, ...more }))

/** Options of nats-server's configuration that 2.9 knows; newer ones are added here only with a version check. */
const knownTo29 = [
  'accounts',
  'allow_non_tls',
  'authorization',
  'host',
  'jetstream',
  'max_payload',
  'max_subscriptions',
  'ping_interval',
  'ping_max',
  'port',
  'ports_file_dir',
  'server_name',
  'tls',
  'write_deadline',
]

describe('the configuration of nats-server', () => {
  it('has no option that 2.9 does not know', () => {
    expect(Object.keys(written()).sort()).toEqual(knownTo29)
  })

  it('notices dead peers within a quarter of a minute', () => {
    expect(written()).toMatchObject({ ping_interval: '5s', ping_max: 2 })
  })

  it('lets each node use its own four subjects and nothing else', () => {
    const { users } = written().accounts.CLUSTER
    expect(users).toHaveLength(3)
    expect(users[1]).toEqual({
      nkey: 'UN1',
      permissions: {
        publish: { allow: ['paceline.beat.n1', 'paceline.report.n1'] },
        subscribe: { allow: ['paceline.order.n1', '_INBOX_n1.>'] },
        allow_responses: { max: 1, expires: '2m' },
      },
    })
  })

  it('gives JetStream to the ledger’s account only, where no node is', () => {
    const { CLUSTER, LEDGER } = written().accounts
    expect(CLUSTER.jetstream).toBeUndefined()
    expect(LEDGER).toEqual({ jetstream: 'enabled', users: [{ nkey: 'ULEDGER' }] })
  })

  it('bounds what JetStream may take', () => {
    const { jetstream } = written()
    expect(jetstream.store_dir).toBe(configuration.storeFolder)
    expect(jetstream.max_file_store).toBeLessThanOrEqual(2 ** 28)
    expect(jetstream.max_memory_store).toBeLessThanOrEqual(2 ** 24)
  })

  it('offers TLS, and takes those for whom the head’s port has done it', () => {
    expect(written()).toMatchObject({
      allow_non_tls: true,
      tls: { cert_file: '/data/c.pem', key_file: '/data/k.pem' },
    })
  })

  it('holds no secret', () => {
    expect(natsConfigurationText(configuration)).not.toMatch(/SU[A-Z2-7]{56}|password/)
  })
})
