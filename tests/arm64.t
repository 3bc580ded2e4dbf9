#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim boot of arm64: zones by version, and what device trees and EFI have that PCs have not.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# machine VERSION LINE...: a layout of arm64 from a log of VERSION ("": not from a log).
machine() {
	printf 'layout 1\narch arm64\npage_size 4K\ncpus 2\n' >"$tmp/machine.layout"
	[ -z "$1" ] || printf 'kernel_version %s\n' "$1" >>"$tmp/machine.layout"
	shift
	printf '%s\n' "$@" >>"$tmp/machine.layout"
}

# boots NAME [OPTION...]: $tmp/machine.layout is booted, and all checks hold.
boots() {
	name=$1
	shift
	exits "$name" 0 "$MBSIM" boot -k "$newest" "$@" "$tmp/machine.layout"
	like "$name: checks" "$out" '^All checks hold'
}

# zones NAME EXPECTED: in one line, by their first and last address.
zones() {
	boots "$1"
	is "$1: zones" "$(printf '%s\n' "$out" | sed -n '/^Zone ranges:/,/^Movable/{
		s/^  \([A-Z][A-Za-z0-9]*\) *\[mem 0x0*\([0-9a-f][0-9a-f]*\)-0x0*\([0-9a-f]*\)\]$/\1 \2-\3/p
		s/^  \([A-Z][A-Za-z0-9]*\) *empty$/\1 empty/p}' | grep -v Device | paste -sd ' ')" "$2"
}

ranges() {
	printf '%s\n' "$out" | sed -n 's/^  node *\([0-9]*\): \[mem 0x0*\([0-9a-f]*\)-0x0*\([0-9a-f]*\)\]$/\1:\2-\3/p' |
		paste -sd ' '
}

machine 4.14.0 'ram 0x40000000+8G'
zones 'up to 4.18: DMA and Normal' 'DMA 40000000-ffffffff Normal 100000000-23fffffff'
machine 5.4.24 'ram 0x40000000+8G'
zones 'up to 5.4: DMA32 and Normal' 'DMA32 40000000-ffffffff Normal 100000000-23fffffff'
machine 5.8.0 'ram 0x40000000+8G'
zones 'up to 5.9: DMA is 1 GiB' 'DMA 40000000-7fffffff DMA32 80000000-ffffffff Normal 100000000-23fffffff'
machine 5.4.0-11769-g38732e3435ff 'ram 0x40000000+8G'
zones 'long after 5.4, as git describes it' 'DMA 40000000-7fffffff DMA32 80000000-ffffffff Normal 100000000-23fffffff'
machine 6.1.0 'ram 0x40000000+8G'
zones 'since then: DMA is 4 GiB' 'DMA 40000000-ffffffff DMA32 empty Normal 100000000-23fffffff'
machine '' 'ram 0x40000000+8G'
zones 'of no log: as the newest' 'DMA 40000000-ffffffff DMA32 empty Normal 100000000-23fffffff'

machine 4.19.0 'ram 0x4000000000+16G'
zones 'high RAM: 4 GiB of it' 'DMA32 4000000000-40ffffffff Normal 4100000000-43ffffffff'
machine 5.8.0 'ram 0x880000000+8G'
zones 'high RAM: by what is above the bits' 'DMA 880000000-8bfffffff DMA32 8c0000000-8ffffffff Normal 900000000-a7fffffff'
for version in 6.1.0 6.12.0; do
	machine $version 'ram 0x880000000+8G'
	zones "$version: high RAM: all of it" 'DMA 880000000-a7fffffff DMA32 empty Normal empty'
	machine $version 'dma_last 0x3fffffff' 'ram 0+4G'
	zones "$version: devices that reach 30 bits" 'DMA 0-3fffffff DMA32 40000000-ffffffff Normal empty'
done

machine 6.1.0 'ram 0x40000000+4G' 'kernel 0x100000000+32M' 'initrd 0x120000000+16M'
boots 'mem=' --cmdline 'mem=1G cma=0'
is 'mem=: kernel and initrd stay' "$(ranges)" \
	'0:40000000-7fffffff 0:100000000-101ffffff 0:120000000-120ffffff'

machine 6.1.0 'ram 0x40000000+1G' 'usable 0x60000000+256M' 'kernel 0x60000000+32M'
boots 'after a crash: what is usable' --cmdline 'cma=0'
is 'after a crash: what is usable: nodes' "$(ranges)" '0:60000000-6fffffff'

for version in 5.10.0:'0:40000000-4fffffff 0:50100000-7fffffff' \
	6.1.0:'0:40000000-4fffffff 0:50000000-500fffff 0:50100000-7fffffff'; do
	machine "${version%%:*}" 'ram 0x40000000+1G' 'reserved_memory 0x50000000+1M "secure" nomap' \
		'reserved_memory 0x52000000+1M "ramoops"'
	boots "${version%%:*}: not to be mapped"
	is "${version%%:*}: not to be mapped: nodes" "$(ranges)" "${version#*:}"
	like "${version%%:*}: to be reserved" "$out" '^0x52000000 0x520fffff +1M +0 reserved ramoops'
done

machine 6.1.0 'ram 0x40000000+2G' 'dynamic 64M "linux,cma" align 4M in 0x40000000-0x5fffffff reusable default_cma'
boots 'an area for CMA in the tree'
like 'an area for CMA in the tree: where it may be' "$out" '^0x5c000000 0x5fffffff +64M +0 reserved linux,cma'
unlike 'an area for CMA in the tree: the only one' "$out" 'reserved CMA'
machine '' 'ram 0x40000000+8G'
boots 'CMA' --cmdline 'cma=128M'
like 'CMA: below 4 GiB' "$out" '^ *0xf8000000 +0xffffffff +128M +0 reserved CMA'
boots 'CMA where it was asked for' --cmdline 'cma=64M@0x80000000'
like 'CMA where it was asked for: there' "$out" '^ *0x80000000 +0x83ffffff +64M +0 reserved CMA'

boots 'a crash kernel' --cmdline 'crashkernel=256M cma=0'
like 'a crash kernel: below 4 GiB' "$out" '^ *0xf0000000 +0xffffffff +256M +0 reserved crash kernel'
boots 'a crash kernel above' --cmdline 'crashkernel=512M,high cma=0'
like 'a crash kernel above: it is' "$out" '^ *0x[12][0-9a-f]{8} +0x[12][0-9a-f]{8} +512M +0 reserved crash kernel'
like 'a crash kernel above: with memory below' "$out" '^ *0xf8000000 +0xffffffff +128M +0 reserved crash kernel, low'

machine 6.1.0 'ram 0x40000000+4G' 'node 0 0x40000000+1G' 'node 1 0x80000000+3G'
boots 'nodes'
is 'nodes: of the firmware' "$(ranges)" '0:40000000-7fffffff 1:80000000-13fffffff'
machine 6.1.0 'ram 0x4000000+64M' 'ram 0x40000000+4G' 'node - 0x4000000+64M nomap' \
	'node 0 0x40000000+1G' 'node 1 0x80000000+3G'
boots 'nodes that lack some memory'
is 'nodes that lack some memory: are refused' "$(ranges)" '0:4000000-7ffffff 0:40000000-13fffffff'

machine 6.1.0 'ram 0x40000000+1G'
exits 'no such form' 2 "$MBSIM" boot -k "$newest" --cmdline 'cma=much' "$tmp/machine.layout"
like 'no such form: the message' "$err" '^mbsim: --cmdline: cma=much: it should be SIZE'
machine 6.1.0 'ram 0x40000000+34M' 'kernel 0x40000000+32M'
exits 'too small' 1 "$MBSIM" boot -k "$newest" "$tmp/machine.layout"

done_testing
