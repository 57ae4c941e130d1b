#!/bin/sh
# Counts the arithmetic of a pixel in the inner loops of the compiled kernels, and reckons from it what a Jetson Nano should do.
# usage: make -C native/tonemap ptx CLANG=clang-16 && sh bench/tonemap/count.sh
#
# Counted in PTX, which needs clang alone. Where ptxas and nvdisasm are in the PATH the machine code for
# PACELINE_BENCH_ARCH (sm_75) is counted as well, with what the compiler for that adds or takes away.
set -eu

ptx=${PACELINE_TONEMAP_BUILD:-$(cd "$(dirname "$0")/../../native/tonemap/build" && pwd)}/tonemap.ptx
arch=${PACELINE_BENCH_ARCH:-sm_75}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# Of lines "KERNEL LABEL:" and "KERNEL OPCODE [TARGET]" the longest stretch from a label to a jump back to it, in each kernel;
# a pixel has three powers, so that their number tells how many pixels it makes.
count() {
  awk -v what="$1" '
    $1 != kernel { finish(); kernel = $1; n = 0; best = 0; split("", at); split("", op) }
    $2 ~ /:$/ { at[substr($2, 1, length($2) - 1)] = n; next }
    { op[n++] = $2; if ($3 != "" && ($3 in at) && n - at[$3] > best) { best = n - at[$3]; from = at[$3]; to = n } }
    END { finish() }
    function finish(   i, o, pixels) {
      if (!best) return
      split("", sum)
      for (i = from; i < to; i++) {
        o = op[i]
        if (o ~ /^(ex2|lg2|rcp|sqrt|rsqrt|MUFU)/) { sum["sfu"]++; if (o ~ /^(ex2|MUFU.EX2)/) pixels++ }
        else if (o ~ /^(fma|mul|add|sub)\..*f32|^(FFMA|FMUL|FADD)/) sum["float"]++
        else if (o ~ /^(ld\.shared|LDS)/) sum["shared"]++
        else if (o ~ /^(ld\.global|st\.global|LDG|STG)/) sum["global"]++
        else if (o ~ /^ld\.param/) best--
        else sum["other"]++
      }
      pixels /= 3
      printf "%s %s: %.0f pixels a round; for each %.1f instructions, of them %.1f FMA, MUL and ADD, %.1f SFU, %.1f loads of 64 bits from shared memory, %.1f loads and stores, %.1f others\n",
        what, kernel, pixels, best / pixels, sum["float"] / pixels, sum["sfu"] / pixels, sum["shared"] / pixels, sum["global"] / pixels, sum["other"] / pixels
      nano(kernel, best / pixels, sum["sfu"] / pixels, sum["shared"] / pixels)
    }
    # One processor of 128 lanes and 32 special functions a cycle at 0.92 GHz; shared memory gives 32 words of 32 bits a
    # cycle, and a warp that asks for 64 bits each in random places needs about six passes. Half of all issue slots are used.
    function nano(kernel, all, sfu, shared,   pixels, hertz, bytes) {
      pixels = 30 * (kernel ~ /half/ ? 1920 * 1080 : 3840 * 2160)
      bytes = 30 * (3840 * 2160 * 3 + (kernel ~ /half/ ? 1920 * 1080 : 3840 * 2160) * 1.5)
      hertz = 0.92e9
      printf "estimate, Jetson Nano, 4K30 %s: %.0f %% of instructions, %.0f %% of special functions, %.0f %% of shared memory, %.0f %% of 25.6 GB/s; with half of the issue slots in use %.0f %% of the GPU\n",
        kernel ~ /half/ ? "to 1080p" : "unscaled", 100 * pixels * all / (128 * hertz), 100 * pixels * sfu / (32 * hertz),
        100 * pixels * shared / 32 * 6 / hertz, 100 * bytes / 25.6e9, 200 * pixels * all / (128 * hertz)
    }'
}

awk '/^\.visible \.entry/ { kernel = $3; sub(/\(.*/, "", kernel) }
  /^\$L/ { print kernel, $1; next }
  /^\t@?[%a-z]/ {
    if ($1 ~ /^@/) { $1 = ""; $0 = $0 }
    sub(/;$/, ""); target = $1 ~ /^bra/ ? $2 : ""
    if ($1 !~ /^\./) print kernel, $1, target
  }' "$ptx" >"$place/ptx"
for kernel in tonemap_plain tonemap_half_plain; do grep "^$kernel " "$place/ptx" | count PTX; done

command -v ptxas >/dev/null && command -v nvdisasm >/dev/null || exit 0
ptxas -arch="$arch" -O3 "$ptx" -o "$place/cubin"
nvdisasm -c "$place/cubin" | sed -n \
  -e 's/^[ \t]*\.text\.\([a-z0-9_]*\):.*/K \1/p' \
  -e 's/^\(\.L_x_[0-9]*\):.*/L \1:/p' \
  -e 's/^[ \t]*\/\*[0-9a-f]*\*\/ *\(@!*U*P[0-9T]* *\)*\([A-Z0-9_.]*\)[^;]*`(\(\.L_x_[0-9]*\)).*/O \2 \3/p;t' \
  -e 's/^[ \t]*\/\*[0-9a-f]*\*\/ *\(@!*U*P[0-9T]* *\)*\([A-Z][A-Z0-9_.]*\).*/O \2/p' |
  awk '$1 == "K" { kernel = $2; next } { $1 = kernel; print }' >"$place/sass"
for kernel in tonemap_plain tonemap_half_plain; do grep "^$kernel " "$place/sass" | count "$arch"; done
