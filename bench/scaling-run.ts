import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cpuSecondsWithChildren } from './process-facts.ts'
import { type BenchRow, startRow } from './row.ts'

export interface ScalingOrder {
  readonly clip: string
  readonly nodes: number
  /** At least as many as nodes; what is left over is the head's. */
  readonly cores: readonly number[]
  readonly height: number
  /** The nodes read the film through the head. */
  readonly remote: boolean
}

export interface ScalingResult {
  readonly nodes: number
  readonly filmSeconds: number
  /** As the head measured it, from the request to the finished file. */
  readonly seconds: number
  /** Seconds of film a second. */
  readonly speed: number
  /** Made by each node. */
  readonly segments: readonly number[]
  /** Processors kept busy by each node with its ffmpeg, and by the head with what it started. */
  readonly nodeCores: readonly number[]
  readonly headCores: number
}

interface Done {
  readonly frames: number
  readonly seconds: number
  readonly speed: number
  readonly nodes: Readonly<Record<string, { readonly segments: number }>>
}

/** Starts a row, has it transcode the clip, and ends it. */
export async function measureScaling(order: ScalingOrder): Promise<ScalingResult> {
  const { cores, nodes } = order
  const left = cores.slice(nodes)
  const row = await startRow({
    headProcessors: left.length > 0 ? left : cores.slice(0, 1),
    nodes: cores.slice(0, nodes).map((processor) => ({ processors: [processor] })),
    remote: order.remote,
  })
  try {
    const before = usage(row)
    const done = await transcode(row, order)
    const after = usage(row)
    const shares = after.map((used, index) => (used - before[index]!) / done.seconds)
    return {
      ...{
        nodes,
        filmSeconds: Math.round(done.seconds * done.speed),
        seconds: done.seconds,
        speed: done.speed,
      },
      segments: Object.values(done.nodes).map(({ segments }) => segments),
      nodeCores: shares.slice(1),
      headCores: shares[0]!,
    }
  } finally {
    await row.stop()
  }
}

async function transcode(row: BenchRow, { clip, height }: ScalingOrder): Promise<Done> {
  const made = join(row.dataFolder, 'made.mp4')
  const text = await row.run('transcode', clip, made, '--json', '--height', String(height))
  await rm(made)
  return JSON.parse(text) as Done
}

function usage({ headPid, nodePids }: BenchRow): number[] {
  return [headPid, ...nodePids].map(cpuSecondsWithChildren)
}
