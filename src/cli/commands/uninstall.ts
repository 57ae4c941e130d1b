import { Argument, type Command } from 'commander'
import { readInstallations } from '../../install/installations.ts'
import { isObserveOnly } from '../../install/observe-switch.ts'
import type { UninstallReport } from '../../install/uninstall-plex.ts'
import { dataFolderOf } from '../data-folder.ts'
import { switchObserving } from '../switch-observing.ts'
import { whereOf } from './install.ts'

interface UninstallFlags {
  readonly data?: string
  readonly folder?: string
  readonly root?: string
  readonly json?: true
}

/** `paceline uninstall plex`: gives the media server its own transcoder back. */
export function addUninstall(program: Command): void {
  program
    .command('uninstall')
    .description('give a media server its own transcoder back')
    .addArgument(new Argument('<server>', 'which media server').choices(['plex']))
    .option('--folder <folder>', "the transcoder's folder")
    .option('--root <folder>', 'root folder of the container that the media server runs in')
    .option('--json', 'print JSON')
    .action(async (_server: string, _flags: UninstallFlags, command: Command) => {
      const flags = command.optsWithGlobals<UninstallFlags>()
      const { uninstallPlex } = await import('../../install/uninstall-plex.ts')
      const dataFolder = dataFolderOf(flags.data)
      const done = await uninstallPlex(whereOf(flags), dataFolder, () => undefined)
      // Nothing asks the head any more; the next installation says itself what it wants.
      if ((await readInstallations(dataFolder)).length === 0 && (await isObserveOnly(dataFolder)))
        await switchObserving(dataFolder, false)
      process.stdout.write(
        flags.json ? `${JSON.stringify({ undone: done })}\n` : done.map(uninstalledText).join(''),
      )
    })
}

function uninstalledText({ transcoder, before }: UninstallReport): string {
  if (before === 'absent') return `Nothing had to be undone: ${transcoder} is the media server's own.\n`
  if (before === 'original-gone' || before === 'no-transcoder')
    return `Nothing is left of it: ${transcoder}\n`
  return `The media server has its own transcoder back: ${transcoder}\n`
}
