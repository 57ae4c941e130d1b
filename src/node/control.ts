import type { Beat, Order, OrderReply, Report } from '../cluster/messages.ts'

/** What the agent needs from its connection to the head; the cluster room gives it over NATS. */
export interface ControlConnection {
  /** Sends one beat. Beats may be lost; nobody answers them. */
  publishBeat(beat: Beat): void
  /** Calls `handler` for each order, and answers the order with what it returns. To be called once; resolves when orders
   * can come. */
  serveOrders(handler: (order: Order) => OrderReply | Promise<OrderReply>): Promise<void>
  /** True once the head has taken the report; false when it should be sent again. */
  sendReport(report: Report, timeoutMs: number): Promise<boolean>
  /** Calls `listener` whenever the connection is lost. */
  onDisconnect(listener: () => void): void
  /** Calls `listener` whenever a lost connection is there again. */
  onReconnect(listener: () => void): void
  close(): Promise<void>
}
