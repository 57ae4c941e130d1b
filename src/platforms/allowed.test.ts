import { describe, expect, it } from 'vitest'
import type { Plan, VideoEncoder } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { argumentFault } from './allowed.ts'
import { pacelineToneMap as platform } from './paceline-tone-map.ts'
import type { LeaseRange } from './platform.ts'

const middle: LeaseRange = { from: 2, to: 5, open: false, failures: 0 }

function argsOf(change: Partial<Plan> = {}, range: Partial<LeaseRange> = {}, part = 'video'): string[] {
  const plan = { ...samplePlan, ...change }
  const whole = { ...middle, ...range }
  const compiled = part === 'video' ? platform.compileVideo(plan, whole) : platform.compileAudio(plan, whole)
  if ('out' in compiled) throw new Error(compiled.out)
  return [...compiled.args]
}

/** The arguments of a lease with these put in before the one at `place`. */
function injected(place: string, ...words: readonly string[]): string[] {
  const args = argsOf()
  args.splice(args.indexOf(place), 0, ...words)
  return args
}

/** With another value of one option. */
function changed(option: string, value: string, args = argsOf()): string[] {
  expect(args).toContain(option)
  return args.with(args.indexOf(option) + 1, value)
}

describe('what the platforms compile', () => {
  it.each<[string, Partial<LeaseRange>]>([
    ['in the middle', {}],
    ['at the start', { from: 0 }],
    ['to the end', { open: true }],
    ['of one segment', { to: 3 }],
    ['after failures', { failures: 3 }],
  ])('is allowed for a lease %s, pictures and sound', (_what, range) => {
    expect(argumentFault(argsOf({}, range))).toBeUndefined()
    expect(argumentFault(argsOf({}, range, 'audio'))).toBeUndefined()
  })

  it('is allowed for DASH, where sound tells how long its last frame is', () => {
    const packaging = { kind: 'dash' as const }
    for (const from of [0, 2]) expect(argumentFault(argsOf({ packaging }, { from }, 'audio'))).toBeUndefined()
    expect(argumentFault(argsOf({ packaging }))).toBeUndefined()
    const args = argsOf({ packaging }, {}, 'audio')
    for (const value of [
      'setts=dts=PTS',
      'noise=drop=1,setts=ts=0',
      'setts=dts=min(PTS\\,PTS+DURATION-1920),noise',
    ])
      expect(argumentFault(changed('-bsf:a', value, args))).toContain('is not on the list')
  })

  it('is allowed with every encoder and all that a plan may tell it', () => {
    const encoder: VideoEncoder = {
      ...{ codec: 'hevc', crf: '21', bitrate: '2M', maxrate: '3419k', bufsize: '6838k', preset: 'veryfast' },
      ...{ tune: 'film', profile: 'main', level: '4.1' },
      tuning: [
        ['rc_lookahead', '10'],
        ['no_chroma_me', null],
        ['partitions', 'none'],
      ],
    }
    const video = { ...samplePlan.video, encoder, language: 'eng', shiftSeconds: 0.04 }
    expect(argumentFault(argsOf({ video }))).toBeUndefined()
    const h264 = { ...video, encoder: { ...encoder, codec: 'h264' as const } }
    expect(argumentFault(argsOf({ video: h264 }))).toBeUndefined()
    for (const codec of ['aac', 'ac3', 'eac3', 'mp3', 'opus'] as const) {
      const audio = { ...samplePlan.audio!, encoder: { codec, rate: 48_000, bitrate: '119k', channels: '2' } }
      expect(argumentFault(argsOf({ audio }, {}, 'audio'))).toBeUndefined()
    }
  })
})

describe('what is not on the list', () => {
  it.each([
    ['a second input', ['-i', '/etc/passwd']],
    ['an input of a playlist', ['-i', 'concat:/etc/passwd|/etc/shadow']],
    ['an input from the network', ['-i', 'http://192.168.1.1/reboot']],
    ['a placeholder with more in it', ['-i', '{input:0}|/etc/passwd']],
    ['another format of input', ['-f', 'lavfi']],
    ['a script of filters', ['-filter_complex_script', '/etc/passwd']],
    ['a graph of filters of its own', ['-filter_complex', 'movie=/etc/passwd']],
    ['a wider list of protocols', ['-protocol_whitelist', 'file,http,tcp,subfile']],
    ['a header for a server', ['-headers', 'X-Evil: 1\r\n']],
    ['a user agent', ['-user_agent', 'a" -i /etc/passwd "']],
    ['a file to attach', ['-attach', '/etc/passwd']],
    ['a file for passes', ['-passlogfile', '/tmp/x']],
    ['a file of presets', ['-fpre', '/etc/passwd']],
    ['a report of all that is said', ['-report']],
    ['leave to overwrite', ['-y']],
    ['a dump of attachments', ['-dump_attachment:t', '/tmp/x']],
    ['a device', ['-init_hw_device', 'opencl=x']],
    ['its own progress', ['-progress', 'http://10.0.0.1/']],
    ['statistics in a file', ['-vstats_file', '/tmp/x']],
    ['a key of encryption', ['-hls_key_info_file', '/etc/passwd']],
    ['an option that only looks like one', ['-V', 'error']],
    ['a word that is no option', ['/tmp/out.ts']],
    ['an empty word', ['']],
  ])('%s is refused, wherever it stands', (_what, words) => {
    for (const place of ['-hide_banner', '-start_at_zero', '-f', '{output}/%d']) {
      expect(argumentFault(injected(place, ...words)), place).toMatch(/not on the list|last argument/)
    }
  })

  it.each([
    ['-vf', 'movie=/etc/passwd[a];[a]scale=1:1'],
    ['-vf', 'scale=w=640:h=360,subtitles=/etc/passwd'],
    ['-vf', 'drawtext=textfile=/etc/passwd'],
    ['-vf', 'sendcmd=f=/tmp/x'],
    ['-vf', 'metadata=print:file=/tmp/x'],
    ['-vf', 'scale=w=640:h=360;scale=w=1:h=1'],
    ['-vf', 'scale=w=640:h=360['],
    ['-vf', ''],
    ['-c:v', 'mpeg4'],
    ['-c:v', 'libx264 -f tee'],
    ['-preset', 'veryfast/../../x'],
    ['-x264opts', 'subme=2:stats=/tmp/x'],
    ['-x264opts', 'subme=2:qpfile=x'],
    ['-x264opts', 'subme=2::'],
    ['-f', 'hls'],
    ['-segment_format', 'matroska'],
    ['-segment_format_options', 'output_ts_offset=10:protocol_whitelist=file'],
    ['-force_key_frames', 'source'],
    ['-force_key_frames', 'expr:gte(t,1)'],
    ['-map', '0'],
    ['-map', '[a]'],
    ['-ss', '1e9'],
    ['-ss', 'NaN'],
    ['-segment_start_number', '-i'],
    ['-progress', 'pipe:1'],
  ])('%s may not be %s', (option, value) => {
    expect(argumentFault(changed(option, value))).toContain(`${option} `)
  })

  it('sound may not be changed by anything but what is named', () => {
    const sound = argsOf({}, {}, 'audio')
    expect(argumentFault(changed('-bsf:a', 'noise=drop=1,dump_extra', sound))).toContain('-bsf:a')
    expect(argumentFault(changed('-af', 'ladspa=file=/tmp/x.so', sound))).toContain('-af')
  })

  it.each([
    ['nothing', []],
    ['an option without its value', argsOf().slice(0, -2)],
    ['another output', argsOf().with(-1, '/tmp/%d')],
    ['an output elsewhere', argsOf().with(-1, 'http://10.0.0.1/%d')],
    ['an output under another name', argsOf().with(-1, '{output}/../%d')],
    ['a muxer of text with segments', changed('-f', 'tee')],
    ['two outputs', [...argsOf(), '{output}/%d']],
    ['an option after the output', [...argsOf(), '-y']],
  ])('%s is no command', (_what, args) => {
    expect(argumentFault(args)).toBeDefined()
  })

  it('is told in a line of bounded length, without what it might do to a log', () => {
    const fault = argumentFault(injected('-f', `-x\n${'a'.repeat(500)}`))!
    expect(fault.length).toBeLessThan(120)
    expect(fault).not.toContain('\n')
  })
})
