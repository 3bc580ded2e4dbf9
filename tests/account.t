#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim boot: where the memory went, to the byte, and the sections of the text.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# account NAME FILTER: the account of $out adds up to each of its totals, and FILTER is true.
account() {
	if printf '%s\n' "$out" | jq -es '.[0] | . as $b | .account as $a | .page_size as $page |
		def sum($w): [$a[] | select(.what == $w) | .bytes] | add // 0;
		def kind($k): [$a[] | select(.kind == $k) | .bytes] | add // 0;
		(reduce $a[1:][] as $i ({sum: $a[0].bytes, good: ($a[0].kind == "total")};
			if $i.kind == "total" then .good = (.good and .sum == $i.bytes)
			else .sum += $i.bytes end) | .good) and
		$a[-1].what == "available to the page allocator" and
		$a[-1].bytes == (.sums | .freed_pages + .late_pages) * $page and
		sum("memory of memblock") == .sums.memory and kind("nomap") == -.sums.nomap and
		kind("reserved") == -.sums.reserved and kind("lost") == -.sums.lost and
		kind("late") == .sums.late_pages * $page and
		([$a[] | select(.kind == "reserved") | .bytes] | . == sort) and
		([$a[] | select(.kind != "total") | .bytes] | all(. != 0)) and ('"$2)" >/dev/null; then
		pass "$1"
	else
		fail "$1" "$(printf '%s\n' "$out" | jq -c '.sums, .account[]')"
	fi
}

# "Memory: xK/yK available (..., nK reserved, mK cma-reserved)" as "y n m": x is what was free
# by then, which depends on how many pages are initialised later
memory_numbers() {
	sed -n 's/.*Memory: [0-9]*K.\([0-9]*\)K available (.* \([0-9]*\)K reserved, \([0-9]*\)K cma-reserved.*/\1 \2 \3/p' |
		sed -n 1p
}

# near A B: within 1 %
near() {
	[ $((($1 - $2) * 100)) -le "$2" ] && [ $((($2 - $1) * 100)) -le "$2" ]
}

for k in $kernels; do
	for name in 2g-reserve-mem 2g-bios 512m-nokaslr 8g-2node-hugepages 2g-memmap 4g-crashkernel 4g-mem-limit \
		2g-dt 1g-cma 8g-hugetlb-cma 4g-uefi; do
		for log in "$top/tests/data/boots/amd64-$k-$name.log.xz" "$top/tests/data/boots/arm64-$k-$name.log.xz"; do
			[ -e "$log" ] || continue
			name=$(basename "$log" .log.xz)
			exits "$name" 0 "$MBSIM" boot -k "$k" --json "$log"
			account "$name: the account adds up, and nothing is unknown" \
				'sum("unknown") == 0 and sum("kernel image") < 0'
			# shellcheck disable=SC2046
			set -- $(xzcat "$log" | memory_numbers) $(printf '%s\n' "$out" | jq -r .memory_line | memory_numbers)
			is "$name: present as it really was" "$4" "$1"
			ok "$name: reserved ($5 KiB) as it really was ($2 KiB)" near "$5" "$2"
			ok "$name: available as it really was" near $(($4 - $5 - $6)) $(($1 - $2 - $3))
			is "$name: CMA as it really was" "$6" "$3"
			# what zones manage when the system is up; some pages of arm64's page tables are not known
			real=$(xzcat "$log" | awk '$1 == "managed" { n += $2 } END { print n }')
			got=$(printf '%s\n' "$out" | jq '[.zones[].managed_pages] | add')
			case $name in
			# of EFI's runtime tables a page is not known
			amd64-*-uefi) ok "$name: zones manage $got pages, really $real" [ $((got - real)) -le 1 -a \
				$((real - got)) -le 1 ] ;;
			amd64-*) is "$name: zones manage what they really did" "$got" "$real" ;;
			*) ok "$name: zones manage $got pages, really $real" [ "${real:-0}" -gt 0 -a \
				$((got - real)) -lt 32 -a $((real - got)) -lt 32 ] ;;
			esac
		done
	done
done

printf 'layout 1\narch x86_64\npage_size 4K\ncpus 1\nram 0+640K\nram 1M+511M\nreserved 256M+1M\nkernel 16M+32M\n' >"$tmp/m.layout"
exits 'rows that overlap' 0 "$MBSIM" boot --json "$tmp/m.layout"
account 'are taken from the RAM' '$a[0].bytes == 512 * 1048576 - 384 * 1024 and
	sum("under rows of other types") == -1048576 and sum("kernel image") == -32 * 1048576'
exits 'memmap=, mem=' 0 "$MBSIM" boot --json --cmdline "mem=400M memmap=16M\$128M" "$tmp/m.layout"
account 'are taken, too' 'sum("mem= and memmap=") == -(112 + 16) * 1048576'
exits 'a crash kernel' 0 "$MBSIM" boot --json --cmdline 'crashkernel=64M' "$tmp/m.layout"
account 'is the largest' '[$a[] | select(.kind == "reserved")][0] |
	.what == "crash kernel" and .bytes == -64 * 1048576 and (.function | length > 0)'
exits 'a layout without sizes of the image' 0 "$MBSIM" boot --show=memory "$tmp/m.layout"
like 'the line says what is known' "$out" '^Memory: [0-9]+K/522876K available \([0-9]+K reserved, 0K cma-reserved\)$'

printf 'layout 1\narch arm64\npage_size 4K\ncpus 1\nram 1G+512M\nkernel 0x54000000+32M\n' >"$tmp/a.layout"
exits 'arm64, mem= below the kernel' 0 "$MBSIM" boot --json --cmdline mem=128M "$tmp/a.layout"
account 'the kernel is memory in any case' 'sum("mem=") < 0 and sum("the kernel, whatever mem= says") > 0'

printf 'layout 1\narch x86_64\npage_size 4K\nram 0x0-0x9ffff\nram 0x100000+4M\n' >"$tmp/4m.layout"
exits 'a machine that is too small' 1 "$MBSIM" boot --show=account,memory,buddyinfo "$tmp/4m.layout"
like 'has an account' "$out" '^=.* free when the boot ended'
unlike 'but no free pages' "$out" '^(Node|Memory:)'

exits 'the text' 0 "$MBSIM" boot
like 'the account' "$out" '^- +46137344 +44M +2\.15 kernel image +early_reserve_memory'
like 'small ones are summed up' "$out" '^- .* small ones: '
exits 'all of it' 0 "$MBSIM" boot -v
unlike 'with -v they are not' "$out" 'small ones'
like 'the log has the line' "$out" '^\[    0\.000000\] Memory: 19[0-9]*K/2096632K available \(16384K kernel code'
exits 'sections' 0 "$MBSIM" boot --show=buddyinfo,zoneinfo
free=$(printf '%s\n' "$out" | awk '/zone .* [0-9]+ $/ { for (i = 5; i <= NF; i++) n += $i * 2 ^ (i - 5) } END { print n }')
is 'buddyinfo: free pages are those of zoneinfo' "$free" \
	"$(printf '%s\n' "$out" | awk '$1 == "pages" { n += $3 } END { print n }')"
like 'buddyinfo is in the format of the kernel' "$out" '^Node 0, zone      DMA (  *[0-9]+ ){11}$'
like 'zoneinfo as well' "$out" '^        present  520160$'
unlike 'nothing else' "$out" 'Totals|Linux'
exits 'free ranges' 0 "$MBSIM" boot --show=free
like 'free ranges: as iomem has them' "$out" '^00100000-00ffffff : free$'
for section in log facts map zones blocks account memory totals checks; do
	exits "--show=$section" 0 "$MBSIM" boot --show="$section"
	like "--show=$section: there is something" "$out" '[a-z]'
done
exits 'no such section' 2 "$MBSIM" boot --show=map,nothing
like 'the message names it, and those that there are' "$err" "no section 'nothing'; there are log, facts, picture, map"
exits '--show with --json' 2 "$MBSIM" boot --json --show=map
done_testing
