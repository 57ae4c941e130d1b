import type { Command } from 'commander'

/** `paceline plan -- ARGS…` */
export function addPlan(_program: Command): void {}
