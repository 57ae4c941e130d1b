import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { OrderReply, PowerOrder } from '../cluster/messages.ts'
import type { Log } from './log.ts'

export interface PowerDeskOptions {
  /**
   * The program that powers this machine off or suspends it, called with `poweroff` or `suspend` (as systemctl is);
   * without one the head may not.
   */
  readonly program: string | undefined
  readonly log: Pick<Log, 'info' | 'warn'>
}

/**
 * A program that has not failed by then has begun: one that suspends may only end when the machine wakes. The head waits
 * no longer for an answer than half as long again.
 */
const failsWithinMs = 1_000

/** Whether it failed, and how; undefined while it has not. */
type Failure = string | undefined

/** Powers this machine off, or suspends it, when the head asks for it and whoever owns the machine has allowed it. */
export function createPowerDesk({
  program,
  log,
}: PowerDeskOptions): (order: PowerOrder) => Promise<OrderReply> {
  return async ({ action }) => {
    // The only word that goes from the head to a program of this machine's owner, who may have given it rights.
    if (action !== 'poweroff' && action !== 'suspend')
      return { ok: false, code: 'bad-order', message: 'only poweroff and suspend are known here' }
    if (program === undefined)
      return { ok: false, code: 'power-denied', message: 'this node was started without --power-by' }
    log.info('the head wants this machine asleep', { action, program })
    const failure = await run(program, action)
    if (failure === undefined) return { ok: true }
    log.warn('this machine was not put to sleep', { action, program, failure })
    return { ok: false, code: 'power-failed', message: failure }
  }
}

async function run(program: string, action: PowerOrder['action']): Promise<Failure> {
  // It must outlive this agent, which is the first to be ended by it.
  const child = spawn(program, [action], { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = `${words}${text}`.slice(-500)
  })
  const failed = once(child, 'close').then(
    ([code, signal]): Failure => (code === 0 ? undefined : `${words.trim()} (exit code ${code ?? signal})`),
    (error: Error): Failure => error.message,
  )
  let timer: NodeJS.Timeout | undefined
  const begun = new Promise<Failure>((resolve) => {
    timer = setTimeout(resolve, failsWithinMs, undefined)
  })
  const failure = await Promise.race([failed, begun])
  clearTimeout(timer)
  child.unref()
  child.stderr.destroy()
  return failure
}
