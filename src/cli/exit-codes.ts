import { type ErrorCode, errorTable } from '../errors.ts'

/** Exit codes of every command; docs/commands.md lists them. */
export const exitCodes = {
  ok: 0,
  /** The work was begun and failed. */
  failed: 1,
  /** The command line was not understood. */
  usage: 2,
  /** No head answers. */
  headUnreachable: 3,
  /** An input cannot be used. */
  badInput: 4,
  /** Something on this machine is missing or not as it should be (doctor too). */
  badMachine: 5,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const

const byError: Partial<Record<ErrorCode, number>> = {
  E_USAGE: exitCodes.usage,
  E_NODE_NAME: exitCodes.usage,
  E_NODE_UNSWITCHED: exitCodes.usage,
  E_CONFIG: exitCodes.usage,
  E_SESSION_NAME: exitCodes.usage,
  E_PASSWORD: exitCodes.usage,
  E_NOT_JOINED: exitCodes.usage,
  E_TOKEN_INVALID: exitCodes.usage,
  E_TOKEN_EXPIRED: exitCodes.usage,
  E_TOKEN_USED: exitCodes.usage,
  E_HEAD_UNREACHABLE: exitCodes.headUnreachable,
  E_PROBE_MISSING: exitCodes.badInput,
  E_PROBE_DENIED: exitCodes.badInput,
  E_PROBE_INVALID: exitCodes.badInput,
  E_PATH_OUTSIDE: exitCodes.badInput,
  E_PROBE_TOOL: exitCodes.badMachine,
  E_FFMPEG_MISSING: exitCodes.badMachine,
  E_FFMPEG_UNFIT: exitCodes.badMachine,
  E_SHIM_MISSING: exitCodes.badMachine,
  E_NATS_START: exitCodes.badMachine,
  E_POWER_SETTINGS: exitCodes.usage,
  E_SIMULATE_FILE: exitCodes.badInput,
  E_METER_DENIED: exitCodes.badMachine,
  E_INSTALL_SEVERAL: exitCodes.usage,
  E_INSTALL_NOT_FOUND: exitCodes.badMachine,
  E_INSTALL_FOREIGN: exitCodes.badMachine,
  E_INSTALL_DENIED: exitCodes.badMachine,
  E_INSTALL_ARCHITECTURE: exitCodes.badMachine,
  E_INSTALL_ORIGINAL_GONE: exitCodes.badMachine,
}

/** The exit code for an error's code as the API sends it; for one that no table knows, that of failed work. */
export function exitCodeOf(code: string): number {
  return isErrorCode(code) ? (byError[code] ?? exitCodes.failed) : exitCodes.failed
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code)
