#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# Changes planted in memblock.c are found by the replay of captured boots, at the first line at which they
# can show. A part of the boots; all of them with MBSIM_ALL in the environment.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/broken.sh"

# Alignments are rounded to twice as much, where memory is looked for from above.
broken rounding '/^__memblock_find_range_top_down(/,/^}/s/, align)/, align * 2)/'
# What is to be taken from above is taken from below, and the other way round.
broken direction "$(in_function memblock_find_in_range_node 's/(memblock_bottom_up())/(!memblock_bottom_up())/')"
# Reserved regions that touch stay two.
broken merging "$(in_function memblock_merge_regions 's/while (i </while (type != \&memblock.reserved \&\& i </')"

# lines LOG: where the planted changes show first: rounding, direction, merging (0: not in a dump).
lines() {
	perl -ne '
		if (/_alloc\w*: \d+ bytes align=0x([0-9a-f]+)/) {
			($line, $align) = ($., hex $1);
			$direction ||= $.;
		} elsif (/memblock_reserve: \[0x([0-9a-f]+)-.*\] (?:mem|__mem)block_\w*alloc/) {
			# without a request it is a node, or CMA, of which no alignment is told
			$rounding ||= $line if $line && hex($1) % (2 * $align);
			$line = 0;
		} elsif (/MEMBLOCK configuration/) {
			$merging ||= $.;
			$line = 0;
		}
		END { printf "%d %d %d\n", $rounding, $direction, $merging }' "$1"
}

# first CHANGE LOG ARCH: the line of the first difference, on a memblock with the change.
first() {
	"$MBSIM" replay -k "$newest" -m "$tmp/$1.c" -c "$3" --json "$2" 2>/dev/null >"$tmp/report.json"
	jq '.differences[0].line // 0' "$tmp/report.json"
}

for boot in "$top"/tests/data/boots/*-"$newest"-*.log.xz; do
	name=$(basename "$boot" .log.xz)
	# with hot-pluggable memory a boot begins from below, where rounding is another function
	case $name in
	amd64-*hotplug* | amd64-*movable-node* | amd64-*dimm*) from_below=1 ;;
	*) from_below= ;;
	esac
	case $name:$MBSIM_ALL in
	*:?* | amd64-*-numa-fake:* | amd64-*-2g-memmap:* | amd64-*-3g-memoryless:* | amd64-*-mem-limit:*) ;;
	amd64-*-fake-size:* | amd64-*-interleaved:*) ;;
	*) continue ;;
	esac
	xzcat "$boot" | sed '/^@@@@/,$d' >"$tmp/boot.log"
	# shellcheck disable=SC2046
	set -- $(lines "$tmp/boot.log")
	if [ -z "$from_below" ]; then
		is "$name: rounding, at its line" "$(first rounding "$tmp/boot.log" "$(
			case $name in arm64*) echo arm64 ;; *) echo x86_64 ;; esac
		)")" "$1"
		like "$name: rounding, why" "$(jq -r '.differences[0].reason' "$tmp/report.json")" \
			'free here and comes first: alignment is rounded otherwise'
		# the place is within what is said to be free
		like "$name: rounding, what is there" "$(jq -r '.differences[0].around' "$tmp/report.json")" \
			"^the log's $(jq -r '.differences[0].expected' "$tmp/report.json"): (free here is 0x[0-9a-f]+-|overlaps what)"
	fi
	case $name in
	amd64*)
		# nor does it help it that there is no dump, and what was reserved before is not known
		sed '/MEMBLOCK/d; / memory\[/d; / reserved\[/d; /\.cnt /d' "$tmp/boot.log" >"$tmp/no-dump.log"
		[ -n "$from_below" ] || is "$name: rounding, without a dump" \
			"$(first rounding "$tmp/no-dump.log" x86_64)" "$(lines "$tmp/no-dump.log" | cut -d' ' -f1)"
		is "$name: direction, at its line" "$(first direction "$tmp/boot.log" x86_64)" "$2"
		is "$name: merging, at its line" "$(first merging "$tmp/boot.log" x86_64)" "$3"
		;;
	esac
done
done_testing
