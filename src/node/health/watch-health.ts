import type { Beat, Health } from '../../cluster/messages.ts'
import { createProcessorShare } from '../watts/processor-share.ts'
import { findThermometers, readWarmest } from './temperature.ts'

export interface HealthWatch {
  /** What was read last, for a beat. */
  told(): Pick<Beat, 'health'>
  stop(): void
}

export interface HealthOptions {
  /** Mount points. */
  readonly proc?: string
  readonly sys?: string
  readonly everyMs?: number
}

/** A few small files each time. */
const usualEveryMs = 2_500

/** Reads how busy and how warm the machine is, for as long as the node lives. */
export function watchHealth({ proc, sys, everyMs = usualEveryMs }: HealthOptions = {}): HealthWatch {
  const readShare = createProcessorShare(proc)
  const thermometers = findThermometers(sys)
  let health: Health = {}
  const read = async (): Promise<void> => {
    const [share, celsius] = await Promise.all([readShare(), thermometers.then(readWarmest)])
    health = {
      ...(share !== undefined && { load: Math.round(share * 100) / 100 }),
      ...(celsius !== undefined && { celsius: Math.round(celsius) }),
    }
  }
  void read()
  const reads = setInterval(() => void read(), everyMs)
  reads.unref()
  return {
    told: () => (Object.keys(health).length === 0 ? {} : { health }),
    stop: () => clearInterval(reads),
  }
}
