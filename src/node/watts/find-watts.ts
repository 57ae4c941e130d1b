import { PacelineError } from '../../errors.ts'
import type { Meter } from '../../power/meters/meter.ts'
import { modelledWatts, type PowerModel } from '../../power/meters/model.ts'
import { findNodeMeter } from '../../power/meters/node-meter.ts'
import { publishedBoard } from '../../power/meters/published-boards.ts'
import type { Log } from '../log.ts'
import { machineModel } from './machine-model.ts'
import { createProcessorShare } from './processor-share.ts'

export interface FindWattsOptions {
  /** What the node's owner says that it draws; it stands in for published figures, never for a sensor. */
  readonly model?: PowerModel | undefined
  readonly log: Log
  /** Mount points of the kernel's. */
  readonly sys?: string
  readonly proc?: string
  readonly nvidiaSmi?: string
}

/**
 * How this node learns its own watts: from a sensor, else from idle and busy watts, said by its owner or published of
 * such a board, and how busy its processors are. Undefined where there is neither.
 */
export async function findWatts(options: FindWattsOptions): Promise<Meter | undefined> {
  const { log, sys, nvidiaSmi, proc } = options
  try {
    const meter = await findNodeMeter({ ...(sys && { sys }), ...(nvidiaSmi && { nvidiaSmi }) })
    if (meter) return meter
  } catch (error) {
    if (!(error instanceof PacelineError)) throw error
    log.warn('this machine has a meter that does not tell', { error })
  }
  if (options.model) return modelled(options.model, 'model, as told', proc)
  const board = publishedBoard(await machineModel(proc))
  return board && modelled(board.model, `model, published of ${board.name}`, proc)
}

function modelled(model: PowerModel, source: string, proc: string | undefined): Meter {
  const processorShare = createProcessorShare(proc)
  return {
    source,
    read: async () => {
      const share = await processorShare()
      if (share === undefined)
        throw new PacelineError('E_POWER_ANSWER', 'the kernel does not say how busy it is')
      return { watts: modelledWatts(model, share), source, basis: 'modelled', boundary: 'wall' }
    },
  }
}
