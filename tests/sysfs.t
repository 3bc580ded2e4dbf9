#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim boot --sysfs: what lsmem makes of it.
. "$(dirname "$0")/tap.sh"

boots=$top/tests/data/boots

# shows NAME EXPECTED: lsmem's rows, a line each: range, blocks, node, zone.
shows() {
	is "$1" "$(lsmem --sysroot "$tmp/sys" --summary=never -n -S STATE,NODE,ZONES -o RANGE,BLOCK,NODE,ZONES | tr -s ' ')" "$2"
}

if ! command -v lsmem >/dev/null; then
	skip 'memory blocks' 'no lsmem'
	done_testing
	exit
fi

exits 'a machine with nodes in turn' 0 "$MBSIM" boot --sysfs "$tmp/sys" "$boots/amd64-6.12-6g-interleaved.log.xz"
shows 'its blocks, with nodes and zones' '0x0000000000000000-0x0000000007ffffff 0 0 None
0x0000000008000000-0x000000003fffffff 1-7 0 DMA32
0x0000000040000000-0x000000007fffffff 8-15 1 DMA32
0x0000000100000000-0x000000013fffffff 32-39 0 Normal
0x0000000140000000-0x00000001ffffffff 40-63 1 Normal'
is 'its nodes' "$(cat "$tmp/sys/sys/devices/system/node/has_memory")" 0-1
is 'a block of a node' "$(cat "$tmp/sys/sys/devices/system/node/node1/memory40/state")" online

exits 'a directory that is used' 2 "$MBSIM" boot --sysfs "$tmp/sys"
like 'it says so' "$err" 'memory: it is there already; give a new directory$'
exits 'a directory that cannot be' 2 "$MBSIM" boot --sysfs "$tmp/sys/sys/devices/system/node/online/x"
like 'it names the file' "$err" 'node/online'

rm -rf "$tmp/sys"
exits 'blocks are larger from 64 GiB on' 0 "$MBSIM" boot --sysfs "$tmp/sys" "$boots/amd64-6.12-64g-2node.log.xz"
shows 'two nodes meet between them' '0x0000000000000000-0x000000007fffffff 0 0 None
0x0000000100000000-0x000000087fffffff 2-16 0 Normal
0x0000000880000000-0x000000107fffffff 17-32 1 Normal'

printf 'layout 1\narch x86_64\nram 1M-0x7fffffff\nnode 0 0-0x43ffffff\nnode 1 0x44000000-2G\n' >"$tmp/l"
rm -rf "$tmp/sys"
exits 'a block of two nodes' 0 "$MBSIM" boot --sysfs "$tmp/sys" "$tmp/l"
shows 'has no zone, and the nodes' '0x0000000000000000-0x0000000007ffffff 0 0 None
0x0000000008000000-0x000000003fffffff 1-7 0 DMA32
0x0000000040000000-0x0000000047ffffff 8 0 None
0x0000000048000000-0x000000007fffffff 9-15 1 DMA32'
done_testing
