import type { Report } from '../cluster/messages.ts'
import type { ControlConnection } from './control.ts'
import type { Log } from './log.ts'
import { Pauses } from './pauses.ts'
import { backoffMs } from './retry.ts'

const answerTimeoutMs = 2_000

/** Sends reports to the head again and again until it has taken them; at once when the connection is back. */
export class ReportSender {
  private readonly control: ControlConnection
  private readonly log: Pick<Log, 'error'>
  private readonly pauses = new Pauses()
  private closing = false

  constructor(control: ControlConnection, log: Pick<Log, 'error'>) {
    this.control = control
    this.log = log
    control.onReconnect(() => this.pauses.wakeAll())
  }

  /** Resolves when the head has taken the report, or, after {@link close}, when one more try was made. */
  async send(report: Report): Promise<void> {
    for (let retry = 0; ; retry += 1) {
      const lastTry = this.closing
      const { wakings } = this.pauses
      if ((await this.tryOnce(report, lastTry ? 300 : answerTimeoutMs)) || lastTry) return
      if (!this.closing) await this.pauses.pause(backoffMs(retry, 100, 2_000), undefined, wakings)
    }
  }

  close(): void {
    this.closing = true
    this.pauses.wakeAll()
  }

  private async tryOnce(report: Report, timeoutMs: number): Promise<boolean> {
    try {
      return await this.control.sendReport(report, timeoutMs)
    } catch (error) {
      this.log.error('a report could not be sent', { attempt: report.attempt, error })
      return false
    }
  }
}
