import { defineConfig } from 'vite'

/**
 * The dashboard: web/ becomes dist/web/, which the head serves. Nothing in it is inline, so that the strictest policy for
 * content holds.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // Without subtitles, other languages and content protection, which no preview has.
  resolve: { alias: [{ find: /^hls\.js$/, replacement: 'hls.js/light' }] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // The first with light-dark(): else it would be written out twice.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Pictures as data: URLs would need a hole in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // hls.js, which is loaded only where a preview is opened.
    chunkSizeWarningLimit: 700,
  },
})
