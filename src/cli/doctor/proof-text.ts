import {
  type MachineProof,
  type PlatformProof,
  type ProofRow,
  untried,
} from '../../platforms/proof-result.ts'

/** What was proved on this machine, for people: each platform with what works and what does not, in ffmpeg's own words. */
export function proofText(proof: MachineProof | null): string {
  if (!proof) {
    return 'What its hardware can do has not been proved with this ffmpeg: a node does so, and paceline doctor --prove.\n'
  }
  const head = `What its hardware can do, proved by doing it with ${proof.machine.ffmpeg.path}:\n`
  return [head, ...proof.platforms.map(platformText)].join('')
}

function platformText({ platform, capabilities, kept, rows }: PlatformProof): string {
  const works = capabilities ? 'works' : 'does not work'
  return [
    `\n${platform}: ${kept ? `is not offered: ${kept}` : works}${atOnceText(capabilities)}\n`,
    ...rows.map(rowText),
  ].join('')
}

function atOnceText(capabilities: PlatformProof['capabilities']): string {
  const { atOnce } = capabilities ?? {}
  if (atOnce === undefined) return ''
  return atOnce === 1 ? ', one lease at a time' : `, up to ${atOnce} leases at once`
}

function rowText({ what, why, framesPerSecond }: ProofRow): string {
  if (why === untried) return `    ?       ${what}: ${why}\n`
  const speed = framesPerSecond === undefined ? '' : `: ${Math.round(framesPerSecond)} pictures a second`
  const words = why?.split('\n').map((line) => `            ${line}\n`) ?? []
  return [`    ${why === null ? 'ok    ' : 'FAILED'}  ${what}${speed}\n`, ...words].join('')
}
