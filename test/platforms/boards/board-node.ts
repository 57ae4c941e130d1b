import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProvedCapabilities } from '../../../src/node/capability-desk.ts'
import { runNode } from '../../../src/node/main.ts'
import { Intruder } from '../../attacks/intruder.ts'
import type { RunningPaceline } from '../../fixture/paceline.ts'
import { type BoardName, type MadeBoard, makeBoard } from './make-board.ts'
import { capabilitiesOf } from './proved.ts'

/** A node in this process whose ffmpeg answers like a board's. */
export interface BoardNode extends MadeBoard {
  close(): Promise<void>
}

/** Starts one, with what the board proves, and waits until the head has heard of it. */
export async function startBoardNode(paceline: RunningPaceline, name: BoardName): Promise<BoardNode> {
  const folder = await mkdtemp(join(tmpdir(), `paceline-${name}-`))
  const board = await makeBoard(name, folder)
  const { chip, ...capabilities } = capabilitiesOf(name)
  const token = await (await Intruder.at(paceline)).token({ name })
  const stop = new AbortController()
  const proved: ProvedCapabilities = {
    current: () => new Map([[chip, capabilities]]),
    onChange: () => {},
    prove: async () => {},
  }
  const ended = runNode({
    token,
    folder,
    name,
    ffmpeg: board.ffmpeg,
    capabilities: proved,
    signal: stop.signal,
  })
  const listed = async (): Promise<readonly string[] | undefined> => {
    const { stdout } = await paceline.run('status', '--json')
    const { nodes } = JSON.parse(stdout) as { nodes: { name: string; platforms: string[] }[] }
    return nodes.find((node) => node.name === name)?.platforms
  }
  while (!(await listed())?.includes(chip)) await sleep(50)
  return {
    ...board,
    async close() {
      stop.abort()
      await ended
      // Until it is missed it would be given work.
      while ((await listed()) !== undefined) await sleep(100)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
