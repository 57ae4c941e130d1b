import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockFamily, blockFont } from './block-font.ts'
import { whitePatch } from './white-patch.ts'

/** As where no font is installed. */
const noFonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/nonexistent</dir></fontconfig>`

const letter = whitePatch.replace(/\{\\\\p1\}.*/, 'A').replace(/Dialogue: (.*),,\{.*$/m, 'Dialogue: $1,,A')

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-block-font-'))
  mkdirSync(join(folder, 'fonts'))
  mkdirSync(join(folder, 'none'))
  writeFileSync(join(folder, 'fonts', 'block.ttf'), blockFont())
  writeFileSync(join(folder, 'fonts.conf'), noFonts)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Samples of a grey picture that text has made white, on a machine without fonts. */
function white(text: string, fonts: string): number {
  writeFileSync(join(folder, 'text.ass'), text)
  const filter = `subtitles=f=${join(folder, 'text.ass')}:fontsdir=${join(folder, fonts)}`
  const source = ['-f', 'lavfi', '-i', 'color=gray:size=320x180:rate=25:duration=0.04']
  const env = { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf') }
  const args = ['-v', 'error', ...source, '-vf', filter, '-f', 'rawvideo', '-pix_fmt', 'gray', '-']
  return execFileSync('ffmpeg', args, { env }).filter((sample) => sample > 240).length
}

describe('the font of the proofs', () => {
  it('lets a shape be drawn where there is no font', () => {
    expect(white(whitePatch, 'none')).toBe(0)
    expect(white(whitePatch, 'fonts')).toBeGreaterThan((320 * 180) / 17)
  })

  it('has a letter, a block', () => {
    expect(letter).toContain(',,A')
    expect(white(letter, 'none')).toBe(0)
    expect(white(letter, 'fonts')).toBeGreaterThan(5)
  })

  it('is of the family that the text asks for, and next to nothing', () => {
    expect(whitePatch).toContain(`Style: Default,${blockFamily},`)
    expect(blockFont().length).toBeLessThan(500)
    expect(blockFont().includes(Buffer.from(blockFamily, 'utf16le').swap16())).toBe(true)
  })
})
