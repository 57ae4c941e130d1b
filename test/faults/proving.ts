/** The line of a wrapper around ffmpeg that lets through what a node tries at its start; see src/node/platform-proof.ts. */
export const proving = 'case "$*" in *"-f lavfi -i color=size=64x64"*) exec ffmpeg "$@" ;; esac'
