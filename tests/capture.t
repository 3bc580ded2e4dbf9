#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# scripts/capture-boot: its habits, and that what it captured is told of. It is not run here: that
# takes QEMU and packages of kernels.
. "$(dirname "$0")/tap.sh"

capture=$top/scripts/capture-boot
exits '--help' 0 "$capture" --help
like 'is on standard output' "$out" '^Usage: scripts/capture-boot'
exits '--list-packages' 0 "$capture" --list-packages
like 'names QEMU' "$out" 'qemu-system-x86'
exits '--list-packages for arm64' 0 "$capture" --arch arm64 --list-packages
like 'names another QEMU' "$out" 'qemu-system-arm'
for wrong in --nonsense '--memory banana' '--arch vax' '--firmware openfirmware' '--cpus -1' \
	'--timeout soon' '--node mem=,,'; do
	# shellcheck disable=SC2086
	exits "wrong: $wrong" 2 "$capture" $wrong --output "$tmp/x.log"
	is 'is told in one line' "$(printf '%s\n' "$err" | wc -l)" 1
done
mkdir "$tmp/dir"
exits 'output to what is no file' 2 "$capture" --output "$tmp/dir"

for log in "$top"/tests/data/boots/*.log.xz; do
	name=$(basename "$log")
	head=$(xz -dc "$log" | head -n 12)
	like "$name says how it was captured" "$head" '^# captured with: scripts/capture-boot '
	like "$name says of which kernel" "$head" '^# kernel: linux-image-'
	like "$name is in the README" "$(cat "$top/tests/data/boots/README.md")" "$name"
done
done_testing
