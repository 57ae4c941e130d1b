import { z } from 'zod'
import { mostHeard } from '../secret.ts'
import type { Observation } from './driver.ts'

/** A regular expression as somebody wrote it; upper and lower case are alike. */
export const pattern = z
  .string()
  .max(1_000)
  .transform((text, context) => {
    try {
      return new RegExp(text, 'im')
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  })

/** How to read on and off from the words of a program or a web page, and what they are worth. */
export const stateReading = {
  /** Regular expressions, upper and lower case alike. Words that fit neither mean: on its way, nobody knows. */
  onPattern: pattern,
  offPattern: pattern,
  /** `observed` where it measures, `commanded` where it only repeats what it was told. */
  means: z.enum(['observed', 'commanded']).default('observed'),
}

export type StateReading = z.output<z.ZodObject<typeof stateReading>>

export function readState(text: string, { onPattern, offPattern, means }: StateReading): Observation {
  const evidence = `it says ${text.trim().replaceAll(/\s+/g, ' ').slice(0, mostHeard) || 'nothing'}`
  const [isOn, isOff] = [onPattern.test(text), offPattern.test(text)]
  return isOn === isOff ? { evidence } : { [means]: isOn ? 'on' : 'off', evidence }
}
