#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim replay under other conditions: --ram, --without-ram, --drop, --cmdline; and --to-layout.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

holds_shows='{ended: .end, holds, what_if, state}'

# A machine with memory from 16 to 256 MiB, made up so that what comes out can be told beforehand.
request() {
	echo "memblock_phys_alloc_range: $2 bytes align=0x100000 from=0x0000000000000000 max_addr=0x$3 $1+0x1/0x2"
}
about() {
	echo "memblock_$1: [0x$2-0x$3] $4+0x1/0x2"
}
any=0000000000000000
{
	about add 0000000001000000 000000000fffffff firmware
	about reserve 0000000001000000 00000000010fffff kernel
	request one 1048576 $any
	about reserve 000000000ff00000 000000000fffffff memblock_alloc_range_nid
	request two 1048576 $any
	about reserve 000000000fe00000 000000000fefffff memblock_alloc_range_nid
	about phys_free 000000000ff00000 000000000fffffff one
	request three 1048576 $any
	about reserve 000000000ff00000 000000000fffffff memblock_alloc_range_nid
	echo 'Kernel command line: quiet'
	request four 67108864 $any
	about reserve 000000000be00000 000000000fdfffff memblock_alloc_range_nid
	about reserve 0000000009000000 00000000090fffff fixed
	about phys_free 000000000fe00000 000000000fefffff two
	request five 1048576 0000000001000000
	request five 1048576 $any
	about reserve 000000000fe00000 000000000fefffff memblock_alloc_range_nid
} >"$tmp/log"
what_if() {
	what_name=$1 what_status=$2
	shift 2
	exits "$what_name" "$what_status" "$MBSIM" replay -k "$newest" --json --at 17 "$@" "$tmp/log"
}
# outcomes TEXT: the allocations that are not where they were.
outcomes() {
	is "its allocations" "$(printf '%s\n' "$out" |
		jq -r '.what_if.allocations[] | "\(.line) \(.outcome) \(.here)"' | paste -sd,)" "$1"
}

exits 'as it was' 0 "$MBSIM" replay -k "$newest" --json "$tmp/log"
holds 'all is where it was' '.allocations == { all: 6, identical: 6, different: 0, failed: 1 } and (has("what_if") | not)'
what_if 'prediction' 0 --predict
holds 'tells the same' '.what_if.counts == { same: 5, moved: 0, failed: 0, gained: 0, neither: 1 } and (.what_if.changed | not)'

what_if 'more memory' 0 --ram=0x10000000+1M
outcomes '3 moved 268435456,5 moved 267386880,8 moved 268435456,11 moved 200278016,16 moved 267386880'
holds 'frees follow what has moved' '(.state.reserved | map("\(.start)-\(.["end"])") | join(" ")) ==
	"16777216-17825792 150994944-152043520 200278016-269484032"'
holds 'sums' '.what_if.memory == { log: (240 * 1048576), here: (241 * 1048576) }'
holds 'callers' '.what_if.callers | map(select(.caller == "four")) == [{ caller: "four", pieces: 1, bytes: 67108864,
	same: 0, moved: 1, failed: 0, gained: 0, neither: 0 }]'

what_if 'less memory' 0 --without-ram=0xc000000-0xfffffff
outcomes '3 moved 200278016,5 moved 199229440,8 moved 200278016,11 moved 132120576,16 moved 199229440'
holds 'a place that is taken is told' '.what_if.collisions == [{ line: 13, caller: "fixed+0x1/0x2", start: 150994944,
	"end": 152043520, with: 11 }]'
what_if 'too little memory' 1 --without-ram=0x2000000-0xfffffff
holds 'some fail' '.what_if.counts.failed == 1 and (.holds | not) and
	(.what_if.allocations | map(select(.outcome == "failed") | .line) == [11])'
holds 'a place that is no memory is told' '.what_if.collisions | map([.line, .with]) == [[13, 0]]'

what_if 'a caller less' 0 --drop='tw?'
outcomes '11 moved 200278016,16 moved 199229440'
holds 'its calls and frees are left out' '.what_if.dropped == { calls: 1, frees: 1 } and .allocations.all == 5'
what_if 'reservations of a caller' 0 --drop=fixed
holds 'are left out' '.what_if.dropped.calls == 1 and (.state.reserved | length) == 2'
what_if 'nobody of that name' 2 --drop=nobody
like 'is told' "$err" "^mbsim: --drop: no call in the log is made by 'nobody'"

# Memory where the first attempt of the fifth looks for it: the second is not made.
what_if 'an attempt that fails in the log' 0 --ram=1M+2M
outcomes '15 gained 2097152,16 moved 2097152'

what_if 'mem=' 1 --cmdline='mem=64M quiet'
holds 'leaves that much' '.what_if.memory.here == 64 * 1048576 and .what_if.no_effect == ["quiet"]'
what_if 'words that are no sizes' 0 --cmdline='mem=much -- mem=1M'
holds 'are refused, and those for init are none' '.what_if.refused == ["mem=much: it should be a size, such as mem=1G"] and
	.what_if.no_effect == []'
what_if 'reserve_mem=' 0 --cmdline='reserve_mem=1M:4K:x'
if [ "$newest" = 6.12 ]; then
	holds 'is memblock'\''s own' '.what_if.no_effect == [] and
		.what_if.reserved.here == .what_if.reserved.log + 1048576'
else
	holds 'came with 6.12' '.what_if.no_effect == ["reserve_mem=1M:4K:x"]'
fi

what_if 'strict' 0 --ram=0x10000000+1M --strict
outcomes '3 moved 268435456'
what_if 'follow' 0 --ram=0x10000000+1M --follow
holds 'stays with the log' '(.state.reserved | map("\(.start)-\(.["end"])") | join(" ")) ==
	"16777216-17825792 150994944-152043520 199229440-268435456"'
exits 'for people' 1 "$MBSIM" replay -k "$newest" --without-ram=32M-255M --cmdline=quiet "$tmp/log"
like 'the conditions' "$out" '^  there is no memory at 0x2000000-0xff00000$'
like 'the words' "$out" "^    without effect on memblock's own code: quiet$"
like 'the failure' "$out" '^  line 11: memblock_phys_alloc_range, 67108864 bytes, four.* -> no memory$'
like 'the verdict' "$out" '^Of the allocations that have memory in the log, 1 has none here'
exits 'as a script' 0 "$MBSIM" replay -k "$newest" --drop=two --to-script "$tmp/calls.mb" "$tmp/log"
exits 'which runs' 0 "$MBSIM" run -k "$newest" "$tmp/calls.mb"
is 'with the calls that were made, once' "$(grep -c alloc_range "$tmp/calls.mb")" 5
for bad in --ram=64M-1M --ram=0x1p --without-ram=5- --ram=100T+1G; do
	exits "$bad" 2 "$MBSIM" replay "$bad" "$tmp/log"
done

# mem= of a PC is an address; and its layout.
boot=$top/tests/data/boots/amd64-$newest-2g-bios.log.xz
exits 'mem= of a PC' 0 "$MBSIM" replay -k "$newest" --json --cmdline=mem=1G --to-layout "$tmp/pc.layout" "$boot"
holds 'is where memory ends' '.what_if.memory.here < 1024 * 1048576 and .what_if.memory.here > 1022 * 1048576'
exits 'the layout' 0 "$MBSIM" layout diff "$boot" "$tmp/pc.layout"
exits 'of a log without more' 0 "$MBSIM" replay -k "$newest" --to-layout "$tmp/l.layout" "$tmp/log"
like 'has its memory' "$(cat "$tmp/l.layout")" '^ram +0x1000000-0xfffffff$'
# Neither firmware nor memory is told: memory is where allocations are, and what is freed was reserved before.
{
	about phys_free 000000000f000000 000000000f0fffff kernel
	request one 1048576 $any
	about reserve 000000000ff00000 000000000fffffff memblock_alloc_range_nid
} >"$tmp/middle.log"
exits 'of the middle of a log' 0 "$MBSIM" replay -k "$newest" --to-layout "$tmp/m.layout" "$tmp/middle.log"
like 'has memory' "$(cat "$tmp/m.layout")" '^ram +0xf000000-0xfffffff$'
like 'and what was reserved before' "$(cat "$tmp/m.layout")" '^reserved? +0xf000000-0xf0fffff'
exits 'that cannot be written' 2 "$MBSIM" replay -k "$newest" --to-layout /nowhere/l "$tmp/log"
for k in $kernels; do
	for boot in "$top"/tests/data/boots/*-"$k"-*2node*.log.xz "$top"/tests/data/boots/arm64-"$k"-2g-*.log.xz; do
		exits "$(basename "$boot" .log.xz): prediction" 0 "$MBSIM" replay -k "$k" --json --predict "$boot"
		holds 'is what was' '.what_if.counts | .moved + .failed + .gained == 0'
	done
done
done_testing
