import { installForLongTests } from './long-test-tool.js'

/**
 * Installs the browser in which the long tests play films; see installForLongTests.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} args of vitest
 * @param {{ searchPath?: string, isRoot?: boolean }} [machine] as it is, unless a test says otherwise
 * @returns {Promise<string | undefined>} what to tell the person at the keyboard
 */
export function installTestBrowser(root, args, machine = {}) {
  const browser = { what: 'Tests that play films in a browser', tools: ['chromium'], packages: ['chromium'] }
  return installForLongTests(root, args, { name: 'test-browser', ...browser }, machine)
}
