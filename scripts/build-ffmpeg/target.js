/**
 * What FFmpeg is built for.
 *
 * @typedef {object} Target
 * @property {string} name of what is kept for it
 * @property {string} [sysroot] of another target with the same packages: what was compiled for that is not compiled again
 * @property {'amd64' | 'arm64'} architecture as Debian calls it
 * @property {string} triplet as compilers call it
 * @property {readonly string[]} packages what it is compiled against
 * @property {readonly string[]} configure arguments for FFmpeg's configure, without paths
 * @property {readonly HostTool[]} tools what the machine that builds needs
 */

/** @typedef {{ name: string, debianPackage: string }} HostTool */

/** Where the built FFmpeg lives, beside the system's own. */
export const prefix = '/opt/paceline'

/** What starts programs for arm64. */
export const loader = 'ld-linux-aarch64.so.1'

const everywhere = {
  tools: [
    { name: 'bash', debianPackage: 'bash' },
    { name: 'make', debianPackage: 'make' },
    { name: 'gcc', debianPackage: 'gcc' },
    { name: 'clang-16', debianPackage: 'clang-16' },
    { name: 'patch', debianPackage: 'patch' },
    { name: 'pkg-config', debianPackage: 'pkg-config' },
    { name: 'dpkg-source', debianPackage: 'dpkg-dev' },
    { name: 'xz', debianPackage: 'xz-utils' },
  ],
  packages: [
    'libc6-dev',
    'linux-libc-dev',
    'zlib1g-dev',
    'libx264-dev',
    'libx265-dev',
    'libsvtav1enc-dev',
    'libdav1d-dev',
    'libvpx-dev',
    'libopus-dev',
    'libmp3lame-dev',
    'libass-dev',
    'libfontconfig-dev',
    'libfreetype-dev',
    'libfribidi-dev',
    'libzimg-dev',
    'libdrm-dev',
    'libffmpeg-nvenc-dev',
  ],
  configure: [
    `--prefix=${prefix}`,
    '--extra-version=paceline',
    '--enable-gpl',
    // Only what is named below, so that a build does not depend on what else a machine has.
    '--disable-autodetect',
    '--disable-doc',
    '--disable-debug',
    '--disable-ffplay',
    '--disable-postproc',
    '--disable-indevs',
    '--enable-indev=lavfi',
    '--disable-outdevs',
    '--disable-shared',
    '--enable-static',
    '--enable-pthreads',
    '--enable-iconv',
    '--enable-zlib',
    '--enable-libx264',
    '--enable-libx265',
    '--enable-libsvtav1',
    '--enable-libdav1d',
    '--enable-libvpx',
    '--enable-libopus',
    '--enable-libmp3lame',
    '--enable-libass',
    '--enable-libfontconfig',
    '--enable-libfreetype',
    '--enable-libfribidi',
    '--enable-libzimg',
    '--enable-libdrm',
    '--enable-v4l2-m2m',
    '--enable-ffnvcodec',
    '--enable-cuda',
    '--enable-cuda-llvm',
  ],
}

/** @type {Record<Target['architecture'], Target>} */
export const targets = {
  amd64: {
    name: 'amd64',
    architecture: 'amd64',
    tools: [...everywhere.tools, { name: 'nasm', debianPackage: 'nasm' }],
    triplet: 'x86_64-linux-gnu',
    packages: [
      ...everywhere.packages,
      'libva-dev',
      'libmfx-dev',
      'libvulkan-dev',
      'libplacebo-dev',
      'ocl-icd-opencl-dev',
    ],
    configure: [
      ...everywhere.configure,
      '--arch=x86_64',
      '--enable-cuvid',
      '--enable-nvdec',
      '--enable-nvenc',
      '--enable-vaapi',
      '--enable-libmfx',
      '--enable-vulkan',
      '--enable-libplacebo',
      '--enable-opencl',
    ],
  },
  arm64: {
    name: 'arm64',
    architecture: 'arm64',
    tools: [...everywhere.tools, { name: 'aarch64-linux-gnu-gcc', debianPackage: 'gcc-aarch64-linux-gnu' }],
    triplet: 'aarch64-linux-gnu',
    packages: everywhere.packages,
    configure: [
      ...everywhere.configure,
      '--arch=aarch64',
      '--enable-cross-compile',
      '--cross-prefix=aarch64-linux-gnu-',
      '--target-os=linux',
      // Tegra has libcuda but neither the decoder's nor the encoder's library of other NVIDIA drivers.
      '--disable-cuvid',
      '--disable-nvdec',
      '--disable-nvenc',
      // A loader and a C library of its own: JetPack 4, 5 and 6 have glibc 2.27, 2.31 and 2.35. Only what a driver
      // brings comes from the board, and that may need libraries beside it, hence no run path of the newer kind.
      `--extra-ldexeflags=-Wl,--dynamic-linker=${prefix}/lib/${loader} -Wl,--disable-new-dtags -Wl,-rpath,${[
        `${prefix}/lib`,
        '/usr/lib/aarch64-linux-gnu/tegra',
        '/usr/lib/aarch64-linux-gnu/nvidia',
      ].join(':')}`,
    ],
  },
}
