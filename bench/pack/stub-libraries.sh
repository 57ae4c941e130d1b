#!/bin/sh
# Debian's ffmpeg is linked with some 200 libraries, of which a benchmark uses a dozen. This copies those into TARGET
# and puts a stand-in for each of the others: the same name and the symbols that the dozen ask for, with nothing
# behind them, so that the loader is content and the whole stays small. (libgme is kept for its prober, which is asked
# about every file and must answer with a text.)
#
#   stub-libraries.sh TARGET PROGRAM...
set -eu

target=$1
shift
kept='^(ld-linux-x86-64|libc|libm|libdl|libpthread|librt|libstdc\+\+|libgcc_s|libz|libav[a-z]*|libsw[a-z]*|libpostproc|libx26[45]|libnuma|libgme)\.so'

mkdir -p "$target"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/.*ld-linux/ { print $1 }' | sort -u >"$work/closure"
awk -F/ -v kept="$kept" '$NF ~ kept' "$work/closure" >"$work/kept"
awk -F/ -v kept="$kept" '$NF !~ kept' "$work/closure" >"$work/stubbed"

xargs cp -L -t "$target" <"$work/kept"
strip --strip-unneeded "$target"/*

# Every symbol that a program or a kept library asks for, as name@VERSION.
# shellcheck disable=SC2046
nm -D --undefined-only --with-symbol-versions "$@" $(cat "$work/kept") 2>/dev/null |
  awk 'NF == 2 { print $2 }' | sort -u >"$work/wanted"

while read -r library; do
  name=$(basename "$library")
  nm -D --defined-only --with-symbol-versions "$library" | sed 's/@@/@/' | awk '
    FILENAME == wanted { want[$1] = 1; next }
    ($3 in want) { split($3, part, "@"); print $2, part[1], part[2] }
  ' wanted="$work/wanted" "$work/wanted" - >"$work/symbols"
  awk '
    BEGIN { print ".bss\n.balign 64\ndata: .skip 65536\n.text\ncode: xor %eax, %eax\nret" }
    { object = $1 ~ /[BDRVGS]/; print ".globl \"" $2 "\"\n.type \"" $2 "\", " (object ? "@object" : "@function") }
    { print ".set \"" $2 "\", " (object ? "data" : "code") }
    END { print ".section .note.GNU-stack, \"\", @progbits" }
  ' "$work/symbols" >"$work/stub.s"
  awk '
    $3 != "" { of[$3] = of[$3] "\"" $2 "\";" }
    END { for (version in of) if (version != "") print version " { global: " of[version] " };" }
  ' "$work/symbols" >"$work/versions"
  set -- -shared -nostdlib -s -Wl,-soname,"$name" -o "$target/$name" "$work/stub.s"
  [ ! -s "$work/versions" ] || set -- "$@" -Wl,--version-script="$work/versions"
  cc "$@"
done <"$work/stubbed"
