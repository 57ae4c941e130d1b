import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { printable } from '../../printable.ts'
import { type ApiClient, openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'
import { keptOffText, type ShownKeptOff } from '../kept-off-text.ts'
import { powerLines, powerStateText, type ShownPower, timeText } from '../power-text.ts'
import { tableText } from '../table.ts'
import { stateText } from './status.ts'

interface NodesFlags {
  readonly data?: string
  readonly json?: true
  readonly wait?: true
  readonly force?: true
  readonly minutes?: number
}

/** What draining and resuming answer. */
interface DrainedNode {
  readonly id: string
  readonly name: string
  readonly state: 'draining' | 'drained' | null
}

/** What `GET /api/v1/nodes` answers. */
export interface ListedNode {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly version: string | null
  readonly cores: number | null
  readonly platforms: readonly string[] | null
  readonly leases: number | null
  readonly firstResponder?: true
  readonly keptOff: readonly ShownKeptOff[]
  readonly power?: ShownPower | null
}

/** `paceline nodes`: who may work for the head. */
export function addNodes(program: Command): void {
  const nodes = program.command('nodes').description('the nodes that the head knows')
  nodes
    .command('list')
    .description('list all nodes that were let in, there or not')
    .option('--json', 'print JSON, as the API gives it')
    .action(async (_flags: NodesFlags, command: Command) => listNodes(command.optsWithGlobals<NodesFlags>()))
  nodes
    .command('remove <node>')
    .description('put a node out, by name or id: what it has open is cut off at once')
    .option('--json', 'print JSON')
    .action(async (node: string, _flags: NodesFlags, command: Command) =>
      removeNode(node, command.optsWithGlobals<NodesFlags>()),
    )
  nodes
    .command('drain <node>')
    .description('give a node no more work, and what it has in hand to others: no viewer notices')
    .option('--wait', 'wait until it has nothing in hand any more')
    .option('--force', 'drain it even when nobody else could take over')
    .option('--json', 'print JSON')
    .action(async (node: string, _flags: NodesFlags, command: Command) =>
      drainNode(node, command.optsWithGlobals<NodesFlags>()),
    )
  nodes
    .command('resume <node>')
    .description('let a drained node work again')
    .option('--json', 'print JSON')
    .action(async (node: string, _flags: NodesFlags, command: Command) =>
      resumeNode(node, command.optsWithGlobals<NodesFlags>()),
    )
  nodes
    .command('wake <node>')
    .description('wake a node, and keep it awake for a while')
    .option('--minutes <number>', 'for so long, 15 unless told; 0: until nobody needs it', wholeMinutes)
    .option('--json', 'print JSON')
    .action(async (node: string, _flags: NodesFlags, command: Command) => {
      const flags = command.optsWithGlobals<NodesFlags>()
      await switchNode(node, 'wake', flags.minutes === undefined ? {} : { minutes: flags.minutes }, flags)
    })
  nodes
    .command('sleep <node>')
    .description('put a node to sleep; what it has in hand goes to others first')
    .option('--force', 'even when it works and nobody else could take over')
    .option('--json', 'print JSON')
    .action(async (node: string, _flags: NodesFlags, command: Command) => {
      const flags = command.optsWithGlobals<NodesFlags>()
      await switchNode(node, 'sleep', { force: flags.force ?? false }, flags)
    })
}

function wholeMinutes(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > 10_080) throw new InvalidArgumentError('A number from 0 to 10080.')
  return value
}

async function switchNode(which: string, order: string, body: object, flags: NodesFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const power = await client.post<ShownPower>(`/nodes/${encodeURIComponent(which)}/${order}`, body)
  process.stdout.write(flags.json ? `${JSON.stringify(power)}\n` : switchedText(power))
}

/** What has become of an order to wake or to sleep. */
export function switchedText(power: ShownPower): string {
  const { state, keptForSeconds } = power
  const name = printable(power.name)
  const kept = keptForSeconds === null ? '' : ` It is kept awake for ${timeText(keptForSeconds)}.`
  const isThere = state === 'ready' || state === 'busy'
  const what = isThere
    ? `${name} is awake.`
    : `${name}: ${powerStateText(state, { ...power, keptForSeconds: null })}.`
  return `${what}${kept}\n${powerLines(power).join('')}`
}

async function listNodes(flags: NodesFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const nodes = await client.get<readonly ListedNode[]>('/nodes')
  process.stdout.write(flags.json ? `${JSON.stringify(nodes)}\n` : nodesText(nodes))
}

async function removeNode(which: string, flags: NodesFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const { id, name } = await client.delete<{ id: string; name: string }>(
    `/nodes/${encodeURIComponent(which)}`,
  )
  const text = `${printable(name)} (${id}) is no longer a node of this head.`
  process.stdout.write(`${flags.json ? JSON.stringify({ removed: { id, name } }) : text}\n`)
}

/** A node finishes a segment within seconds; nobody sees a shorter wait than this. */
const lookEveryMs = 200

async function drainNode(which: string, flags: NodesFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const asked = await client.post<DrainedNode>(`/nodes/${encodeURIComponent(which)}/drain`, {
    force: flags.force ?? false,
  })
  const node = flags.wait ? await untilDrained(client, asked) : asked
  process.stdout.write(flags.json ? `${JSON.stringify(node)}\n` : drainedText(node))
}

/** Somebody else may let it work again, or remove it, while we wait. */
async function untilDrained(client: ApiClient, asked: DrainedNode): Promise<DrainedNode> {
  let node = asked
  while (node.state === 'draining') {
    await sleep(lookEveryMs)
    const listed = (await client.get<readonly ListedNode[]>('/nodes')).find(({ id }) => id === node.id)
    const isLeft = listed?.state === 'draining' || listed?.state === 'drained'
    node = { ...node, state: isLeft ? (listed.state as 'draining' | 'drained') : null }
  }
  return node
}

async function resumeNode(which: string, flags: NodesFlags): Promise<void> {
  const client = await openApiClient(dataFolderOf(flags.data))
  const node = await client.post<DrainedNode>(`/nodes/${encodeURIComponent(which)}/resume`, {})
  process.stdout.write(flags.json ? `${JSON.stringify(node)}\n` : drainedText(node))
}

export function drainedText({ name: given, state }: Pick<DrainedNode, 'name' | 'state'>): string {
  const name = printable(given)
  if (state === null) return `${name} may work.\n`
  if (state === 'drained') return `${name} is drained: it has no work, and gets none.\n`
  return `${name} gets no more work; what it has in hand is being handed over.\n`
}

export function nodesText(nodes: readonly ListedNode[]): string {
  if (nodes.length === 0) return 'No node has joined. Make a token for one: paceline token.\n'
  const table = tableText(
    ['node', 'id', 'state', 'release', 'cores', 'platforms', 'leases'],
    nodes.map(({ name, id, state, version, cores, platforms, leases, firstResponder, power }) => [
      ...[name, id, stateText(powerStateText(state, power), firstResponder), version ?? ''],
      String(cores ?? ''),
      ...[platforms?.join(' ') ?? '', String(leases ?? '')],
    ]),
  )
  const wrong = nodes.flatMap(({ name, keptOff, power }) => [
    ...keptOff.map((each) => keptOffText(name, each)),
    ...(power ? powerLines(power) : []),
  ])
  return wrong.length === 0 ? table : `${table}\n${wrong.join('')}`
}
