import type { Command } from 'commander'

interface PlanFlags {
  readonly json?: true
}

/** `paceline plan -- ARGS…`: how a command line is understood, and what would run. Needs no head. */
export function addPlan(program: Command): void {
  program
    .command('plan')
    .description("show how a transcoder's command line is understood, and what would run")
    .argument('<args...>', "the transcoder's arguments, after --")
    .option('--json', 'print JSON')
    .action(async (args: string[], flags: PlanFlags) => {
      process.exitCode = await printPlan(args, flags)
    })
}

async function printPlan(args: readonly string[], flags: PlanFlags): Promise<number> {
  const [{ explainJob }, { explanationText }] = await Promise.all([
    import('../plan/explain-job.ts'),
    import('../plan/explanation-text.ts'),
  ])
  const { explanation, exitCode } = await explainJob(args)
  process.stdout.write(flags.json ? `${JSON.stringify(explanation)}\n` : explanationText(explanation))
  return exitCode
}
