import type { GrantOrder, LeaseOrder, OrderReply } from '../cluster/messages.ts'

export interface OrderDeskOptions {
  /** What must be over before a grant can be carried out; null when nothing must. It does not reject. */
  prepare(grant: GrantOrder): Promise<void> | null
  /** Carries out an order. */
  handle(order: LeaseOrder): OrderReply
  /** A grant that has been prepared is not carried out. */
  discard(grant: GrantOrder): void
}

/**
 * Takes the orders of all attempts. Those of one attempt are carried out in the order in which they came, though its
 * grant may have to wait; a cancel that comes meanwhile keeps the grant from starting anything.
 */
export function createOrderDesk(
  options: OrderDeskOptions,
): (order: LeaseOrder) => OrderReply | Promise<OrderReply> {
  const waiting = new Map<string, { readonly prepared: Promise<void>; cancelled: boolean }>()

  return (order) => {
    const before = waiting.get(order.attempt)
    if (before !== undefined) {
      if (order.type === 'cancel') {
        before.cancelled = true
        return { ok: true }
      }
      return before.prepared.then(() => (before.cancelled ? cancelled(order) : options.handle(order)))
    }
    const prepared = order.type === 'grant' ? options.prepare(order) : null
    if (prepared === null) return options.handle(order)
    const grant = { prepared, cancelled: false }
    waiting.set(order.attempt, grant)
    // Those that wait for the same promise are called in the order in which they began to.
    return prepared.then(() => {
      waiting.delete(order.attempt)
      if (!grant.cancelled) return options.handle(order)
      if (order.type === 'grant') options.discard(order)
      return cancelled(order)
    })
  }
}

function cancelled(order: LeaseOrder): OrderReply {
  return { ok: false, code: 'cancelled', message: order.attempt }
}
