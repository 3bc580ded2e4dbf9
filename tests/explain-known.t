#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim explain: questions of which the answer is known from a real boot; wrong words; what the documentation shows.
# sanitizers: no (tests/explain.t asks each question of a small machine, with them)
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/explain.sh"

boots=$top/tests/data/boots

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
		holds 'and what is unknown of it' '.facts.log_difference == 1024 * (.tables.memory_line[] |
			select(.figure == "available") | .log - .here)'
		asked 'memory, of a log with memblock=debug' 0 -k 6.12 "$log" alloc 1M 1M
		holds 'is asked for before memblock hands over' '.facts.count > 0 and .facts.start != null and
			(.sentences | any(test("^It is asked for before line [0-9]+,")))'
		asked 'who has it' 0 -k 6.12 "$log" who 0x7ffb2700
		line=$(xzcat "$log" | grep -n 'setup_log_buf' | sed -n '1s/:.*//p')
		holds 'is who had it, by the line of the log' ".tables.calls | map(select(.line == $line)) | length == 1 and
			(.[0].caller | test(\"^setup_log_buf\")) and .[0].effect == \"reserved\""
		log=$boots/riscv64-7.2-4g-crashkernel.log.xz
		asked 'riscv64: a crash kernel' 0 -k 6.12 "$log" crashkernel=256M
		holds 'is where it really was' '.facts.start == 3959422976 and .facts.size == 268435456'
		;;
	esac
done

# each command of docs/explain.md, and the lines that are shown behind it
awk '/^    \$ mbsim explain [^[]/ { sub(/^    \$ mbsim explain /, ""); n++; print > (dir "/cmd" n); next }
	n && /^    [^ ]|^     / { print substr($0, 5) > (dir "/shown" n) }' dir="$tmp" "$top/docs/explain.md"
like 'docs: there are commands' "$(cat "$tmp"/cmd*)" '^keep 0x40000000\+16M --cmdline'
if [ "$newest" = 6.12 ]; then
	for file in "$tmp"/cmd*; do
		eval "\"\$MBSIM\" explain $(cat "$file")" | sed 's/ *$//' >"$tmp/printed"
		is "docs: mbsim explain $(cat "$file")" "$(grep -vxF -f "$tmp/printed" "$tmp/shown${file##*cmd}")" ''
	done
else
	skip 'docs: what is shown' 'shown for 6.12'
fi
for words in 'who' 'who 1-0' 'who 1 2' 'alloc 4K' 'alloc 4K 3' 'alloc 0 1' 'alloc 4K 4K node' 'alloc 4K 4K near 1' \
	'alloc 4K 4K from 2G below 1G' 'hugepages 3M' 'hugepages 1G each node' 'keep 1-' 'numa 1'; do
	# shellcheck disable=SC2086
	exits "wrong words: $words" 2 "$MBSIM" explain $words
	is "$words: one line tells it" "$(printf '%s\n' "$err" | wc -l)" 1
done
done_testing
