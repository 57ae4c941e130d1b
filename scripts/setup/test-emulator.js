import { installForLongTests } from './long-test-tool.js'

/**
 * Installs the emulator and the compiler with which the long tests run the agent and the shim for arm64; see
 * installForLongTests.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} args of vitest
 * @param {{ searchPath?: string, isRoot?: boolean }} [machine] as it is, unless a test says otherwise
 * @returns {Promise<string | undefined>} what to tell the person at the keyboard
 */
export function installTestEmulator(root, args, machine = {}) {
  const emulator = {
    ...{ name: 'test-emulator', what: 'Tests of what runs on arm64' },
    tools: ['qemu-aarch64-static', 'aarch64-linux-gnu-gcc'],
    packages: [
      'qemu-user-static',
      'gcc-aarch64-linux-gnu',
      'libc6-dev-arm64-cross',
      'debian-archive-keyring',
    ],
  }
  return installForLongTests(root, args, emulator, machine)
}
