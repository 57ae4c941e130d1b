import type { Command } from 'commander'
import { printable } from '../../printable.ts'
import { openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'
import { interruptSignal } from '../interrupt.ts'
import { keptOffText, type ShownKeptOff } from '../kept-off-text.ts'
import { localJobLines, type ShownLocalJob } from '../local-jobs-text.ts'
import { powerLines, powerStateText, type ShownPower } from '../power-text.ts'
import { tableText } from '../table.ts'

interface StatusFlags {
  readonly data?: string
  readonly json?: true
  readonly watch?: true
}

/** What `GET /api/v1/status` answers, as far as it is shown here. */
export interface ShownStatus {
  readonly version: string
  readonly uptimeSeconds: number
  readonly nats: { readonly url: string; readonly version: string; readonly trouble: string | null }
  readonly observeOnly: boolean
  readonly nodes: readonly {
    readonly name: string
    readonly state: string
    readonly cores: number
    readonly platforms: readonly string[]
    readonly speed: number | null
    readonly leases: number
    readonly troubles: readonly string[]
    readonly firstResponder?: true
    readonly keptOff: readonly ShownKeptOff[]
  }[]
  readonly power?: { readonly dryRun: boolean; readonly nodes: readonly ShownPower[] }
  readonly overload?: {
    readonly waiting: number
    readonly choices: readonly {
      readonly title: string
      readonly choice: string
      readonly detail: string | null
      readonly agoSeconds: number
    }[]
  }
  readonly sessions: readonly {
    readonly id: string
    readonly title: string
    readonly runningSeconds: number
    readonly publishedSegments: number
    readonly segments: Readonly<Record<string, number>>
    readonly ways?: Readonly<Record<string, readonly string[]>>
    readonly hedges: number
    readonly arrivals: readonly { readonly segment: number; readonly node: string }[]
    readonly waitsFor: readonly string[]
  }[]
  readonly localJobs?: readonly ShownLocalJob[]
}

interface ShownInstallation {
  readonly transcoder: string
  readonly found: string
  readonly remedy: string | null
}

/** `paceline status`: the head, its nodes and what is being made. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('show the head, its nodes and the running sessions')
    .option('--watch', 'show it live until Ctrl-C; in a pipe, print what changes')
    .option(
      '--json',
      'print JSON: what the API gives, and installations; with --watch the state, a line each',
    )
    .action(async (_flags: StatusFlags, command: Command) =>
      printStatus(command.optsWithGlobals<StatusFlags>()),
    )
}

async function printStatus(flags: StatusFlags): Promise<void> {
  const dataFolder = dataFolderOf(flags.data)
  if (flags.watch) {
    const { watchStatus } = await import('../watch/watch-status.ts')
    const connect = () => openApiClient(dataFolder)
    // The first answer has to come: afterwards a head that is away is waited for.
    await connect()
    await watchStatus({
      connect,
      output: process.stdout,
      json: flags.json ?? false,
      signal: interruptSignal(),
    })
    return
  }
  const client = await openApiClient(dataFolder)
  const status = await client.get<ShownStatus>('/status')
  const { lookAtInstallations } = await import('../../install/look-at-installations.ts')
  const installations = await lookAtInstallations(dataFolder)
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ ...status, installations })}\n`
      : `${statusText(status, process.stdout.columns)}${installationsText(installations)}`,
  )
}

const dryRun = 'Power is a dry run: nothing is switched.\n'
const observing = 'Only observing: every job runs on the media server. paceline observed shows the rest.\n'

/** What became of the shim in the media servers here; nothing where it was never installed. */
export function installationsText(all: readonly ShownInstallation[]): string {
  const lines = all.map(({ transcoder, found, remedy }) =>
    `${transcoder}: ${found} ${remedy ?? ''}`.trimEnd(),
  )
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`
}

/** As which a node is listed: the head's own is there only where no other can work. */
export function stateText(state: string, isFirstResponder = false): string {
  return isFirstResponder ? `${state}, first responder` : state
}

/** What became of jobs for which the nodes had no room at once. */
function overloadLines({ overload }: ShownStatus): string[] {
  if (!overload) return []
  const waiting = overload.waiting > 0 ? [`${overload.waiting} wait for room on the nodes\n`] : []
  const choices = overload.choices.map(({ title, choice, detail, agoSeconds }) => {
    const how = detail === null ? choice : `${choice}, ${detail}`
    return lineText(`${title}, ${Math.round(agoSeconds)} s ago: ${how}`)
  })
  return [...waiting, ...choices]
}

/** Where a node makes pictures on a chip, or has changed its way, that is said. */
function wayText(ways: readonly string[] = []): string {
  return ways.some((way) => way.includes(':')) ? ` (${ways.join(', then ')})` : ''
}

/** Whatever somebody else has written stays in its line. */
const lineText = (text: string): string => `${printable(text)}\n`

/** @param columns of the terminal: titles are cut so that a session is no wider, as far as that is possible */
export function statusText(
  status: ShownStatus,
  columns: number = Number.POSITIVE_INFINITY,
  nowMs: number = Date.now(),
): string {
  const head = `head ${status.version}, up ${Math.round(status.uptimeSeconds)} s, NATS ${status.nats.version}\n${status.observeOnly ? observing : ''}${status.power?.dryRun ? dryRun : ''}`
  const powers = status.power?.nodes ?? []
  const nodes = tableText(
    ['node', 'state', 'cores', 'platforms', 'speed', 'leases'],
    [
      ...status.nodes.map(({ name, state, cores, platforms, speed, leases, firstResponder }) => [
        ...[
          name,
          stateText(
            powerStateText(
              state,
              powers.find((power) => power.name === name),
            ),
            firstResponder,
          ),
        ],
        ...[
          String(cores),
          platforms.join(' '),
          speed === null ? 'not measured yet' : `${speed}x`,
          String(leases),
        ],
      ]),
      ...powers
        .filter(({ name, driver }) => driver !== null && !status.nodes.some((node) => node.name === name))
        .map((power) => [power.name, powerStateText(power.state, power)]),
    ],
  )
  const sessions = tableText(
    ['session', 'what', 'running', 'segments', 'hedges', 'made by'],
    status.sessions.map(({ id, title, runningSeconds, publishedSegments, hedges, segments, ways }) => [
      ...[id, title, `${Math.round(runningSeconds)} s`, String(publishedSegments), String(hedges)],
      Object.entries(segments)
        .map(([name, count]) => `${name}: ${count}${wayText(ways?.[name])}`)
        .join(', '),
    ]),
    { columns, cut: 1 },
  )
  const wrong = [
    ...(status.nats.trouble ? [lineText(`NATS: ${status.nats.trouble}`)] : []),
    ...status.nodes.flatMap(({ name, troubles }) =>
      troubles.map((trouble) => lineText(`${name}: ${trouble}`)),
    ),
    ...status.nodes.flatMap(({ name, keptOff }) => keptOff.map((each) => keptOffText(name, each))),
    ...status.sessions.flatMap(({ id, waitsFor }) =>
      waitsFor.map((what) => lineText(`${id} waits: ${what}`)),
    ),
    ...powers.flatMap(powerLines),
    ...overloadLines(status),
  ]
  const making = status.sessions.length === 0 ? 'Nothing is being made.\n' : sessions
  const local = localJobLines(status.localJobs ?? [], nowMs).map((line) => `${line}\n`)
  const below = [wrong, local].filter((lines) => lines.length > 0).map((lines) => `\n${lines.join('')}`)
  return `${head}\n${nodes}\n${making}${below.join('')}`
}
