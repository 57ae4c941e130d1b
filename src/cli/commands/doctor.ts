import type { Command } from 'commander'

/** `paceline doctor`: checks this machine. */
export function addDoctor(_program: Command): void {}
