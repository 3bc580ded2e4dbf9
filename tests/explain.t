#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim explain: questions to small machines, also those whose answer is no.
. "$(dirname "$0")/tap.sh"
. "$top/tests/explain.sh"

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

asked 'what the board reserves' 0 "$tmp/board.layout" keep 768M+1M
holds 'is left alone' '.verdict == "yes" and (.tables.pieces | length == 1 and .[0].use == "ramoops")'
asked 'what is taken from the map' 0 "$tmp/board.layout" keep 700M+1M --cmdline 'memmap=1M$700M'
holds 'as well' '.verdict == "yes" and .tables.pieces == []'
asked 'the initrd' 1 "$tmp/board.layout" keep 512M+4K
holds 'is not left alone: it is unpacked and freed' '.tables.intruders | any(.why == "initrd") and
	any(.why == "the page allocator has it")'
asked 'what is allocated' 1 "$tmp/board.layout" keep 960M+64M
holds 'neither, and by whom is told' '.tables.intruders | any(.why == "allocated" and .call > 0 and .function != null)'
asked 'free memory' 1 "$tmp/board.layout" keep 600M+4K
holds 'neither' '.tables.intruders | length == 1'

asked 'gigantic pages' 0 "$tmp/board.layout" hugepages 256M
holds 'what each lost one has in it is told' '(.tables.nodes[0] | .frames == 4 and .whole == 1 and .got == 1 and .lost == 3) and
	(.tables.lost | map(.why) | .[0] == "kernel image" and .[1] == "initrd") and .facts.count == 1'
asked 'those that no frame has room for' 1 "$tmp/board.layout" hugepages 1G
holds 'are none' '.facts.count == 0 and .facts.lost == 1'

cat >"$tmp/nodes.layout" <<'END'
layout 1
arch x86_64
page_size 4K
cpus 2
ram 1M+1023M
kernel 16M+32M
node 0 0+512M
node 1 2G+1G
node 1 3G+1G hotplug
END
asked 'nodes of which one has no RAM, and RAM without one' 1 "$tmp/nodes.layout" numa
holds 'are told, and that the kernel refuses them' '.verdict == "no" and .facts.nodes == 2 and .facts.nodes_without_ram == 1 and
	.facts.ram_without_node == 536870912 and (.tables.ram_without_node | length == 1 and .[0].start == 536870912) and
	(.tables.nodes | map(.ram) == [535822336, 0] and .[1].hotplug == 1073741824) and (.sentences | any(test("Not used")))'
sed 's/^node 1 .*//; s/^node 0 .*/node 0 0+512M\nnode 1 512M+512M/' "$tmp/nodes.layout" >"$tmp/two.layout"
asked 'memory of a node' 0 "$tmp/two.layout" alloc 1M 1M node 0
holds 'is in the holes of that node' '.facts.node == 0 and (.tables.windows[0] | .node == 0 and
	.hole_start + .hole_size <= 536870912)'
asked 'no nodes' 0 "$tmp/board.layout" numa
holds 'is neither yes nor no' '.verdict == "told" and .facts.nodes == 0 and .facts.kernel_nodes == 1'

asked 'a crash kernel' 0 "$tmp/board.layout" --kaslr-sweep=2 crashkernel=64M
holds 'has its place, wherever the kernel is' '.facts.size == 67108864 and .facts.kaslr_tried == 2 and .facts.kaslr_failed == 0 and
	.facts.largest >= .facts.size'
asked 'what a board reserves' 0 "$tmp/board.layout" 'memmap=1M$700M' mem=900M
holds 'is lost' '.facts.collisions == 0 and (.tables.changes | map([.what, .start, .size]) ==
	[["lost", 734003200, 1048576], ["lost", 943718400, 130023424]])'

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
exits 'many rows' 0 "$MBSIM" explain "$tmp/pieces.layout" who 256M+160M
like 'are not all shown' "$out" '^\.\.\. and [0-9]+ rows more \(-v shows them\)$'
exits 'with -v' 0 "$MBSIM" explain -v "$tmp/pieces.layout" who 256M+160M
unlike 'they are' "$out" 'rows more'
sed 's/^reserve .*/acpi 1G+1M/' "$tmp/board.layout" >"$tmp/acpi.layout"
asked 'what the firmware keeps' 0 "$tmp/acpi.layout" where-did-my-memory-go
holds 'is part of what is installed' '.facts.installed - .facts.ram == 1048576 and
	(.tables.account | any(.kind == "firmware" and .bytes == -1048576))'
sed -n 's/firmware/reserve/p' "$tmp/pieces.layout" | cat "$tmp/board.layout" - >"$tmp/early.layout"
asked 'so many before the array can grow' 0 "$tmp/early.layout" who 257M
holds 'and the machine does not boot' '.sentences[0] | test("does not boot: .*cannot resize reserved array")'

# /reserved-memory: PLACE of a node, then what else there is
tree() {
	cat >"$tmp/tree.layout" <<END
layout 1
arch arm64
page_size 4K
ram 1G+1G
kernel 1G+32M
initrd 0x50000000+16M
dtb 0x48000000+64K
reserved_memory $1 "video"
reserved_memory 0x60000000+1M "secure" nomap
END
	printf '%s\n' "$2" >>"$tmp/tree.layout"
}

tree 0x50800000+16M 'dynamic 64M "pool" in 0x60000000-0x6fffffff reusable'
asked 'a node in the initrd' 1 "$tmp/tree.layout" reserved-memory
holds 'collides, and is told where else to go' '.facts.collisions == 1 and .facts.without_place == 0 and
	(.tables.nodes | map({name, collides, next}) | .[0] == {name: "video", collides: "the initrd", next: 1358954496}
		and all(.[1:][]; .collides == null))'
holds 'and the pool is in its range' '.tables.nodes[2] | .start >= 1610612736 and .last <= 1879048191 and .size == 67108864'
next=$(printf '%s\n' "$out" | jq '.tables.nodes[0].next')
tree "$next+16M" 'dynamic 1G "pool"'
asked 'there' 1 "$tmp/tree.layout" reserved-memory
holds 'it collides with nothing; the pool finds no place' '.facts.collisions == 0 and .facts.without_place == 1 and
	(.tables.nodes[2] | .start == null and .size == 1073741824) and (.sentences | any(test("^pool finds no place: 1G")))'
tree 0x70000000+1M 'dynamic 1G "large"
dynamic 1M "small"'
asked 'one that fits, behind one that does not' 1 "$tmp/tree.layout" reserved-memory
holds 'finds its place' '.facts.without_place == 1 and (.tables.nodes | map(.kind) | .[-2:] == ["none", "found"])'
tree 0x60080000+1M 'ram 4G+1M'
asked 'two that overlap' 1 "$tmp/tree.layout" reserved-memory
holds 'each is told, and what no-map then does' '.facts.collisions == 2 and .facts.bytes == 1572864 and (.sentences |
	any(test("failed to reserve memory for node .secure")))'
tree 0x10000000+1M ''
asked 'what is not in RAM' 0 "$tmp/tree.layout" reserved-memory
holds 'collides with nothing' '.verdict == "yes" and .tables.nodes[0].kind == "fixed, not in RAM"'

asked 'CMA, of a tree' 0 "$tmp/tree.layout" cma=64M
holds 'has its area' '.facts.areas == 1 and .facts.bytes == 67108864 and .facts.start % 4194304 == 0 and
	(.tables.windows | length > 0 and all(.purpose == "CMA"))'
asked 'more than there is' 1 "$tmp/tree.layout" cma=2G
holds 'is not had' '.facts.areas == 0 and (.sentences | any(. == "No area is reserved."))'
asked 'no option of arm64' 1 "$tmp/tree.layout" 'memmap=1M$1280M'

# RAM from address 0 on, of which memblock gives nobody the first page
printf 'layout 1\narch arm64\npage_size 4K\nram 0+1G\nkernel 512M+32M\n' >"$tmp/zero.layout"
asked 'RAM from 0 on' 0 "$tmp/zero.layout" alloc 1M 4K below 256M
holds 'the lowest page bounds the hole' '.tables.windows[0] | .hole_start == 4096 and (.bound_below | test("lowest page"))'

exits 'a machine without a tree' 2 "$MBSIM" explain "$tmp/board.layout" reserved-memory
exits 'the text' 0 "$MBSIM" explain where-did-my-memory-go
like 'has the account' "$out" '^- +46137344 +44M +2\.15 kernel image +early_reserve_memory'
like 'and what it is a model of' "$out" '^model: .*arch/x86/kernel/setup\.c.* as of Linux 6\.12'
exits 'no such question' 2 "$MBSIM" explain "$tmp/board.layout" why
like 'is named' "$err" "no question 'why'"
exits 'no question' 2 "$MBSIM" explain "$tmp/board.layout"
exits 'no such step' 2 "$MBSIM" explain --at nowhere alloc 4K 4K
like 'those that there are are told' "$err" "no step 'nowhere'; it has early_reserve_memory, "
done_testing
