import { describe, expect, it } from 'vitest'
import type { BurntBitmaps, BurntText, PictureOperation, Plan } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { argumentFault } from './allowed.ts'
import type { LeaseRange } from './platform.ts'
import { software } from './software.ts'
import { optionValue } from './testing/option-value.ts'
import { burntTextOf, textLease } from './text-lease.ts'

const late: LeaseRange = { from: 40, to: 43, open: false, failures: 0 }

function doing(...operations: readonly PictureOperation[]): Plan {
  return { ...samplePlan, video: { ...samplePlan.video, operations } }
}

function argsOf(plan: Plan, range = late): readonly string[] {
  const compiled = software.compileVideo(plan, range)
  if ('out' in compiled) throw new Error(compiled.out)
  expect(argumentFault(compiled.args)).toBeUndefined()
  return compiled.args
}

const text: BurntText = {
  ...{ kind: 'burn-text', source: { input: 0, stream: 2 }, alone: false },
  style: [
    ['FontName', 'Noto Sans Medium'],
    ['PrimaryColour', '&H00FFFFFF'],
  ],
  fonts: ['/fonts/NotoSans-Medium.otf'],
}
const bitmaps: BurntBitmaps = { kind: 'burn-bitmaps', source: { input: 0, stream: 4 }, pacedBy: 1 }
const format: PictureOperation = { kind: 'format', pixelFormats: ['yuv420p'] }

describe('text that is burnt in', () => {
  it('is drawn from a file of the agent, with its style and fonts', () => {
    expect(optionValue(argsOf(doing(text, format)), '-vf')).toBe(
      "fps=25/1,trim=start_pts=2000,trim=end_frame=150,subtitles=f={text}:fontsdir={fonts}:force_style='FontName=Noto Sans Medium,PrimaryColour=&H00FFFFFF',format=pix_fmts=yuv420p",
    )
  })

  it('has its own styles where the server asks for none', () => {
    const plain = { ...text, style: [], fonts: [] }
    expect(optionValue(argsOf(doing(plain)), '-vf')).toMatch(/,subtitles=f=\{text\}$/)
  })

  it('is found in a plan that has some', () => {
    expect(burntTextOf(doing(format, text))).toBe(text)
    expect(burntTextOf(samplePlan)).toBeNull()
  })
})

describe('a lease that reads text', () => {
  const asAss = { source: text.source, alone: false, format: 'ass', codec: 'ass', byTime: false } as const
  const stretch = { from: 80, to: 86 }
  const own = { ...asAss, alone: true, source: { input: 1, stream: 0 } }
  const withFile: Plan = {
    ...samplePlan,
    inputs: [...samplePlan.inputs, { path: '/a.srt', seekMarginSeconds: 0.25 }],
  }

  it('reads the film from shortly before to shortly after, as its pictures tell', () => {
    const args = textLease(doing(text), asAss, stretch)
    expect(optionValue(args, '-ss')).toBe('78.000000')
    expect(optionValue(args, '-bsf:v')).toBe('noise=drop=lt(dts*tb\\,88.000000)')
    expect(optionValue(args, '-frames:v')).toBe('2')
    expect(args.filter((_, index) => args[index - 1] === '-map')).toEqual(['0:0', '0:2'])
    expect(args.at(-1)).toBe('[select=s:f=ass]{output}/0|[select=v:f=null]-')
  })

  it('begins well before where seeks land late, and at the beginning for an early stretch', () => {
    const blind = { ...samplePlan, inputs: [{ path: '/a.ts', seekMarginSeconds: 12 }] }
    expect(optionValue(textLease(blind, asAss, stretch), '-ss')).toBe('68.000000')
    expect(textLease(samplePlan, asAss, { from: 1.5, to: 3 })).not.toContain('-ss')
  })

  it('reads a file of text alone to its end', () => {
    const args = textLease(withFile, own, { from: 80, to: Number.POSITIVE_INFINITY })
    expect(args).not.toContain('-ss')
    expect(args.slice(-3)).toEqual(['-f', 'ass', '{output}/0'])
    expect(args).toContain('{input:1}')
  })

  it('reads to the end of the film where no end is named', () => {
    const args = textLease(samplePlan, asAss, { from: 80, to: Number.POSITIVE_INFINITY })
    expect(optionValue(args, '-ss')).toBe('78.000000')
    expect(args).not.toContain('-frames:v')
    expect(args.slice(-3)).toEqual(['-f', 'ass', '{output}/0'])
    expect(argumentFault(args)).toBeUndefined()
  })

  it('takes text as it is where it is of the wanted kind', () => {
    const args = textLease(samplePlan, { ...asAss, format: 'srt', codec: 'copy' }, stretch)
    expect(optionValue(args, '-c:s')).toBe('copy')
    expect(args.at(-1)).toBe('[select=s:f=srt]{output}/0|[select=v:f=null]-')
  })

  it('puts cues of ASS in the order of their times where that is wanted', () => {
    const args = textLease(samplePlan, { ...asAss, byTime: true }, stretch)
    expect(args.at(-1)).toBe('[select=s:f=ass:ignore_readorder=1]{output}/0|[select=v:f=null]-')
    const alone = textLease(withFile, { ...own, byTime: true }, stretch)
    expect(optionValue(alone, '-ignore_readorder')).toBe('1')
    expect(textLease(withFile, { ...own, format: 'srt', byTime: true }, stretch)).not.toContain(
      '-ignore_readorder',
    )
  })

  it('asks for nothing that is not on the list, whatever it reads', () => {
    for (const format of ['ass', 'srt', 'webvtt'] as const) {
      for (const byTime of [true, false]) {
        const wanted = { format, codec: format, byTime }
        expect(argumentFault(textLease(samplePlan, { ...asAss, ...wanted }, stretch))).toBeUndefined()
        expect(argumentFault(textLease(withFile, { ...own, ...wanted }, stretch))).toBeUndefined()
      }
    }
  })

  it.each([
    ['another place', '{output}/0|', '/tmp/x|'],
    ['another muxer', 'select=s:f=ass', 'select=s:f=hls'],
    ['another filter of packets', 'noise=drop=', 'noise=amount='],
    ['another encoder', 'ass', 'dvdsub'],
  ])('has no %s', (_what, from, to) => {
    const args = textLease(samplePlan, asAss, stretch).map((argument) => argument.replace(from, to))
    expect(argumentFault(args)).toMatch(/not on the list|the last argument/)
  })

  it('is not for text of another film', () => {
    const other = { ...asAss, source: { input: 1, stream: 2 } }
    expect(() => textLease(withFile, other, stretch)).toThrow(RangeError)
  })
})

describe('bitmaps that are laid over the picture', () => {
  it('come from the film opened again and begun earlier', () => {
    const args = argsOf(doing(bitmaps, format))
    const seeks = args.filter((_, index) => args[index - 1] === '-ss')
    expect(seeks).toEqual(['79.750000', '50.000000'])
    expect(args.filter((argument) => argument === '{input:0}')).toHaveLength(2)
  })

  it('lie between the operations before and after them', () => {
    const scale: PictureOperation = { kind: 'scale', width: '1280', height: '720' }
    const sized = { ...bitmaps, size: { width: '1280', height: '720' }, x: '10', y: '20' }
    expect(optionValue(argsOf(doing(scale, sized, format)), '-filter_complex')).toBe(
      '[0:0]fps=25/1,trim=start_pts=2000,trim=end_frame=150,scale=w=1280:h=720,settb=1/1000000[film];' +
        '[1:4]scale=w=1280:h=720[words];' +
        '[film][words]overlay=x=10:y=20:eof_action=pass,settb=1/25,format=pix_fmts=yuv420p[out]',
    )
  })

  it('are told the time by a stream that goes nowhere, as far as the lease', () => {
    const args = argsOf(doing(bitmaps)).join(' ')
    expect(args).toContain('-map 1:1 -c copy -t 91.000000 -f null - -filter_complex')
    expect(argsOf(doing(bitmaps), { ...late, open: true })).not.toContain('-t')
    expect(argsOf(doing({ ...bitmaps, pacedBy: null }))).not.toContain('-c')
  })
})

describe('other operations', () => {
  it.each<[PictureOperation, string]>([
    [{ kind: 'format', pixelFormats: ['p010'] }, 'format=pix_fmts=yuv420p10le'],
    [{ kind: 'crop', width: '1920', height: '800', y: '140' }, 'crop=w=1920:h=800:y=140'],
    [{ kind: 'pad', width: '1280', height: '720', color: 'black' }, 'pad=w=1280:h=720:color=black'],
    [{ kind: 'aspect', of: 'dar', ratio: '16/9' }, 'setdar=16/9'],
    [{ kind: 'turn', how: 'half' }, 'hflip,vflip'],
    [
      { kind: 'tone-map', curve: 'mobius', transfer: 'hlg' },
      'setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc,zscale=t=linear:npl=203,' +
        'format=gbrpf32le,tonemap=tonemap=mobius:desat=0:peak=4.926,zscale=p=bt709:t=bt709:m=gbr:r=pc,' +
        'format=gbrp16le,zscale=m=bt709:r=tv,format=yuv420p',
    ],
  ])('%j stands behind the grid', (operation, filter) => {
    expect(optionValue(argsOf(doing(operation)), '-vf')).toBe(
      `fps=25/1,trim=start_pts=2000,trim=end_frame=150,${filter}`,
    )
  })

  it('on fields come before the grid, where the frames beside are still there', () => {
    const fields: PictureOperation = {
      ...{ kind: 'deinterlace', method: 'bwdif', fieldRate: true, markedOnly: true, parity: 'tff' },
    }
    expect(optionValue(argsOf(doing(format, fields)), '-vf')).toMatch(
      /^bwdif=mode=send_field:parity=tff:deint=interlaced,fps=25\/1,/,
    )
  })

  it('that FFmpeg does not have are not offered', () => {
    const plan = doing({ kind: 'tone-map', curve: 'bt2390', transfer: 'pq' })
    expect(software.compileVideo(plan, late)).toEqual({ out: expect.stringContaining('BT.2390') })
  })
})

describe('the list of what a node may be asked for', () => {
  const spoiled = (from: string, to: string) =>
    argumentFault(argsOf(doing(text, format)).map((argument) => argument.replace(from, to)))

  it.each([
    ['text from elsewhere', '{text}', '/etc/passwd'],
    ['fonts from elsewhere', '{fonts}', '/etc'],
    ['a style with more in it', 'FontName=', 'x\\:f=/etc/passwd,FontName='],
    ['another argument', 'fontsdir=', 'charenc='],
  ])('has no %s', (_what, from, to) => {
    expect(spoiled(from, to)).toMatch(/not on the list/)
  })

  it('has no filter that reads files in a graph, and no other output', () => {
    const args = argsOf(doing(bitmaps))
    const fault = (from: string, to: string) => argumentFault(args.map((one) => one.replace(from, to)))
    expect(fault('[1:4]null', 'movie=/etc/passwd')).toMatch(/not on the list/)
    expect(argumentFault(args.with(args.indexOf('-'), '/tmp/x'))).toBeDefined()
  })
})
