import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { orLocal } from './refusal.ts'
import { demandUnderstood } from './understood-options.ts'

const job = ['-codec:0', 'h264', '-ss', '30', '-i', '/a.mkv', '-map', '[1]', '-codec:0', 'libx264', 'out.ts']

/** Why a command stays local; undefined when it does not. */
function why(args: readonly string[]): string | undefined {
  return orLocal(() => demandUnderstood(parseCommand(args)))?.local
}

/** The job with something put in at a place. */
const withAt = (index: number, ...more: string[]) => [...job.slice(0, index), ...more, ...job.slice(index)]
const beforeInput = (...more: string[]) => withAt(0, ...more)
const beforeOutput = (...more: string[]) => withAt(6, ...more)

describe('a job whose options are all understood', () => {
  it.each([
    ['as it is', job],
    [
      'with the server’s globals',
      beforeInput('-y', '-nostats', '-loglevel', 'quiet', '-progressurl', 'http://x/'),
    ],
    ['with limits for probing', beforeInput('-analyzeduration', '20000000', '-probesize', '20000000')],
    ['with tags', beforeOutput('-metadata:s:0', 'language=eng', '-map_metadata', '-1')],
    ['with another decoder of FFmpeg’s own', ['-codec:0', 'mpeg2video', '-i', '/a.mkv', 'out.ts']],
  ])('may go to a node: %s', (_name, args) => {
    expect(why(args)).toBeUndefined()
  })
})

describe('a job with an option that is not understood', () => {
  it.each([
    ['one that FFmpeg does not know', beforeOutput('-warp', '9'), '-warp'],
    ['one of hardware', beforeInput('-hwaccel', 'vaapi'), '-hwaccel'],
    ['a global one', beforeInput('-threads', '2'), '-threads'],
    ['one of the input that belongs to the output', beforeInput('-map_metadata', '-1'), '-map_metadata'],
    ['a rate of the input', beforeInput('-r', '25'), '-r'],
    ['a plain filter', beforeOutput('-vf', 'scale=1:2'), '-vf'],
    ['a length', beforeOutput('-t', '30'), '-t'],
    ['a subtitle codec', beforeOutput('-copyinkf'), '-copyinkf'],
    ['something behind the output', [...job, '-crf', '3'], '-crf stands after the last file'],
    ['a decoder of hardware', ['-codec:0', 'h264_cuvid', '-i', '/a.mkv', 'out.ts'], 'the decoder h264_cuvid'],
    ['an option without its value', [...job.slice(0, -1), '-crf'], '-crf'],
  ])('stays with the server: %s', (_name, args, words) => {
    expect(why(args)).toContain(words)
  })
})
