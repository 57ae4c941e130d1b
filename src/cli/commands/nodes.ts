import type { Command } from 'commander'
import { openApiClient } from '../api-client.ts'
import { dataFolderOf } from '../data-folder.ts'
import { tableText } from '../table.ts'

interface NodesFlags {
  readonly data?: string
  readonly json?: true
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
  const text = `${name} (${id}) is no longer a node of this head.`
  process.stdout.write(`${flags.json ? JSON.stringify({ removed: { id, name } }) : text}\n`)
}

export function nodesText(nodes: readonly ListedNode[]): string {
  if (nodes.length === 0) return 'No node has joined. Make a token for one: paceline token.\n'
  return tableText(
    ['node', 'id', 'state', 'release', 'cores', 'platforms', 'leases'],
    nodes.map(({ name, id, state, version, cores, platforms, leases }) => [
      ...[name, id, state, version ?? '', String(cores ?? '')],
      ...[platforms?.join(' ') ?? '', String(leases ?? '')],
    ]),
  )
}
