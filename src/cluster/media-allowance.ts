const mebibyte = 1024 * 1024

/**
 * Counts the bytes of media that go to one lease, and says false from where no honest lease comes: it reads its inputs
 * once, or a part of them, and their indexes again. A file that sends ffmpeg to and fro for ever, or a node that copies
 * what it may read, ends there. The head allows as much as the agent, and a little more for what was asked twice.
 */
export function mediaAllowance(
  inputs: readonly { readonly size: number }[],
  side: 'agent' | 'head' = 'agent',
): (bytes: number) => boolean {
  const once = inputs.reduce((sum, { size }) => sum + size, 0)
  let left = side === 'agent' ? 3 * once + 256 * mebibyte : 4 * once + 512 * mebibyte
  return (bytes) => {
    left -= bytes
    return left >= 0
  }
}
