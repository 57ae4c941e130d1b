import { setTimeout as sleep } from 'node:timers/promises'
import type { Capabilities } from '../../platforms/capabilities.ts'
import type { MachineFacts } from '../../platforms/proof-fingerprint.ts'
import { differences } from '../../platforms/proof-fingerprint.ts'
import type { MachineProof, PlatformProof } from '../../platforms/proof-result.ts'
import type { ProvedCapabilities } from '../capability-desk.ts'
import type { Log } from '../log.ts'
import { versionLine } from './ask-ffmpeg.ts'
import type { BenchManners } from './bench.ts'
import { fingerprintOf, machineFacts } from './machine-facts.ts'
import type { ProofStore } from './proof-store.ts'
import type { ProveMachineOptions } from './prove-machine.ts'

/** What a node has proved, kept up to date while it runs. */
export interface ProofBook extends ProvedCapabilities {
  /** Proves what is not known yet, some time after; see {@link ProofBookOptions}. Does nothing the second time. */
  start(): void
  /** Ends whatever is being proved. */
  close(): Promise<void>
}

export interface ProofBookOptions {
  /** See encoderCommand; its last word is ffmpeg. */
  readonly command: readonly [string, ...string[]]
  readonly store: ProofStore
  readonly log: Pick<Log, 'info' | 'warn'>
  /** Something more urgent is done on this machine: nothing is begun meanwhile, for some time. */
  readonly isBusy?: () => boolean
  /** What is kept is looked up at once; proofs that cost something begin so long after the start. */
  readonly quietMs?: number
  /** How long leases are waited for, before it is proved beside them; nothing is measured then. */
  readonly patienceMs?: number
  /** From look to look whether ffmpeg or a driver has changed. */
  readonly lookMs?: number
  readonly prove?: (options: ProveMachineOptions) => Promise<MachineProof>
}

const usualQuietMs = 3_000
const usualLookMs = 10 * 60_000
/** A node that is always at work has to prove all the same. */
const busyPatienceMs = 60_000
const busyLookMs = 500
/** From look to look whether another node of this machine has done it. */
const lockLookMs = 500

/** Loaded when it is needed, which is seldom: an agent that has nothing to do is small. */
const proveByDoing: NonNullable<ProofBookOptions['prove']> = async (options) =>
  (await import('./prove-machine.ts')).proveMachine(options)

export function createProofBook(options: ProofBookOptions): ProofBook {
  const { command, store, log, prove = proveByDoing } = options
  const { quietMs = usualQuietMs, lookMs = usualLookMs } = options
  const end = new AbortController()
  const known = new Map<string, Capabilities>()
  const listeners: (() => void)[] = []
  let machine: MachineFacts | undefined
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let started = false
  /** What is known was proved beside leases, and not measured. */
  let isHasty = false

  const take = ({ platform, capabilities, kept }: PlatformProof): void => {
    if (capabilities && !kept) known.set(platform, capabilities)
    else if (!known.delete(platform)) return
    for (const listener of listeners) listener()
  }
  const takeAll = ({ platforms }: MachineProof): void => {
    for (const proof of platforms) take(proof)
    log.info('proved', { platforms: [...known.keys()] })
  }
  const look = async (): Promise<MachineFacts> =>
    machineFacts(command.at(-1)!, await versionLine(command.at(-1)!))

  /** Gives way to leases, all in all no longer than a while for one proof. */
  const manners = (): BenchManners & { readonly isHasty: boolean } => {
    const untilMs = performance.now() + (options.patienceMs ?? busyPatienceMs)
    let isHasty = false
    const isDisturbed = () => options.isBusy?.() ?? false
    const isBusy = () => {
      if (!isDisturbed() || end.signal.aborted) return false
      isHasty ||= performance.now() >= untilMs
      return !isHasty
    }
    return {
      ...{ isBusy, isDisturbed },
      async whenIdle() {
        while (isBusy()) await sleep(busyLookMs)
      },
      get isHasty() {
        return isHasty
      },
    }
  }

  /** By what is kept, else by doing it, unless another node of this machine is at it. */
  const proveNow = async (now: MachineFacts, isAnew: boolean): Promise<void> => {
    const fingerprint = fingerprintOf(now)
    const release = await store.lock(fingerprint)
    if (!release) return waitForOther(fingerprint)
    try {
      const kept = isAnew ? null : await store.read(fingerprint)
      if (kept) return takeAll(kept)
      const way = manners()
      const proof = await prove({
        ...{ command, machine: now, signal: end.signal, onProved: take, manners: way },
      })
      if (end.signal.aborted) return
      isHasty = way.isHasty
      // What could not be measured beside leases is for another time, and for other nodes of this machine.
      if (!isHasty) await store.write(proof)
      takeAll(proof)
    } finally {
      await release()
    }
  }
  const waitForOther = async (fingerprint: string): Promise<void> => {
    let release = await store.lock(fingerprint)
    while (!release && !end.signal.aborted) {
      await sleep(lockLookMs)
      release = await store.lock(fingerprint)
    }
    await release?.()
    const kept = await store.read(fingerprint)
    if (kept) takeAll(kept)
  }
  /** One after the other: proofs beside each other would measure each other. What goes wrong is in the log. */
  const queue = (work: () => Promise<void>): Promise<void> => {
    running = running.then(async () => {
      if (end.signal.aborted) return
      await work().catch((error: unknown) => log.warn('what this machine can do is not known', { error }))
    })
    return running
  }
  const lookAgain = async (): Promise<void> => {
    const now = await look()
    const changed = machine ? differences(machine, now) : []
    if (machine && changed.length === 0 && !(isHasty && !options.isBusy?.())) return
    if (changed.length > 0) log.info('proving again, since something has changed', { changed })
    const kept = await store.read(fingerprintOf(now))
    machine = now
    if (kept) return takeAll(kept)
    if (changed.length > 0)
      for (const platform of [...known.keys()]) take({ platform, capabilities: null, rows: [], kept: null })
    await sleep(quietMs, undefined, { signal: end.signal }).catch(() => undefined)
    if (!end.signal.aborted) await proveNow(now, false)
  }
  return {
    current: () => known,
    onChange: (listener) => void listeners.push(listener),
    prove: () =>
      queue(async () => {
        machine = await look()
        await proveNow(machine, true)
      }),
    start() {
      if (started) return
      started = true
      const lookInTurn = () => void queue(lookAgain)
      lookInTurn()
      timer = setInterval(lookInTurn, lookMs).unref()
    },
    async close() {
      clearInterval(timer)
      end.abort()
      await running
    },
  }
}
