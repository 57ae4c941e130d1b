import { explainJob } from '../../src/cli/plan/explain-job.ts'
import { sessionPlatform } from '../../src/head/session/session-platform.ts'
import { wayName } from '../../src/head/session/tally.ts'
import { expectedEndSegment } from '../../src/media/timeline.ts'
import type { MachineProof } from '../../src/platforms/proof-result.ts'
import { compileWay } from '../../src/platforms/ways.ts'

/** What a head would have a node of this machine run for a line. */
export interface ChosenPath {
  /** E.g. `nvidia:decode-filter`. */
  readonly way: string
  readonly args: readonly string[]
}

/**
 * The choice of a head whose only node is this machine: for a lease from the first segment to the last, of the pictures.
 * @param line a server's words, with a film that is there
 */
export async function chosenPath(line: readonly string[], proof: MachineProof): Promise<ChosenPath> {
  const { explanation } = await explainJob(line)
  const { plan, reason } = explanation
  if (!plan) throw new Error(`no node would make it: ${reason}`)
  const capabilities = new Map(
    proof.platforms.flatMap(({ platform, capabilities: proved, kept }) =>
      proved && !kept ? [[platform, proved] as const] : [],
    ),
  )
  const node = { id: 'here', platforms: [...capabilities.keys()], cores: 1, capabilities }
  const choice = sessionPlatform({ plan })
  choice.choose([node])
  const way = choice.wayOf(node)
  if (!way) throw new Error('this machine has no way to make it')
  const from = plan.timeline.firstSegment
  const range = { from, to: expectedEndSegment(plan.timeline), open: false, failures: 0 }
  const compiled = compileWay(plan, range, way, capabilities.get(way.platform.name))
  if ('out' in compiled) throw new Error(compiled.out)
  const { platform, rung } = way
  return { way: wayName({ platform: platform.name, ...(rung && { rung }) })!, args: compiled.args }
}

/** Its words with places filled in. */
export function filledPath({ args }: ChosenPath, media: string, out: string): readonly string[] {
  return args.map((word) =>
    word.replace('{input:0}', media).replace('{output}', out).replace('{progress}', '/dev/null'),
  )
}
