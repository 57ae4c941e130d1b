import type { PacelineError } from '../../errors.ts'
import type { Hands } from './hands.ts'
import type { Hello } from './hello.ts'

/** Signals that a shim passes on instead of dying of them. */
export type ForwardedSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP'

/** They by their numbers on the wire, which are those of Linux. */
export const forwardedSignals: ReadonlyMap<number, ForwardedSignal> = new Map([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [15, 'SIGTERM'],
])

/**
 * How a job's connection ended: `exited` after exit() or exitBySignal(), `local` when the
 * original has ended, `gone` when the shim ended by itself (killed, say), `protocol` when it said what it must not,
 * `door` when the door was closed.
 */
export interface JobEnd {
  readonly how: 'exited' | 'local' | 'gone' | 'protocol' | 'door'
  readonly error?: PacelineError
}

/**
 * One job at the door. It wants one answer, accept() or local(), within {@link answerBudgetMs}. Once the
 * connection has ended every call is harmless and says so by `false`; to write before accept() is a bug and throws.
 */
export interface DoorJob extends Hello {
  /** The head takes the job. False when it was answered already or the shim has gone. */
  accept(): boolean
  /**
   * The shim shall become the original; the reason goes to logs. Also after accept(), as long as nothing was written
   * and no input was asked for, or once a resume list was left, with which the original then goes on. False when it
   * is too late. The connection stays open until the original has ended.
   */
  local(reason: string): boolean
  /** What the head does through the shim, once the job is accepted and until it is local, exited or gone. */
  readonly hands: Hands
  /** Writes to the shim's stdout; resolves when the kernel has taken it, false when the shim has gone. */
  stdout(chunk: Uint8Array): Promise<boolean>
  /** As stdout(); bytes of both come out in the order of the calls. */
  stderr(chunk: Uint8Array): Promise<boolean>
  /** Ends the shim with this exit code, 0 to 255, after all that was written. False when it has gone. */
  exit(code: number): boolean
  /** Ends the shim by this signal, 1 to 64, after all that was written. False when it has gone. */
  exitBySignal(signal: number): boolean
  /**
   * Asks for the shim's standard input: the handler gets it in pieces of at most 64 KiB, the next only after
   * what it returned has resolved, and `undefined` once at the end (at once, where stdin is a terminal or closed).
   */
  onStdin(handler: (chunk: Buffer | undefined) => void | Promise<void>): void
  /** Signals that came before the handler are given to it at once. Without an end of the job the shim dies in 2 s. */
  onSignal(handler: (signal: ForwardedSignal) => void): void
  /** Aborted when the job is not the head's any more: it is local, exited, or its connection has ended. */
  readonly released: AbortSignal
  /** Aborted as soon as the connection ends, for whatever reason; its reason is a {@link JobEnd}. */
  readonly closed: AbortSignal
  /** The user that the shim runs as, where the kernel has told. */
  readonly uid: number | null
  /** True once accept() or local() was called, by the head or by the door. */
  readonly hasAnswered: boolean
}

/** Milliseconds from the connection to the door's own `local`; the shim itself waits 1500. */
export const answerBudgetMs = 1200

/** What the door tells; a pino logger fits. */
export interface DoorLogger {
  debug(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
