import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { demandDecoders } from './decoders.ts'
import { orLocal } from './refusal.ts'
import { demandUnderstood } from './understood-options.ts'

const job = ['-codec:0', 'h264', '-ss', '30', '-i', '/a.mkv', '-map', '[1]', '-codec:0', 'libx264', 'out.ts']

/** Why a command stays local; undefined when it does not. */
function why(args: readonly string[]): string | undefined {
  return orLocal(() => {
    const command = parseCommand(args)
    demandUnderstood(command)
    demandDecoders(command)
  })?.local
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
    ['with a decoder of the server’s chip', ['-codec:0', 'hevc_cuvid', '-i', '/a.mkv', 'out.ts']],
    ['with a decoder of EasyAudioEncoder', ['-codec:0', 'truehd_eae', '-i', '/a.mkv', 'out.ts']],
    ['with hardware that decodes', beforeInput('-hwaccel:0', 'vaapi', '-hwaccel_output_format:0', 'vaapi')],
    ['with devices', beforeInput('-init_hw_device', 'vaapi=vaapi:', '-filter_hw_device', 'vaapi')],
    ['with parameter sets in a header', beforeOutput('-flags', '+global_header')],
    ['with another decoder of FFmpeg’s own', ['-codec:0', 'mpeg2video', '-i', '/a.mkv', 'out.ts']],
  ])('may go to a node: %s', (_name, args) => {
    expect(why(args)).toBeUndefined()
  })
})

describe('a job with an option that is not understood', () => {
  it.each([
    ['one that FFmpeg does not know', beforeOutput('-warp', '9'), '-warp'],
    ['flags that are not known', beforeOutput('-flags', '+low_delay'), '-flags +low_delay'],
    ['tags that are taken over', beforeOutput('-map_metadata', '0'), '-map_metadata 0'],
    ['another way to write', beforeOutput('-fflags', '+bitexact'), '-fflags +bitexact'],
    ['a skip of the decoder', beforeInput('-skip_frame', 'noref'), '-skip_frame'],
    ['one of the input that belongs to the output', beforeInput('-map_metadata', '-1'), '-map_metadata'],
    ['a rate of the input', beforeInput('-r', '25'), '-r'],
    ['a length', beforeOutput('-t', '30'), '-t'],
    ['a subtitle codec', beforeOutput('-copyinkf'), '-copyinkf'],
    ['something behind the output', [...job, '-crf', '3'], '-crf stands after the last file'],
    [
      'a decoder that nobody knows',
      ['-codec:0', 'h264_warp', '-i', '/a.mkv', 'out.ts'],
      'the decoder h264_warp',
    ],
    ['an option without its value', [...job.slice(0, -1), '-crf'], '-crf'],
  ])('stays with the server: %s', (_name, args, words) => {
    expect(why(args)).toContain(words)
  })
})
