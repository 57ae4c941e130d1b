import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { firstLine } from '../http-device.ts'
import { runProgram } from '../run-program.ts'
import { secretSetting } from '../secret.ts'
import type { Device, Power } from './driver.ts'
import { pattern, readState, stateReading } from './program-answer.ts'
import { switchSettings } from './switch-settings.ts'

/** The program and its arguments, one each: no shell reads them. */
const command = z.array(z.string().max(4_096)).min(1).max(100)

export const execSettings = z
  .strictObject({
    driver: z.literal('exec'),
    on: command.exactOptional(),
    off: command.exactOptional(),
    state: z.strictObject({ command, ...stateReading }).exactOptional(),
    /** What a program that fails says of a wrong password: it is then not tried again for a while. */
    deniedPattern: pattern.exactOptional(),
    /** Environment variables that hold secrets; anybody on the machine can read an argument, but not these. */
    secrets: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), secretSetting).default({}),
    ...switchSettings,
    timeoutSeconds: z.number().positive().max(600).default(30),
  })
  .refine(({ on, off }) => on !== undefined || off !== undefined, 'needs on or off')
  .superRefine(({ on, off, state, secrets }, context) => {
    for (const [key, words] of Object.entries({ on, off, state: state?.command })) {
      const leaks = Object.values(secrets).some((secret) =>
        words?.some((word) => word.includes(secret.reveal())),
      )
      if (leaks)
        context.addIssue({ code: 'custom', path: [key], message: 'shows a secret in the list of processes' })
    }
  })

/** Whatever a program can switch: exit code 0 means that it was done. */
export function execDevice(settings: z.output<typeof execSettings>): Device {
  const { state } = settings
  const name = `exec ${(settings.on ?? settings.off)?.[0]}`
  const run = async (words: readonly string[], power: Power | '', signal: AbortSignal) => {
    const end = await runProgram(words, environment(settings.secrets, power), signal)
    if (end.exitCode === 0) return end.stdout
    const said = firstLine(end.stderr || end.stdout)
    throw new PacelineError(
      settings.deniedPattern?.test(end.stderr || end.stdout) ? 'E_POWER_DENIED' : 'E_POWER_REFUSED',
      `${words[0]}: ended with ${end.exitCode ?? 'a signal'}: ${said}`,
    )
  }
  return {
    kind: 'exec',
    name,
    describe: (power) => {
      const words = settings[power]
      return words === undefined ? `nothing: there is no command for ${power}` : shown(words)
    },
    command: async (power, signal) => {
      const words = settings[power]
      if (words === undefined) throw new PacelineError('E_POWER_CANNOT', `${name}: no command for ${power}`)
      await run(words, power, signal)
    },
    ...(state && { observe: async (signal) => readState(await run(state.command, '', signal), state) }),
  }
}

/** Somebody may have written a password among the arguments, where it does not belong. */
const shown = ([program, ...args]: readonly string[]): string =>
  args.length === 0 ? `run ${program}` : `run ${program}, with arguments that are not shown`

/** Not the head's own environment, which holds secrets that are none of the program's business. */
function environment(
  secrets: z.output<typeof execSettings>['secrets'],
  power: Power | '',
): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env
  const revealed = Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()] as const)
  return { PATH, HOME, ...(power && { PACELINE_POWER: power }), ...Object.fromEntries(revealed) }
}
