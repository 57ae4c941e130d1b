import { dirname, join, resolve } from 'node:path'
import { Argument, type Command } from 'commander'
import { PacelineError } from '../../errors.ts'
import type { InstallReport } from '../../install/install-plex.ts'
import { isObserveOnly } from '../../install/observe-switch.ts'
import { dataFolderOf } from '../data-folder.ts'
import { shimPaths } from '../shim-path.ts'
import { switchObserving } from '../switch-observing.ts'

interface InstallFlags {
  readonly data?: string
  readonly folder?: string
  readonly root?: string
  readonly socket?: string
  readonly shim?: string
  readonly observe?: true
  readonly json?: true
}

/** The longest path of a socket that Linux takes (unix(7)). */
const longestSocketBytes = 107

/** `paceline install plex`: puts the shim in the place of the media server's transcoder. */
export function addInstall(program: Command): void {
  program
    .command('install')
    .description("put the shim in the place of a media server's transcoder")
    .addArgument(new Argument('<server>', 'which media server').choices(['plex']))
    .option('--folder <folder>', "the transcoder's folder")
    .option('--root <folder>', 'root folder of the container that the media server runs in')
    .option('--socket <path>', "the head's socket as the media server sees it")
    .option('--shim <path>', 'this shim instead of those that were built here')
    .option('--observe', 'only observe: every job runs as before, and is written down')
    .option('--json', 'print JSON')
    .action(async (_server: string, _flags: InstallFlags, command: Command) =>
      install(command.optsWithGlobals<InstallFlags>()),
    )
}

async function install(flags: InstallFlags): Promise<void> {
  const { installPlex } = await import('../../install/install-plex.ts')
  const { readShims } = await import('../../install/shims.ts')
  const dataFolder = dataFolderOf(flags.data)
  const usualSocket = checkedSocket(join(dataFolder, 'door', 'head.sock'))
  const socket = flags.socket === undefined ? null : checkedSocket(flags.socket)
  const where = whereOf(flags)
  const shims = await readShims(flags.shim === undefined ? shimPaths() : [resolve(flags.shim)])
  const observe = flags.observe ?? false
  const order = { dataFolder, socket, usualSocket, shims, onStep: () => undefined }
  const [report, headRuns] = await withSwitch(dataFolder, observe, () => installPlex(where, order))
  const mount = flags.root !== undefined && socket === null ? mountNote(report.socket) : null
  const notes = mount === null ? report.notes : [...report.notes, mount]
  const all = { ...report, notes, observe, headRuns }
  process.stdout.write(flags.json ? `${JSON.stringify(all)}\n` : installedText(all))
}

/** Before the first job comes, the head only observes; and where installing fails, the switch stands as it did. */
async function withSwitch(
  dataFolder: string,
  observe: boolean,
  install: () => Promise<InstallReport>,
): Promise<[InstallReport, boolean]> {
  if (!observe) return [await install(), await switchObserving(dataFolder, false)]
  const before = await isObserveOnly(dataFolder)
  const headRuns = await switchObserving(dataFolder, true)
  try {
    return [await install(), headRuns]
  } catch (error) {
    await switchObserving(dataFolder, before)
    throw error
  }
}

/** `--folder` or `--root`, not both: E_USAGE. */
export function whereOf({ folder, root }: Pick<InstallFlags, 'folder' | 'root'>): {
  folder?: string
  root?: string
} {
  if (folder !== undefined && root !== undefined)
    throw new PacelineError('E_USAGE', '--folder and --root name two places', { hint: 'Name one of them.' })
  return { ...(folder !== undefined && { folder }), ...(root !== undefined && { root }) }
}

const mountNote = (socket: string): string =>
  `Mount ${dirname(socket)} into the container at the same path, or say with --socket where it is there.`

/** E_DOOR_PATH for what no shim could reach. */
function checkedSocket(path: string): string {
  if (path.startsWith('/') && Buffer.byteLength(path) <= longestSocketBytes && !/[\r\n]/.test(path))
    return path
  throw new PacelineError('E_DOOR_PATH', path, {
    hint: `A socket's path is absolute and has at most ${longestSocketBytes} bytes: choose a shorter --data folder.`,
  })
}

interface InstalledReport extends InstallReport {
  readonly observe: boolean
  readonly headRuns: boolean
}

const beforeWords: Partial<Record<InstallReport['before'], string>> = {
  installed: 'The shim was in place already.',
  replaced: 'An update had replaced the shim; the new transcoder is the original now.',
  interrupted: 'An installation that was interrupted has been finished.',
}

function installedText(report: InstalledReport): string {
  const { transcoder, original, socket, divertedFrom, startUpScript, observe, headRuns, notes } = report
  const head = headRuns ? '' : ' No head runs there yet: until one does, everything stays as it was.'
  const lines = [
    beforeWords[report.before],
    `The shim is in place: ${transcoder}`,
    `The original is kept: ${original}`,
    divertedFrom === null ? undefined : `Updates of the package ${divertedFrom} go there by themselves.`,
    startUpScript === null ? undefined : `Put back at each start of the container by ${startUpScript}`,
    `The shim asks the head at ${socket}.${head}`,
    observe
      ? 'Only observing: every job runs as before. paceline observed shows what would be done.'
      : undefined,
    ...notes,
  ]
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`
}
