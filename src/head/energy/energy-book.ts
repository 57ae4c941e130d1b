import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { errorTable } from '../../errors.ts'
import type { WattsReading } from '../../placement/power/learned-watts.ts'
import type { EnergySettings } from '../../power/energy-settings.ts'
import type { Watts } from '../api/contract/node-view.ts'
import type { FleetLine } from '../api/contract/snapshot.ts'
import type { Draw } from './cell.ts'
import { createEnergyClock } from './energy-clock.ts'
import { lineOf, monthOf, wattsOf } from './energy-line.ts'
import type { EnergyReport } from './energy-report.ts'
import { type EnergySources, type Taken, type TakenNode, takeEnergy } from './energy-taker.ts'
import { type History, type HistoryQuery, historyOf, rangeOf } from './history.ts'
import { IdleLevels } from './idle-levels.ts'
import { createLedgerDesk, type LedgerThread } from './ledger-desk.ts'
import type { Batch, HistoryRow, LedgerFault, PeriodRows } from './ledger-messages.ts'
import { LedgerWriter } from './ledger-writer.ts'
import { metersOf, watchNetworkWatts } from './network-watts.ts'
import { periodsAt } from './periods.ts'
import { reportOf } from './report.ts'
import { startLedgerThread } from './start-ledger-thread.ts'
import { WorkDone } from './work-done.ts'

/** What everything draws, now and since long ago. */
export interface EnergyBook {
  /** What a node draws, as it was when it was looked at last, within some seconds. */
  wattsOf(node: string): Watts | null
  /** Everything in one line; what is said of the month is a minute old at most. */
  line(): FleetLine
  /** Joules and their price, for today, seven days and this month. */
  report(): Promise<EnergyReport>
  history(query: HistoryQuery): Promise<History>
  close(): Promise<void>
}

export interface EnergyBookOptions extends Omit<EnergySources, 'network' | 'levels'> {
  readonly dataFolder: string
  readonly energy: EnergySettings
  /** The first responder, which is no node that was let in, and is there only now and then. */
  readonly responder?: { readonly id: string; readonly name: string } | undefined
  /** What a node was measured to draw at rest. How busy one with leases is nobody has measured. */
  readonly onReading: (node: string, reading: WattsReading) => void
  readonly nowMs: () => number
  readonly time: () => Date
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly startThread?: (path: string) => LedgerThread
}

/** From look to look; with very many nodes less often, since each look takes some microseconds of each. */
const lookEveryMs = 1_000
const lookMsPerNode = 2
const writeEveryMs = 60_000

/** Opens the ledger below the data folder. What becomes of its file is nobody's trouble but its own. */
export function openEnergyBook(options: EnergyBookOptions): EnergyBook {
  const { dataFolder, settings, energy, power, hall, nowMs, time, log, responder } = options
  const guests = responder ? [{ ...responder, profile: null }] : []
  const levels = new IdleLevels()
  const network = watchNetworkWatts({
    ...{ meters: metersOf(settings), nowMs },
    onSilent: (node, error) => log.warn({ node, error }, 'the meter of a node does not answer'),
  })
  const path = join(dataFolder, 'energy', 'ledger.sqlite')
  const start = options.startThread ?? startLedgerThread
  const desk = createLedgerDesk({
    ...{ start: () => start(path), nowMs },
    onPutAside: (aside) => log.warn({ code: 'E_LEDGER_BROKEN', aside }, errorTable.E_LEDGER_BROKEN.what),
  })
  const writer = new LedgerWriter({
    ...{ desk, time, boot: randomBytes(8).toString('hex'), machines: () => levels.all() },
    onTrouble(fault) {
      if (fault) log.warn(fault, errorTable[fault.code].what)
      else log.info({ path }, 'the energy ledger is written again')
    },
  })
  const sources: EnergySources = { ...options, network, levels }
  const elapsed = createEnergyClock(nowMs)
  const work = new WorkDone()
  let taken: Taken = { nodes: [], floor: [] }
  let byId: ReadonlyMap<string, TakenNode> = new Map()

  const look = (): void => {
    const seconds = elapsed()
    // What was seen last has been so until now.
    writer.add(
      taken.nodes.flatMap(({ draws }) => draws),
      seconds,
    )
    writer.add([...taken.floor, looking], seconds)
    taken = takeEnergy(sources, seconds)
    byId = new Map(taken.nodes.map((node) => [node.id, node]))
    for (const { id, now, read } of taken.nodes)
      if (read?.isResting && read.basis === 'measured' && now.isHere && seconds > 0)
        options.onReading(id, { watts: read.value, busyShare: 0, seconds })
    const running = hall.running()
    for (const { id, work: done } of work.since(running))
      writer.work({ id, title: running.find(({ session }) => session.id === id)?.title ?? id }, done)
  }
  let timer: NodeJS.Timeout | undefined
  const lookOn = (): void => {
    look()
    timer = setTimeout(lookOn, Math.max(lookEveryMs, taken.nodes.length * lookMsPerNode))
    timer.unref()
  }
  lookOn()
  let month: FleetLine['month'] = null
  const writeDown = async (): Promise<void> => {
    month = monthOf(await report())
  }
  const writes = setInterval(() => void writeDown(), writeEveryMs)
  writes.unref()
  void remember().then(writeDown)

  /** What machines draw at rest, as an earlier head has learned it. */
  async function remember(): Promise<void> {
    const answer = await desk.ask<Batch['machines']>({ type: 'machines' })
    if (answer.ok) for (const { machine, watts } of answer.value) levels.remember(machine, watts)
  }
  /** Of the file, or nothing where it does not answer, and why. */
  async function read<T>(question: Parameters<typeof desk.ask>[0], nothing: T) {
    const answer = await desk.ask<T>(question)
    return answer.ok ? { value: answer.value, fault: null } : { value: nothing, fault: answer.fault }
  }
  async function report(): Promise<EnergyReport> {
    look()
    await writer.write()
    const at = time()
    const periods = periodsAt(at)
    const rows = await Promise.all(
      periods.map(({ range }) => read<PeriodRows>({ type: 'days', range }, noRows)),
    )
    const fault = writer.trouble ?? rows.find((each) => each.fault)?.fault ?? null
    return reportOf({
      ...{ at, energy, taken, known: [...power.nodes(), ...guests] },
      trouble: fault && troubleText(fault),
      periods: periods.map((period, index) => ({ ...period, rows: rows[index]!.value })),
      unwritten: writer.unwritten(),
    })
  }
  return {
    wattsOf(id) {
      const node = byId.get(id)
      return node ? wattsOf(node) : null
    },
    line: () => lineOf(taken, month),
    report,
    async history(query) {
      look()
      await writer.write()
      const range = rangeOf(query, time())
      const { value, fault } = await read<readonly HistoryRow[]>(
        { type: 'history', step: query.step, range },
        [],
      )
      const trouble = fault ?? writer.trouble
      return historyOf(query, value, writer.unwritten(), range, trouble && troubleText(trouble))
    },
    async close() {
      clearTimeout(timer)
      clearInterval(writes)
      look()
      await writer.write()
      await Promise.all([desk.close(), network.close()])
    },
  }
}

/** For how long anybody has looked at all. */
const looking: Draw = { node: '', session: '', state: 'floor', basis: 'modelled', watts: 0, share: 1 }

const noRows: PeriodRows = { nodes: [], sessions: [], sessionCount: 0 }

const troubleText = ({ code, where }: LedgerFault): string => `${code}: ${errorTable[code].what}: ${where}`
