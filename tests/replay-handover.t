#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sanitizers: no (replay.t replays the same logs)
#
# mbsim replay: what memblock hands over is what the real kernels printed of their memory, and what
# differs when a log is tampered with or memblock is broken.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/broken.sh"

holds_shows='.handover | del(.freed, .zones[])'

# All that a log has is equal. What is not held: what newer kernels had free when they told, and
# dimms, which are added to the zones.
equal='.handover | .made and .holds and .differences == [] and .checks.findings == [] and .checks.made >= 9 and
	.zones_held.all > 0 and .zones_held.equal == .zones_held.all and
	.zone_ranges.all >= 3 and .zone_ranges.equal == .zone_ranges.all and
	.node_ranges.all > 0 and .node_ranges.equal == .node_ranges.all and
	.holes.equal == .holes.all and .movable_starts.equal == .movable_starts.all and
	(.memory | .reserved.expected > 0 and all(.reserved, .present, .cma_reserved;
		.got == .expected)) and
	all(.zones[]; .equal and .log.managed == .managed) and
	all(.freed[]; .zone != null or .start != null)'

for k in $kernels; do
	# what is free is printed before the kernel takes of it, or after
	case $k in
	6.1) available='.got == .expected' ;;
	*) available='.expected == null' ;;
	esac
	for log in "$top"/tests/data/boots/amd64-"$k"-*.log.xz "$top"/tests/data/boots/arm64-"$k"-*.log.xz; do
		name=$(basename "$log" .log.xz)
		not_held='^Memory: available: '
		case $name in
		*-dimm) not_held="$not_held|^0x[0-9a-f]+-0x[0-9a-f]+ came later" ;;
		esac
		exits "$name" 0 "$MBSIM" replay -k "$k" --json "$log"
		holds "$name: zones and pages are those that the kernel printed" \
			"$equal and (.memory.available | $available) and all(.not_held[]; test(\"$not_held\"))"
	done
done

boot=$top/tests/data/boots/amd64-$newest-2g-bios.log.xz
[ -e "$boot" ] || boot=$(ls "$top"/tests/data/boots/amd64-*-2g-bios.log.xz | sed -n 1p)
xzcat "$boot" >"$tmp/boot.log"
zone=$(grep -n '^Node 0, zone *DMA32$' "$tmp/boot.log" | cut -d: -f1)
memory=$(sed -n '/\] Memory: /=' "$tmp/boot.log" | sed -n 1p)

# tampered NAME SED MESSAGE: the log differs, and the report says in what.
tampered() {
	sed "$2" "$tmp/boot.log" >"$tmp/tampered.log"
	exits "$1" 1 "$MBSIM" replay -k "$newest" "$tmp/tampered.log"
	like "$1: it is told" "$out" "$3"
	like "$1: and counted" "$out" '^0 differences, [1-9][0-9]* more after the hand-over, 0 findings'
}

for pages in spanned present managed; do
	tampered "zoneinfo: $pages" "$zone,\$s/^ *$pages  *[0-9]*[13579]*\$/        $pages  4711/" \
		"^  line $zone: node 0, zone DMA32: $pages pages: got [0-9]+, expected 4711"
done
tampered 'a zone that there is not' 's/^Node 0, zone *DMA32$/Node 0, zone Highmem/' \
	'^  line [0-9]+: node 0, zone (Highmem: spanned pages: got 0,|DMA32: spanned pages: got [0-9]+, expected 0)'
tampered 'a line "Freeing" less' 's/Freeing initrd memory/Frying initrd memory/' \
	"^  line $zone: node 0, zone DMA32: managed pages: got [0-9]+, expected"
tampered 'more is freed' 's/initmem) memory: \([0-9]*\)K/initmem) memory: 1\1K/' \
	"^  line $zone: node 0, zone DMA32: managed pages: got [0-9]+, expected"
tampered 'reserved' 's/ [0-9]*K reserved/ 123K reserved/' \
	"^  line $memory: Memory: reserved: got [0-9]+K, expected 123K"
tampered 'present' 's,Memory: \([0-9]*\)K/[0-9]*K,Memory: \1K/4711K,' \
	"^  line $memory: Memory: present: got [0-9]+K, expected 4711K"
tampered 'CMA' 's/ 0K cma-reserved/ 8K cma-reserved/' \
	"^  line $memory: Memory: cma-reserved: got 0K, expected 8K"
tampered 'zone ranges' 's/DMA32    \[mem 0x0000000001/DMA32    [mem 0x0000000002/' \
	'^  line [0-9]+: zone DMA32: got \[mem 0x0000000001000000-.*, expected \[mem 0x0000000002000000-'
tampered 'node ranges' '/ node   0: /s/0000100000-/0000200000-/' \
	'^  line [0-9]+: memory range 1, node 0: got \[mem 0x0000000000100000-'
tampered 'another node' '/ node   0: /s/node   0/node   1/' \
	'^  line [0-9]+: memory range 0: got node 0, expected node 1'
tampered 'Movable' 's/\(.*\]\) Early memory node ranges/\1   Node 0: 0x0000000040000000\n&/' \
	'^  line [0-9]+: Movable on node 0 begins: got nowhere, expected 0x40000000'
tampered 'holes' 's/zone DMA: 97 pages in un/zone DMA: 96 pages in un/' \
	'^  line [0-9]+: node 0, zone DMA: struct pages of no memory: got 98, expected 97'
tampered 'deferred struct pages' 's/\(.*\]\) node 0 deferred pages initialised in .*/&\n\1 node 1 deferred pages initialised in 8ms/' \
	'^  line [0-9]+: struct pages of node 1: got none are initialised late, expected some are'

# told NAME STATUS SED REGEX: what the log lacks is not held against it.
told() {
	sed "$3" "$tmp/boot.log" >"$tmp/told.log"
	exits "$1" "$2" "$MBSIM" replay -k "$newest" "$tmp/told.log"
	like "$1: it is told" "$out" "$4"
}
told 'no zoneinfo' 0 '/^@@@@/,$d' '^  pages of zones: /proc/zoneinfo is not in the log'
told 'no line "Memory:"' 0 '/\] Memory: /d' '^  the line "Memory:": it is not in the log'
told 'no zone ranges' 0 '/\] Zone ranges:/,/\] Movable zone/d' '^  zone ranges: the log does not print them'
told 'an end before the hand-over' 0 '/\] Zone ranges:/,$d' \
	'^  hand-over    not made: the log ends before memblock handed over'
told 'no dump' 0 '/MEMBLOCK configuration/,/reserved\[/d; /memory.cnt/d; /reserved.cnt/d; /memory\[/d; /reserved\[/d' \
	'^  hand-over    not made: the log has no dump of memblock'
# 12 KiB of which nobody knows where they were: the zones cannot be told, their sum can
told 'what was freed is not known' 1 's/\(.*\]\) Freeing initrd memory: 12K/&\n\1 Freeing something memory: 12K/' \
	"^  line [0-9]+: managed pages of all zones: got [0-9]+, expected [0-9]+"
like 'and why' "$out" '^  managed pages of each zone: 3 pages were freed, and no line tells where; their sum is held'
told 'where the initrd was is not known' 0 '/\] RAMDISK: /d' '^  managed pages of each zone: 3 pages were freed'

exits '-v' 0 "$MBSIM" replay -v -k "$newest" "$tmp/boot.log"
like '-v: where the initrd was' "$out" '^  line [0-9]+: initrd, 12K at 0x[0-9a-f]+-0x[0-9a-f]+, zone DMA32 of node 0$'
like '-v: and by which line that is known' "$out" \
	"^    the initrd is where line $(sed -n '/\] RAMDISK:/=' "$tmp/boot.log") has it"
like '-v: zones' "$out" '^     0  DMA32 +[0-9]+ +[0-9]+ +[0-9]+  equal$'
exits 'strict' 0 "$MBSIM" replay --strict -k "$newest" "$tmp/boot.log"
exits 'predict' 0 "$MBSIM" replay --predict -k "$newest" "$tmp/boot.log"

# Of two boots in a file each is held against what belongs to it.
other=$top/tests/data/boots/amd64-$newest-4g-crashkernel.log.xz
if [ -e "$other" ]; then
	xzcat "$other" | cat - "$tmp/boot.log" >"$tmp/two.log"
	exits 'two boots: the last' 0 "$MBSIM" replay -k "$newest" --json "$tmp/two.log"
	holds 'is held against its own' '.handover | .made and .holds and (.memory.present.expected | . > 2000000 and . < 2100000)'
	exits 'two boots: the first' 0 "$MBSIM" replay -k "$newest" --json --boot 1 "$tmp/two.log"
	holds 'is held against its own' '.handover | .made and .holds and .memory.present.expected > 4000000'
else
	skip 'two boots' 'no other boot is there'
fi

# Memblocks with a fault: checks find it, with the lines of the calls.
# fails NAME CHECK SED
fails() {
	broken fault "$3"
	exits "$1" 1 "$MBSIM" replay -k "$newest" -m "$tmp/fault.c" "$tmp/boot.log"
	like "$1: the check names pages" "$out" "^  $2: page frames 0x[0-9a-f]+-0x[0-9a-f]+ "
	like "$1: and lines of the log" "$out" "^  $2: .* memblock_[a-z_]+ by [a-z0-9_]+.*, line [0-9]+, \\["
}
fails 'the last pages are not handed over' pages-all \
	"$(in_function free_low_memory_core_early 's/^\t\tcount += /\t\tif (start < memblock_end_of_DRAM() \/ 2) &/')"
like 'and fewer pages are free' "$out" "^  line $memory: Memory: reserved: got [0-9]+K, expected"
fails 'reserved pages are handed over' pages-reserved 's/PFN_DOWN(end), max_low_pfn/PFN_UP(end), max_low_pfn/'
done_testing
