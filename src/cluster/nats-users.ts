import { inboxes, subjects } from './messages.ts'

/** Who may connect to the head's own nats-server, by public nkey (`U...`). */
export interface NatsUsers {
  /** Speaks with nodes. */
  readonly head: string
  /** Keeps the ledger; the only one who reaches JetStream. */
  readonly ledger: string
  readonly nodes: readonly { readonly id: string; readonly publicKey: string }[]
}

/**
 * The `accounts` of nats-server's configuration. Nodes live in an account without JetStream: servers before
 * 2.11.15 have known holes in JetStream's own authorisation, and what is not there needs no permission.
 * There they have an allow list of their own four subjects; answers to the head's orders go through
 * `allow_responses` (one answer to each message received, at the place it names).
 */
export function natsAccounts(users: NatsUsers): object {
  return {
    CLUSTER: {
      users: [
        { nkey: users.head },
        ...users.nodes.map((node) => ({ nkey: node.publicKey, permissions: nodePermissions(node.id) })),
      ],
    },
    LEDGER: { jetstream: 'enabled', users: [{ nkey: users.ledger }] },
  }
}

function nodePermissions(id: string): object {
  return {
    publish: { allow: [subjects.beat(id), subjects.report(id)] },
    subscribe: { allow: [subjects.order(id), `${inboxes.node(id)}.>`] },
    allow_responses: { max: 1, expires: '2m' },
  }
}
