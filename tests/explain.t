#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim explain: questions of which the answer is known from a real boot, and those whose answer is no.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

boots=$top/tests/data/boots
holds_shows='{verdict, facts, sentences, tables}'

# asked NAME STATUS ARGUMENT...: the answer as JSON in $out
asked() {
	asked_name=$1
	asked_status=$2
	shift 2
	exits "$asked_name" "$asked_status" "$MBSIM" explain --json "$@"
}

# A machine of 1 GiB with something in it that is to be left alone, and two that are not.
cat >"$tmp/board.layout" <<'END'
layout 1
arch x86_64
page_size 4K
cpus 1
cmdline "nokaslr"
ram 0+640K
ram 1M+1023M
kernel 16M+32M
initrd 512M+8M
reserve 768M+1M "ramoops"
END

# the same with so many reservations that the array of them is doubled
{
	cat "$tmp/board.layout"
	for i in $(seq 160); do
		echo "firmware $((256 + i))M+4K \"ACPI T$i\""
	done
} >"$tmp/pieces.layout"

for k in $kernels; do
	case $k in
	6.1)
		log=$boots/amd64-6.1-8g-2node-hugepages.log.xz
		asked 'gigantic pages of a real boot: the first' 0 -k 6.1 --boot "$log" alloc 1G 1G node 0 --at hugetlb_init
		holds 'is where it really was' '.facts.start == 4294967296 and .facts.size == 1073741824 and .facts.node == 0
			and .facts.after_step == "parse_args"'
		asked 'and the second' 0 -k 6.1 --boot "$log" alloc 1G 1G node 1 --at hugetlb_init
		holds 'too' '.facts.start == 8589934592 and .facts.node == 1'
		asked 'how many there are' 0 -k 6.1 --boot "$log" hugepages 1G per node
		holds 'on node 0 the one that was there, and others on node 1, as the real boot found' \
			'[.tables.nodes[] | .got == .whole and .lost == .frames - .whole] | all'
		holds 'what is lost is told' '.tables.nodes[0].whole == 1 and .facts.lost == (.tables.lost | map(.frames) | add)
			and ([.tables.lost[].why] | index("kernel image") != null)'
		;;
	6.12)
		for name in 4g-movable-node 8g-4node 4g-overlapping-nodes; do
			log=$boots/amd64-6.12-$name.log.xz
			case $name in 4g-overlapping-nodes) status=1 ;; *) status=0 ;; esac
			asked "$name: numa" "$status" -k 6.12 "$log" numa
			got=$(printf '%s\n' "$out" | jq -r '.tables.kernel[] | .node, .data_start, .data_start + .data_size - 1' |
				xargs printf 'NODE_DATA(%d) allocated [mem %#x-%#x]\n')
			is "$name: NODE_DATA is where it really was" "$got" \
				"$(xzcat "$log" | grep -o 'NODE_DATA([0-9]*) allocated .*]')"
		done
		holds 'nodes that overlap are refused, in the words of the kernel' '.verdict == "no" and .facts.nodes == 2 and
			.facts.kernel_nodes == 1 and (.sentences | any(test("overlaps with node 0")))'
		log=$boots/amd64-6.12-2g-memmap.log.xz
		asked 'what memmap= reserves' 0 -k 6.12 "$log" keep 1G+256M
		holds 'is left alone' '.verdict == "yes" and .facts.intruders == 0 and (.from | test("log"))'
		asked 'what is beside it' 1 -k 6.12 "$log" keep 1G+257M
		holds 'is the page allocator'"'"'s' '.verdict == "no" and (.tables.intruders | length == 1 and
			.[0].start == 1342177280 and .[0].size == 1048576)'
		asked 'where the memory went, of a log with memblock=debug' 0 -k 6.12 "$log" where-did-my-memory-go
		holds 'as the kernel printed it, and nothing is unknown' '.facts.unknown == 0 and
			(.tables.memory_line | map(select(.figure != "available")) | length == 3 and all(.difference == 0))'
		account='.tables.account as $a | (reduce $a[1:][] as $i ({sum: $a[0].bytes, good: ($a[0].kind == "total")};
			if $i.kind == "total" then .good = (.good and .sum == $i.bytes) else .sum += $i.bytes end) | .good) and
			$a[-1].bytes == .facts.available and .facts.installed >= .facts.ram'
		holds 'it adds up' "$account"
		asked 'and of its boot' 0 -k 6.12 --boot "$log" where-did-my-memory-go
		holds 'it adds up, too' "$account and .facts.unknown == 0 and (.models | length > 0)"
		holds 'the line of the log is beside it' '.tables.memory_line | any(.figure == "present" and .difference == 0)'
		asked 'who has it' 0 -k 6.12 "$log" who 0x7ffb2700
		line=$(xzcat "$log" | grep -n 'setup_log_buf' | sed -n '1s/:.*//p')
		holds 'is who had it, by the line of the log' ".tables.calls | map(select(.line == $line)) | length == 1 and
			(.[0].caller | test(\"^setup_log_buf\")) and .[0].effect == \"reserved\""
		;;
	esac
done

asked 'what the board reserves' 0 "$tmp/board.layout" keep 768M+1M
holds 'is left alone' '.verdict == "yes" and (.tables.pieces | length == 1 and .[0].use == "ramoops")'
asked 'what is taken from the map' 0 "$tmp/board.layout" keep 700M+1M --cmdline 'memmap=1M$700M'
holds 'as well' '.verdict == "yes" and .tables.pieces == []'
asked 'the initrd' 1 "$tmp/board.layout" keep 512M+4K
holds 'is not left alone: it is unpacked and freed' '.tables.intruders | any(.why == "initrd") and
	any(.why == "the page allocator has it")'
asked 'free memory' 1 "$tmp/board.layout" keep 600M+4K
holds 'neither' '.tables.intruders | length == 1'

asked 'more than there is' 1 "$tmp/board.layout" alloc 1G 16M
holds 'cannot be had, and what can is told' '.verdict == "no" and .facts.count == 0 and .facts.start == null and
	.facts.largest == (.tables.windows | map(.largest) | max)'
largest=$(printf '%s\n' "$out" | jq .facts.largest)
asked 'the largest size that was told' 0 "$tmp/board.layout" alloc "$largest" 16M
holds 'can be had, once' '.facts.count == 1'
asked 'a byte more' 1 "$tmp/board.layout" alloc $((largest + 1)) 16M
asked 'below an address' 0 "$tmp/board.layout" alloc 1M 1M below 256M
holds 'it is below, and what bounds the hole is told' '.facts.start + .facts.size <= 256 * 1048576 and
	(.tables.windows[0] | .bound_below != null and .bound_above == "the window'"'"'s end")'
asked 'where nothing is' 0 "$tmp/board.layout" alloc 1M 1M from 2G
holds 'memblock looks below' '.facts.start < 2147483648 and (.tables.windows | length == 2 and .[0].free == 0)'
exits 'who is near a doubling' 0 "$MBSIM" explain --json "$tmp/pieces.layout" who 257M
holds 'is told where and by whom' '(.tables.doublings | any(.array == "reserved" and .from == 128 and .to == 256)) and
	(.tables.calls | any(.effect == "reserved")) and .facts.most_reserved_rows > 128'
sed -n 's/firmware/reserve/p' "$tmp/pieces.layout" | cat "$tmp/board.layout" - >"$tmp/early.layout"
asked 'so many before the array can grow' 0 "$tmp/early.layout" who 257M
holds 'and the machine does not boot' '.sentences[0] | test("does not boot: .*cannot resize reserved array")'
exits 'the text' 0 "$MBSIM" explain where-did-my-memory-go
like 'has the account' "$out" '^- +46137344 +44M +2\.15 kernel image +early_reserve_memory'
like 'and what it is a model of' "$out" '^model: .*arch/x86/kernel/setup\.c.* as of Linux 6\.12'
exits 'no such question' 2 "$MBSIM" explain "$tmp/board.layout" why
like 'is named' "$err" "no question 'why'"
exits 'no question' 2 "$MBSIM" explain "$tmp/board.layout"
exits 'no such step' 2 "$MBSIM" explain --at nowhere alloc 4K 4K
like 'those that there are are told' "$err" "no step 'nowhere'; it has early_reserve_memory, "
for words in 'who' 'who 1-0' 'who 1 2' 'alloc 4K' 'alloc 4K 3' 'alloc 0 1' 'alloc 4K 4K node' 'alloc 4K 4K near 1' \
	'alloc 4K 4K from 2G below 1G' 'hugepages 3M' 'hugepages 1G each node' 'keep 1-' 'numa 1'; do
	# shellcheck disable=SC2086
	exits "wrong words: $words" 2 "$MBSIM" explain $words
	is "$words: one line tells it" "$(printf '%s\n' "$err" | wc -l)" 1
done
done_testing
