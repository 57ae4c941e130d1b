import type { Beat, Order, OrderReply, Report } from '../../src/cluster/messages.ts'
import type { ControlConnection } from '../../src/node/control.ts'

/** The control connection without a network: the test is the head. */
export class TestControl implements ControlConnection {
  readonly beats: Beat[] = []
  readonly reports: Report[] = []
  /** How many times reports go unanswered before one is taken. */
  unanswered = 0
  /** How many times sending a report throws, before anything else. */
  failing = 0
  tries = 0
  closed = false
  private handler: ((order: Order) => OrderReply | Promise<OrderReply>) | undefined
  private readonly disconnectListeners: (() => void)[] = []
  private readonly reconnectListeners: (() => void)[] = []

  publishBeat(beat: Beat): void {
    this.beats.push(beat)
  }

  async serveOrders(handler: (order: Order) => OrderReply | Promise<OrderReply>): Promise<void> {
    this.handler = handler
  }

  async sendReport(report: Report): Promise<boolean> {
    this.tries += 1
    if (this.failing > 0) {
      this.failing -= 1
      throw new Error('the connection is closed')
    }
    if (this.unanswered > 0) {
      this.unanswered -= 1
      return false
    }
    this.reports.push(report)
    return true
  }

  onReconnect(listener: () => void): void {
    this.reconnectListeners.push(listener)
  }

  onDisconnect(listener: () => void): void {
    this.disconnectListeners.push(listener)
  }

  async close(): Promise<void> {
    this.closed = true
  }

  /** As the wire does: orders come as JSON. */
  order(order: Order): OrderReply {
    const reply = this.orderLater(order)
    if (reply instanceof Promise) throw new Error('an agent without path maps answers at once')
    return reply
  }

  /** The same for an agent that may take its time. */
  orderLater(order: Order): OrderReply | Promise<OrderReply> {
    if (this.handler === undefined) throw new Error('the agent does not serve orders yet')
    return this.handler(JSON.parse(JSON.stringify(order)) as Order)
  }

  disconnect(): void {
    for (const listener of this.disconnectListeners) listener()
  }

  reconnect(): void {
    for (const listener of this.reconnectListeners) listener()
  }
}
