import { type Command, Option } from 'commander'
import { dataFolderOf } from '../data-folder.ts'
import type { CheckResult } from '../doctor/check.ts'
import { exitCodes } from '../exit-codes.ts'

interface DoctorFlags {
  readonly data?: string
  readonly ffmpeg: string
  readonly json?: true
}

/** `paceline doctor`: checks this machine, with a remedy for each thing that is not as it should be. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check this machine: programs, folders, the head and its nodes')
    .addOption(new Option('--ffmpeg <path>', 'ffmpeg to check').default('ffmpeg').env('PACELINE_FFMPEG'))
    .option('--json', 'print JSON')
    .action(async (_flags: DoctorFlags, command: Command) => {
      process.exitCode = await examine(command.optsWithGlobals<DoctorFlags>())
    })
}

async function examine(flags: DoctorFlags): Promise<number> {
  const [{ carryOutChecks }, { allChecks }] = await Promise.all([
    import('../doctor/check.ts'),
    import('../doctor/all-checks.ts'),
  ])
  const checks = await carryOutChecks(
    allChecks({ dataFolder: dataFolderOf(flags.data), ffmpeg: flags.ffmpeg }),
    (result, number) => void (flags.json || process.stdout.write(resultText(result, number))),
  )
  const failed = checks.filter(({ ok }) => !ok).length
  process.stdout.write(flags.json ? `${JSON.stringify({ checks })}\n` : summaryText(failed, checks.length))
  return failed === 0 ? exitCodes.ok : exitCodes.badMachine
}

function resultText({ name, ok, found, remedy }: CheckResult, number: number): string {
  const line = `${String(number).padStart(2)}  ${ok ? 'ok    ' : 'FAILED'}  ${name}: ${found}\n`
  return remedy === null ? line : `${line}            ${remedy}\n`
}

function summaryText(failed: number, total: number): string {
  if (failed === 0) return `\nAll ${total} checks are well.\n`
  return `\n${failed} of ${total} checks failed.\n`
}
