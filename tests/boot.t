#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim boot: whole boots, what they tell, and how they end.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

holds_shows='{ended: .end, sums, zones, checks}'

# KiB of a real boot that are present, and that are reserved with CMA and what is not mapped:
# "Memory: xK/yK available (..., nK reserved, mK cma-reserved)".
memory_line() {
	xzcat "$1" | sed -n 's/.*Memory: [0-9]*K.\([0-9]*\)K.* \([0-9]*\)K reserved, \([0-9]*\)K cma.*/\1 \2 \3/p' |
		awk 'NR == 1 { print $1, $2 + $3 }'
}

# boots ARGUMENT...: with status 0, too, if all that fails is that a crash kernel has found no place.
boots() {
	"$MBSIM" boot --json "$@" >"$tmp/booted" && cat "$tmp/booted" && return
	cat "$tmp/booted"
	jq -e '.unmet | map(startswith("crashkernel=")) | any and all' "$tmp/booted" >/dev/null
}

for k in $kernels; do
	exits "$k: the machine that ships with mbsim" 0 "$MBSIM" boot -k "$k"
	like "$k: it has a header" "$out" "pc-2g.layout: Linux $k"
	like "$k: a map" "$out" '^ *0x1000000 +0x3bfffff +44M +0 reserved kernel image'
	like "$k: totals" "$out" '^  RAM +524158 pages +2096632 KiB$'
	like "$k: checks" "$out" '^All checks hold'
	unlike "$k: no colours" "$out" "$(printf '\033')"

	for log in "$top"/tests/data/boots/amd64-*.log.xz "$top"/tests/data/boots/arm64-*.log.xz; do
		name=$(basename "$log" .log.xz)
		as_real=true
		case $name:$MBSIM in
		amd64-$k-*:* | arm64-$k-*:*)
			real=$(memory_line "$log")
			as_real=".sums.present_pages * 4 == ${real% *}"
			;;
		# with sanitizers, each log is booted once
		*/asan/*) continue ;;
		esac
		# on a PC, what EFI's boot services have is freed later, and no layout tells of it
		case $name:$as_real in
		*:true | amd64-*-uefi*) ;;
		*) as_real="$as_real and ((.sums.reserved + .sums.nomap) / 1024 / ${real#* } |
				. > 0.99 and . < 1.01)" ;;
		esac
		exits "$k: $name" 0 boots -k "$k" "$log"
		holds "$k: $name: checks hold, sums agree, and pages are present and reserved as they really were" '
			.holds == (.unmet == []) and .end.status == "finished" and
			(.checks | .made > 100 and .findings == []) and
			(.sums | .memory == .nomap + .reserved + .free and
				.expected_pages == .freed_pages and
				.freed_pages * 4096 == .free - .lost) and
			([.zones[].managed_pages] | add) == .sums.freed_pages + .sums.late_pages and
			([.zones[].free_blocks | to_entries[] | .value * pow(2; .key)] | add) ==
				([.zones[].free_pages] | add) and '"$as_real"
	done
done

exits 'one JSON object' 0 "$MBSIM" boot --json
holds 'it says which kernel' '.kernel | (.version | length > 3) and .config == "x86_64" and
	(.memblock_sha256 | length == 64)'
holds 'and what was done' '(.steps | map(.function) | index("e820__memblock_setup")) and
	([.steps[].calls] | add) == (.calls | length)'
holds 'and who has what' '.map | any(.purpose == "kernel image" and .start == 16777216 and
	.size == 46137344 and .use == "reserved" and .node == 0 and .memory)'
holds 'the map is sorted' '.map | [.[].start] == ([.[].start] | sort)'

exits 'the kernel'"'"'s log' 0 "$MBSIM" boot -v --cmdline 'memblock=debug mem=1G'
like 'has its prefix' "$out" '^\[    0\.000000\] memblock_add: \[0x0*1000-0x0*9fbff\]'
like 'and its callers' "$out" 'memblock_phys_alloc_range: .* init_mem_mapping\+'
like 'mem= cuts the RAM' "$out" 'memblock_add: \[0x0*100000-0x0*3fffffff\]'
like 'an initrd beyond it moves' "$out" 'Allocated new RAMDISK'

exits 'memmap=, crashkernel=, numa=' 0 "$MBSIM" boot --json \
	--cmdline "memmap=16M\$768M memmap=1M#1G crashkernel=64M@512M numa=off whatever=3"
holds 'memmap=$ is no memory' '.map | all(.start + .size <= 805306368 or .start >= 822083584)'
holds 'a crash kernel where it was asked for' '.map |
	any(.purpose == "crash kernel" and .start == 536870912 and .size == 67108864)'

for wrong in mem=12x mem 'memmap=1M@' crashkernel=much hugepages=many; do
	exits "$wrong is refused" 2 "$MBSIM" boot --cmdline "$wrong"
	like "$wrong: the message names it" "$err" "^mbsim: --cmdline: ${wrong%%=*}="
done
exits 'an unknown option' 2 "$MBSIM" boot --nonsense
exits 'a file that is not there' 2 "$MBSIM" boot "$tmp/nothing"
exits 'two layouts' 2 "$MBSIM" boot "$tmp/a" "$tmp/b"
printf 'layout 1\narch mips\nram 0+1G\n' >"$tmp/mips.layout"
exits 'another architecture' 2 "$MBSIM" boot "$tmp/mips.layout"
like 'the message names it' "$err" 'mips'
exits 'a configuration that does not fit' 2 "$MBSIM" boot --config arm64
like 'the message says which do' "$err" "take one whose name begins with x86_64"
for page in 4K:arm64 16K:arm64-16k 64K:arm64-64k; do
	printf 'layout 1\narch arm64\npage_size %s\nram 0x80000000+2G\n' "${page%:*}" >"$tmp/arm64.layout"
	exits "arm64 with pages of ${page%:*}" 0 "$MBSIM" boot --json "$tmp/arm64.layout"
	holds "arm64 with pages of ${page%:*}: the configuration is the one for it" \
		".kernel.config == \"${page#*:}\" and .sums.memory == 2147483648"
done

for config in x86_64-uma x86_64-flatmem; do
	exits "the configuration $config" 0 "$MBSIM" boot --config "$config" --json
	holds "$config: one node" '[.zones[].node] | unique == [0]'
done

printf 'layout 1\narch x86_64\npage_size 4K\ncpus 64\nram 0x0-0x9ffff\n%s\n%s\n%s\n' \
	'ram 0x100000-0x7fffffff' 'ram 0x100000000-0x3fffffffffff' 'kernel 0x1000000-0x3bfffff' \
	>"$tmp/64t.layout"
exits '64 TiB' 0 "$MBSIM" boot --json "$tmp/64t.layout"
holds '64 TiB: all of it' '.sums.present_pages == 17179344799'
for n in 0 1 2 3; do
	printf 'node %d %dT+16T\n' "$n" "$((16 * n))"
done >>"$tmp/64t.layout"
exits '64 TiB, four nodes' 0 "$MBSIM" boot --json "$tmp/64t.layout"
holds '64 TiB, four nodes: their zones' '[.zones[].node] | unique == [0, 1, 2, 3]'

printf 'layout 1\narch x86_64\npage_size 4K\nram 0x0-0x9ffff\nram 0x100000+4M\n' >"$tmp/4m.layout"
exits 'a machine that is too small' 1 "$MBSIM" boot "$tmp/4m.layout"
like 'it says where it ended' "$out" '^It did not boot: panic in [a-z_]+ \('
like 'and what was there' "$out" '^Memory when the boot ended:$'
exits 'the same in JSON' 1 "$MBSIM" boot --json "$tmp/4m.layout"
holds 'it says so too' '.end.status == "panic" and (.end.step | length > 0) and
	(.end.text | length > 0) and (.holds | not) and (.map | length > 0)'

# broken NAME CHECK SED: a memblock.c with a fault fails a check.
broken() {
	sed "$3" "$(tree "$newest")/mm/memblock.c" >"$tmp/memblock.c"
	exits "$1" 1 "$MBSIM" boot -k "$newest" --memblock "$tmp/memblock.c"
	like "$1: the check fails" "$out" "^FAILED $2 "
	like "$1: it says what was called" "$out" "^FAILED $2 .* by [a-z]"
}

broken 'pages that are reserved in part are freed' pages-reserved \
	's/PFN_DOWN(end), max_low_pfn/PFN_UP(end), max_low_pfn/'
broken 'pages are forgotten' pages-all \
	's/unsigned long start_pfn = PFN_UP(start);/unsigned long start_pfn = PFN_UP(start) + 1;/'
broken 'regions are not merged' regions-merged \
	's/if (this->base + this->size != next->base ||/if (this->base + this->size == next->base ||/'
broken 'regions are not counted' regions-total \
	's/type->total_size += size;/type->total_size += 0;/'

done_testing
