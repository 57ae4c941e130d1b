import { join } from 'node:path'

/**
 * How a source is configured for a target: against its sysroot, whatever the machine itself has.
 *
 * @param {import('./target.js').Target} target
 * @param {import('./sysroot.js').Sysroot} sysroot
 * @returns {{ configure: string[], compiler: string, environment: NodeJS.ProcessEnv }}
 */
export function targetBuild(target, { folder }) {
  const libraries = join('usr', 'lib', target.triplet)
  const packages = [join(folder, libraries, 'pkgconfig'), join(folder, 'usr', 'share', 'pkgconfig')]
  return {
    configure: [...target.configure, `--sysroot=${folder}`, '--pkg-config=pkg-config'],
    compiler: `${target.triplet}-gcc`,
    environment: {
      PKG_CONFIG_PATH: '',
      PKG_CONFIG_LIBDIR: packages.join(':'),
      PKG_CONFIG_SYSROOT_DIR: folder,
    },
  }
}
