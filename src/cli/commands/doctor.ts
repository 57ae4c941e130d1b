import { type Command, Option } from 'commander'
import type { MachineProof } from '../../platforms/proof-result.ts'
import { dataFolderOf } from '../data-folder.ts'
import type { CheckResult } from '../doctor/check.ts'
import { exitCodes } from '../exit-codes.ts'
import { usualFfmpeg } from '../usual-ffmpeg.ts'

interface DoctorFlags {
  readonly data?: string
  readonly ffmpeg: string
  readonly prove?: true
  readonly json?: true
}

/** `paceline doctor`: checks this machine, with a remedy for each thing that is not as it should be. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check this machine: programs, folders, the head and its nodes')
    .addOption(new Option('--ffmpeg <path>', 'ffmpeg to check').default('ffmpeg').env('PACELINE_FFMPEG'))
    .option('--prove', 'prove anew what its hardware can do, which takes up to a minute')
    .option('--json', 'print JSON')
    .action(async (_flags: DoctorFlags, command: Command) => {
      process.exitCode = await examine(command.optsWithGlobals<DoctorFlags>())
    })
}

async function examine(flags: DoctorFlags): Promise<number> {
  const [{ carryOutChecks }, { allChecks }, { proofText }] = await Promise.all([
    import('../doctor/check.ts'),
    import('../doctor/all-checks.ts'),
    import('../doctor/proof-text.ts'),
  ])
  const checks = await carryOutChecks(
    allChecks({ dataFolder: dataFolderOf(flags.data), ffmpeg: flags.ffmpeg }),
    (result, number) => void (flags.json || process.stdout.write(resultText(result, number))),
  )
  const failed = checks.filter(({ ok }) => !ok).length
  const proof = await proofOf(flags)
  const texts = [summaryText(failed, checks.length), proofText(proof)]
  process.stdout.write(flags.json ? `${JSON.stringify({ checks, proof })}\n` : texts.join('\n'))
  return failed === 0 ? exitCodes.ok : exitCodes.badMachine
}

/** Null where nothing is known, as with an ffmpeg that cannot be run: the checks say so. */
async function proofOf({ ffmpeg, prove }: DoctorFlags): Promise<MachineProof | null> {
  const { lookUpProof } = await import('../../node/proof/look-up.ts')
  // Nodes prefer the ffmpeg with our filters.
  const looked = lookUpProof(ffmpeg === 'ffmpeg' ? usualFfmpeg() : ffmpeg, prove ?? false)
  // Whoever asked for it shall hear why there is none.
  return prove ? looked : looked.catch(() => null)
}

function resultText({ name, ok, found, remedy }: CheckResult, number: number): string {
  const line = `${String(number).padStart(2)}  ${ok ? 'ok    ' : 'FAILED'}  ${name}: ${found}\n`
  return remedy === null ? line : `${line}            ${remedy}\n`
}

function summaryText(failed: number, total: number): string {
  if (failed === 0) return `\nAll ${total} checks are well.\n`
  return `\n${failed} of ${total} checks failed.\n`
}
