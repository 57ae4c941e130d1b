import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { firstLine } from '../http-device.ts'
import { runProgram } from '../run-program.ts'
import type { Device } from './driver.ts'
import { probePort } from './probe.ts'
import { hostName, portNumber, switchSettings } from './switch-settings.ts'

export const sshSettings = z.strictObject({
  driver: z.literal('ssh'),
  host: hostName.refine((host) => !host.startsWith('-'), 'must be a host name or an address'),
  port: portNumber.default(22),
  user: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/),
  /** The private key; without it, what ssh finds by itself. Passwords are not supported. */
  identityFile: z.string().min(1).exactOptional(),
  knownHostsFile: z.string().min(1).exactOptional(),
  /** `accept-new` takes the key of a host that was never seen before on trust. */
  hostKeys: z.enum(['strict', 'accept-new']).default('strict'),
  action: z.enum(['poweroff', 'suspend']).default('poweroff'),
  /** Another command than `sudo -n systemctl poweroff` or `… suspend`, read by the shell over there. */
  command: z.string().min(1).max(4_096).exactOptional(),
  ...switchSettings,
  timeoutSeconds: z.number().positive().max(600).default(15),
  /** A shutdown takes a while, with films open on a network share a little longer. */
  confirmSeconds: z.number().min(0).max(600).default(60),
})

type SshSettings = z.output<typeof sshSettings>

/** ssh's own exit code for any failure that is not the remote command's. */
const sshFailed = 255

/** Shuts a node down, or suspends it, through the system's ssh. Whether it is up is seen by its SSH port. */
export function sshDevice(settings: SshSettings): Device {
  const words = settings.command ?? `sudo -n systemctl ${settings.action}`
  const name = `ssh to ${settings.user}@${settings.host}:${settings.port}`
  return {
    kind: 'ssh',
    name,
    // A command of somebody's own may have a password in it.
    describe: (power) =>
      power === 'off'
        ? `${name}: ${settings.command === undefined ? words : 'the command of its settings'}`
        : 'nothing: ssh switches nothing on',
    command: async (power, signal) => {
      if (power === 'on') throw new PacelineError('E_POWER_CANNOT', `${name}: ssh switches nothing on`)
      const { PATH = '/usr/bin:/bin', HOME = '/', SSH_AUTH_SOCK } = process.env
      const env = { PATH, HOME, LC_ALL: 'C', ...(SSH_AUTH_SOCK && { SSH_AUTH_SOCK }) }
      const { exitCode, stderr } = await runProgram(['ssh', ...options(settings), words], env, signal)
      const why = exitCode === 0 ? undefined : failure(exitCode, stderr)
      if (why !== undefined) throw new PacelineError(why, `${name}: ${lastLine(stderr)}`)
    },
    observe: (signal) => probePort(settings, signal),
  }
}

function options(settings: SshSettings): string[] {
  const { host, port, user, identityFile, knownHostsFile, hostKeys, timeoutSeconds } = settings
  const set = [
    'BatchMode=yes',
    `ConnectTimeout=${Math.max(1, Math.floor(timeoutSeconds))}`,
    `StrictHostKeyChecking=${hostKeys === 'strict' ? 'yes' : 'accept-new'}`,
    ...(knownHostsFile ? [`UserKnownHostsFile=${knownHostsFile}`] : []),
    ...(identityFile ? ['IdentitiesOnly=yes', `IdentityFile=${identityFile}`] : []),
  ]
  return ['-T', '-p', `${port}`, ...set.flatMap((option) => ['-o', option]), '--', `${user}@${host}`]
}

/** Undefined where the connection broke because the node is going down, as it was told. */
function failure(exitCode: number | null, stderr: string) {
  if (exitCode !== sshFailed) return 'E_POWER_REFUSED'
  if (/closed by remote host/i.test(stderr) && !/kex_exchange|Permission denied/i.test(stderr))
    return undefined
  if (/Permission denied|Too many authentication failures|Load key/i.test(stderr)) return 'E_POWER_DENIED'
  return 'E_POWER_UNREACHABLE'
}

/** Warnings come first; the last line says why. */
const lastLine = (text: string) => firstLine(text.trim().split('\n').at(-1) ?? '')
