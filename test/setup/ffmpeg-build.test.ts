import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addFilters, filterFiles, patchFor } from '../../scripts/build-ffmpeg/filters.js'
import { builtBefore, remember, sourceKey } from '../../scripts/build-ffmpeg/out.js'
import { sourceFolder } from '../../scripts/build-ffmpeg/plex-transcoder.js'
import { checkKernels, ptxIsa } from '../../scripts/build-ffmpeg/ptx.js'

const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** A copy of what a build reads, in which logs and caches may be written. */
let root: string
let tree: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-ffmpeg-build-'))
  for (const folder of ['native/tonemap', 'scripts/build-ffmpeg'])
    cpSync(join(project, folder), join(root, folder), { recursive: true })
  tree = join(root, 'tree')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(name: string, text: string | Buffer) {
  const file = join(tree, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

/** As much of FFmpeg as the patches look at, with lines before that move everything. */
function ffmpegLike(type: 'AVFilter' | 'FFFilter') {
  const before = '# other things\n'.repeat(40)
  write(
    'configure',
    `${before}tonemap_opencl_filter_deps="opencl const_nan"\ntranspose_opencl_filter_deps="opencl"\n`,
  )
  write(
    'libavfilter/Makefile',
    `${before}                                                opencl/tonemap.o opencl/colorspace_common.o
OBJS-$(CONFIG_TONEMAP_VAAPI_FILTER)          += vf_tonemap_vaapi.o vaapi_vpp.o\n`,
  )
  write(
    'libavfilter/allfilters.c',
    `extern const ${type} ff_vf_tonemap_opencl;\nextern const ${type} ff_vf_tonemap_vaapi;\n`,
  )
}

describe("Plex's source", () => {
  it.each(['.', 'PlexTranscoder', 'plex-ffmpeg-source', 'plex-ffmpeg-source/PlexTranscoder'])(
    'is found where it was unpacked: %s',
    (place) => {
      write(join(place, 'libavfilter', 'allfilters.c'), '')
      write('README.md', '')
      expect(sourceFolder(tree)).toBe(join(tree, place))
    },
  )

  it('is asked for in a sentence where there is none', () => {
    write('README.md', '')
    for (const folder of [tree, join(tree, 'README.md'), join(root, 'nowhere')])
      expect(() => sourceFolder(folder)).toThrow(`${folder} is no source of FFmpeg`)
  })
})

describe('the filters in a source of FFmpeg', () => {
  it.each(['AVFilter', 'FFFilter'] as const)('are added where filters are %s', async (type) => {
    ffmpegLike(type)
    await addFilters(root, tree)
    const declarations = readFileSync(join(tree, 'libavfilter', 'allfilters.c'), 'utf8')
    expect(declarations).toContain(`extern const ${type} ff_vf_tonemap_paceline;\n`)
    expect(declarations).toContain(`extern const ${type} ff_vf_tonemap_paceline_cuda;\n`)
    expect(readFileSync(join(tree, 'configure'), 'utf8')).toContain(
      'tonemap_paceline_cuda_filter_deps="ffnvcodec"\n',
    )
    expect(patchFor(tree)).toBe(type === 'AVFilter' ? 'ffmpeg-5.1.patch' : 'ffmpeg-8.patch')
  })

  it('are all there: each object that the Makefile asks for has its source', async () => {
    ffmpegLike('AVFilter')
    await addFilters(root, tree)
    const makefile = readFileSync(join(tree, 'libavfilter', 'Makefile'), 'utf8')
    const objects = [...makefile.matchAll(/\b((?:vf_)?tonemap_paceline\w*)(\.ptx)?\.o\b/g)]
    expect(objects.length).toBeGreaterThan(5)
    for (const [, name, kernel] of objects)
      expect(statSync(join(tree, 'libavfilter', `${name}${kernel ? '.cu' : '.c'}`)).isFile()).toBe(true)
  })

  it('are added once, and leave files that do not change untouched', async () => {
    ffmpegLike('AVFilter')
    await addFilters(root, tree)
    const files = [join(tree, 'configure'), join(tree, 'libavfilter', 'vf_tonemap_paceline.c')]
    for (const file of files) utimesSync(file, 1000, 1000)
    await addFilters(root, tree)
    expect(files.map((file) => statSync(file).mtimeMs)).toEqual([1_000_000, 1_000_000])
    const makefile = readFileSync(join(tree, 'libavfilter', 'Makefile'), 'utf8')
    expect(makefile.split('CONFIG_TONEMAP_PACELINE_FILTER').length).toBe(2)
  })

  it('are refused by a source that is unlike any FFmpeg they know', async () => {
    ffmpegLike('AVFilter')
    write('configure', 'something else\n')
    await expect(addFilters(root, tree)).rejects.toThrow(/ffmpeg-5\.1\.patch does not fit the source in /)
  })
})

describe('CUDA kernels', () => {
  it.each([
    ['// comment\n.version 4.2\n.target sm_50\n', 4.2],
    ['.version 7.8\n', 7.8],
    ['no kernel', undefined],
  ])('say which PTX they are', (text, version) => expect(ptxIsa(text)).toBe(version))

  it('are counted once, compressed or not', () => {
    write('libavfilter/a.ptx', '.version 4.2\n')
    write('libavfilter/a.ptx.gz', gzipSync('.version 4.2\n'))
    write('libavfilter/b.ptx.gz', gzipSync('.version 6.5\n'))
    expect(checkKernels(tree)).toBe(2)
  })

  it('are refused when JetPack 4 could not load them', () => {
    write('libavfilter/a.ptx', '.version 4.2\n')
    write('libavfilter/cuda/b.ptx.gz', gzipSync('.version 7.8\n'))
    expect(() => checkKernels(tree)).toThrow(/b\.ptx\.gz is PTX 7\.8, and JetPack 4 reads up to 6\.5/)
  })

  it('are missed', () => {
    mkdirSync(join(tree, 'libavfilter'), { recursive: true })
    expect(() => checkKernels(tree)).toThrow(/No compiled CUDA kernel/)
  })
})

describe('what has been built', () => {
  it('is known again until a source changes', () => {
    const key = sourceKey(root, ['amd64'])
    const file = join(root, 'result.deb')
    writeFileSync(file, '')
    expect(builtBefore(root, 'amd64', key)).toBeUndefined()
    remember(root, 'amd64', key, file)
    expect(builtBefore(root, 'amd64', sourceKey(root, ['amd64']))).toBe(file)
    for (const changed of [filterFiles(root)[0] ?? '', join(root, 'native/tonemap/patches/ffmpeg-8.patch')]) {
      const before = sourceKey(root, ['amd64'])
      writeFileSync(changed, `${readFileSync(changed, 'utf8')}\n`)
      expect(sourceKey(root, ['amd64'])).not.toBe(before)
    }
    expect(sourceKey(root, ['amd64', '--enable-more'])).not.toBe(sourceKey(root, ['amd64']))
  })

  it('is not known when it has been deleted', () => {
    remember(root, 'arm64', 'key', join(root, 'gone.deb'))
    expect(builtBefore(root, 'arm64', 'key')).toBeUndefined()
  })
})
