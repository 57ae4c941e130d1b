import { randomInt } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiClient, openApiClient } from '../../src/cli/api-client.ts'
import type { HeadStatus } from '../../src/head/api/status.ts'
import { noSmallDisk, openSmallDisk, type SmallDisk } from '../faults/small-disk.ts'
import type { BuildCopy } from './build-copy.ts'
import { type Daemon, startDaemon } from './daemon.ts'
import { type NodeNetwork, noNetworks, openNodeNetwork } from './node-network.ts'
import { processesOf, type SeenProcess } from './processes.ts'
import { lateNode, rowNodes } from './schedule.ts'
import { fairWeather, openTcpLink, type TcpLink } from './tcp-link.ts'

/** A node of the cluster, whichever process carries it out now. */
export interface ClusterNode {
  readonly name: string
  readonly folder: string
  readonly link: TcpLink
  /** Null where there are no namespaces: then the link alone cuts it off. */
  readonly network: NodeNetwork | null
  daemon: Daemon
}

/**
 * Head, nats-server and three nodes, each a process of its own, each node behind a network of its own. It serves one
 * schedule after the other: `restore` makes good what was done to it.
 */
export interface Cluster {
  readonly build: BuildCopy
  /** Everything of it lies below. */
  readonly folder: string
  /** Folder for temporary files of all its processes: see processesOf. */
  readonly temporary: string
  /** Where the media server has its jobs' folders. */
  readonly sessions: string
  readonly headFolder: string
  /** Of the shim: unix:/path */
  readonly door: string
  /** The node's and the media server's; null where none can be mounted. */
  readonly disks: { readonly node: SmallDisk; readonly server: SmallDisk } | null
  head(): Daemon
  node(name: string): ClusterNode
  nodes(): readonly ClusterNode[]
  startHead(): Promise<void>
  /** Starts a node that is not running; its first start takes a token. */
  startNode(name: string): Promise<void>
  /** Null while no head answers. */
  status(): Promise<HeadStatus | null>
  api(): Promise<ApiClient>
  natsPid(): number | null
  processes(): SeenProcess[]
  /** Head and three nodes are there again, and nothing is slow, full or cut. */
  restore(): Promise<void>
  /** Ends everything; answers what is left of it, in sentences. */
  close(): Promise<string[]>
}

/** How fast the boards are, seconds of film a second: neither so fast that all is made before anything happens, nor equal. */
const boardSpeeds: Readonly<Record<string, number>> = { 'node-1': 8, 'node-2': 6, 'node-3': 10, 'node-4': 9 }

/** The one whose data lie on a small disk. */
export const nodeOnSmallDisk = 'node-3'

const readyTimeoutMs = 30_000

export async function startCluster(build: BuildCopy): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-chaos-'))
  const temporary = join(folder, 'tmp')
  await mkdir(temporary)
  const disks =
    noSmallDisk() === null
      ? { node: await openSmallDisk(24_000_000), server: await openSmallDisk(96_000_000) }
      : null
  const sessions = disks?.server.folder ?? join(folder, 'sessions')
  await mkdir(sessions, { recursive: true })
  const cluster = new RunningCluster({ build, folder, temporary, sessions, disks })
  try {
    await cluster.begin()
  } catch (error) {
    await cluster.close()
    throw error
  }
  return cluster
}

type Place = Pick<Cluster, 'build' | 'folder' | 'temporary' | 'sessions' | 'disks'>

class RunningCluster implements Cluster {
  readonly build
  readonly folder
  readonly temporary
  readonly sessions
  readonly disks
  readonly headFolder: string
  door = ''
  readonly #nodes = new Map<string, ClusterNode>()
  readonly #hasNetworks = noNetworks() === null
  readonly #loopback = `127.${randomInt(1, 255)}.${randomInt(0, 256)}`
  #head: Daemon | null = null
  #port = 0
  #closing: Promise<string[]> | undefined

  constructor({ build, folder, temporary, sessions, disks }: Place) {
    this.build = build
    this.folder = folder
    this.temporary = temporary
    this.sessions = sessions
    this.disks = disks
    this.headFolder = join(folder, 'head')
  }

  async begin(): Promise<void> {
    await this.startHead()
    await Promise.all(rowNodes.map((name) => this.startNode(name)))
    await this.#untilReady()
  }

  head(): Daemon {
    if (this.#head === null) throw new Error('no head has been started')
    return this.#head
  }

  node(name: string): ClusterNode {
    const node = this.#nodes.get(name)
    if (node === undefined) throw new Error(`${name} has never joined`)
    return node
  }

  nodes(): readonly ClusterNode[] {
    return [...this.#nodes.values()]
  }

  async startHead(): Promise<void> {
    const args = ['--data', this.headFolder, 'head', '--json', '--host', '127.0.0.1']
    this.#head = this.#start(args)
    const line = await this.#head.says(/"head":"unix:/)
    this.door = (JSON.parse(line) as { head: string }).head
    const ports = JSON.parse(await readFile(join(this.headFolder, 'ports.json'), 'utf8')) as { data: number }
    if (this.#port !== 0 && this.#port !== ports.data) throw new Error('the head has changed its port')
    this.#port = ports.data
  }

  async startNode(name: string): Promise<void> {
    const former = this.#nodes.get(name)
    const folder = former?.folder ?? (await this.#folderOf(name))
    const network = former ? former.network : this.#hasNetworks ? openNodeNetwork() : null
    const address = network?.address ?? `${this.#loopback}.${name.at(-1)}`
    const link = former?.link ?? (await openTcpLink({ address, head: '127.0.0.1', port: this.#port }))
    const args = ['--data', folder, 'node', '--json', '--ffmpeg', await this.#board(name)]
    if (former === undefined) args.push('--join-file', await this.#token(name, link.address))
    const daemon = this.#start(args, network?.enter)
    this.#nodes.set(name, { name, folder, link, network, daemon })
    await daemon.says(/node is ready/)
  }

  async status(): Promise<HeadStatus | null> {
    if (this.#head === null || this.#head.hasEnded()) return null
    try {
      return await (await this.api()).get<HeadStatus>('/status')
    } catch {
      // It is starting, or has just been killed: the caller asks again.
      return null
    }
  }

  api(): Promise<ApiClient> {
    return openApiClient(this.headFolder)
  }

  natsPid(): number | null {
    return this.processes().find(({ words }) => /(^|\/)nats-server$/.test(words[0] ?? ''))?.pid ?? null
  }

  processes(): SeenProcess[] {
    return processesOf(this.temporary)
  }

  async restore(): Promise<void> {
    this.disks?.node.clear()
    this.disks?.server.clear()
    for (const { link, network } of this.nodes()) {
      link.set(fairWeather)
      network?.plug()
    }
    if (this.head().hasEnded()) await this.startHead()
    const late = this.#nodes.get(lateNode)
    if (late) await this.#forget(late)
    const missing = rowNodes.filter((name) => this.node(name).daemon.hasEnded())
    await Promise.all(missing.map((name) => this.startNode(name)))
    await this.#untilReady()
  }

  close(): Promise<string[]> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<string[]> {
    const problems: string[] = []
    const stop = (what: string, daemon: Daemon) =>
      daemon.stop().catch((error: Error) => void problems.push(`${what}: ${error.message}`))
    await Promise.all(this.nodes().map(({ name, daemon }) => stop(name, daemon)))
    if (this.#head) await stop('the head', this.#head)
    await Promise.all(this.nodes().map(({ link }) => link.close()))
    for (const { network } of this.nodes()) network?.close()
    for (const { pid, words } of this.processes()) {
      problems.push(`process ${pid} is left: ${words.join(' ').slice(0, 200)}`)
      process.kill(pid, 'SIGKILL')
    }
    if (this.disks) await Promise.all([this.disks.node.close(), this.disks.server.close()])
    await rm(this.folder, { recursive: true, force: true })
    return problems
  }

  #start(args: readonly string[], before: readonly string[] = []): Daemon {
    return startDaemon({ before, program: this.build.program, args, temporary: this.temporary })
  }

  async #forget({ name, daemon, link, network }: ClusterNode): Promise<void> {
    await daemon.stop()
    await (await this.api()).delete(`/nodes/${name}`)
    await link.close()
    network?.close()
    this.#nodes.delete(name)
  }

  async #folderOf(name: string): Promise<string> {
    const small = name === nodeOnSmallDisk ? this.disks?.node.folder : undefined
    const folder = join(small ?? this.folder, name === lateNode ? `${name}-${Date.now()}` : name)
    await mkdir(folder, { mode: 0o700 })
    return folder
  }

  async #token(name: string, address: string): Promise<string> {
    const { token } = await (await this.api()).post<{ token: string }>('/tokens', { name, address })
    const path = join(this.folder, `token-${name}`)
    await writeFile(path, token, { mode: 0o600 })
    return path
  }

  /** An ffmpeg that reads no faster than a small board could. */
  async #board(name: string): Promise<string> {
    const path = join(this.folder, `ffmpeg-${name}`)
    const speed = boardSpeeds[name] ?? 10
    const script = [
      ...['#!/bin/sh', 'for word do', '  shift'],
      `  if [ "$word" = -i ]; then set -- "$@" -readrate ${speed}; fi`,
      ...['  set -- "$@" "$word"', 'done', 'exec ffmpeg "$@"', ''],
    ]
    await writeFile(path, script.join('\n'), { mode: 0o755 })
    return path
  }

  async #untilReady(): Promise<void> {
    const giveUpAt = performance.now() + readyTimeoutMs
    for (;;) {
      const names = (await this.status())?.nodes.map(({ name }) => name) ?? []
      if (rowNodes.every((name) => names.includes(name))) return
      if (performance.now() > giveUpAt) {
        throw new Error(
          `the nodes are not back: there is ${names.join(', ') || 'none'}\n${this.#lastWords()}`,
        )
      }
      await sleep(50)
    }
  }

  #lastWords(): string {
    const daemons = [this.head(), ...this.nodes().map(({ daemon }) => daemon)]
    return daemons.flatMap(({ lines }) => lines.slice(-5)).join('\n')
  }
}
