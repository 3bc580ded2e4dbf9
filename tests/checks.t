#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each check of the hand-over, and no other, fails by the thing that it is for. The memblock.c of each
# kernel is broken in many ways at once, behind a variable that the scripts set.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# break_it FILE: memblock.c on standard output, as it was as long as `broken` is 0.
break_it() {
	perl -0777 -pe '
		sub must { $_[0] or die "memblock.c is not as it was thought to be: $_[1]\n" }
		my $code = q{
static volatile int broken __attribute__((used));
static phys_addr_t held;
#define broken_reserve(start, end, ...) do { \
	if (broken != 7 || (start) != 0x30000000) \
		reserve_bootmem_region(start, (end) + (broken == 8 ? PAGE_SIZE : 0), ##__VA_ARGS__); \
} while (0)
static unsigned long __free_memory_core(phys_addr_t start, phys_addr_t end);
static unsigned long broken_free(phys_addr_t start, phys_addr_t end)
{
	if (broken == 12 && end == 0x20008000) {
		held = start;
		return 0;
	}
	if (broken == 12 && start == 0x20008000)
		start = held;
	return __free_memory_core(start, end);
}
};
		# a page of each range twice; the first one not at all; one in front of the memory
		must(s/\n\t__free_pages_memory\(start_pfn, end_pfn\);/
	if (broken == 1)
		__free_pages_memory(start_pfn, start_pfn + 1);
	start_pfn += broken == 5;
	start_pfn -= broken == 6 && start == 0x100000;$&/, 1);
		must(s/!\(flags & MEMBLOCK_NOMAP\) &&/broken != 2 && $&/, 2);
		# the last reservation is forgotten for a while; one is lost for good
		must(s/\n\tmemmap_init_reserved_pages\(\);/
	if (broken == 4)
		memblock_remove_range(&memblock.reserved, 0x1000000, 0x400000);$&
	memblock.reserved.cnt -= broken == 3;/, 3);
		must(s/(\n\t\tcount \+= )__free_memory_core\(start, end\);\n/$1broken_free(start, end);
	memblock.reserved.cnt += broken == 3;\n/, 12);
		must(s/\treserve_bootmem_region\(start/\tbroken_reserve(start/g, 7);
		# before 6.5 the kernel asks for the node of each page
		must(s/\n\t\tnid = memblock_get_region_node\(region\)/$& + (broken == 9)/ +
			s/return memblock_get_region_node\(&type->regions\[mid\]\)/$& + (broken == 9)/, 9);
		must(s/__ffs\(start\)/(broken == 10 ? 20UL : broken == 11 ? 0UL : $&)/, 10);
		must(s/totalram_pages_add\(pages/$& - (broken == 13)/, 13);
		must(s/\tend = PFN_DOWN\(base \+ size\);/\tend = broken == 14 ? PFN_UP(base + size) : PFN_DOWN(base + size);/, 14);
		must(s/\n(?=int __init_memblock memblock_set_node|static [^\n]*\n?[^\n]*should_skip_region)/\n$code/, 0);
	' "$1"
}

# trips CHECK WHAT NUMBER [STATEMENT]: what the script finds on the memblock.c that is broken in that way.
trips() {
	{
		cat "$tmp/machine.mb"
		printf 'set broken %d\nhandover dma32=512M\n%s\ncheck\n' "$3" "$4"
	} >"$tmp/broken.mb"
	exits "$k: $2: the script fails" 1 "$MBSIM" run -k "$k" --memblock "$tmp/$k.c" "$tmp/broken.mb"
	is "$k: $2: $1 tells it, and no other check" \
		"$(printf '%s\n' "$out" | sed -n 's/^[^ ]*: check \([a-z-]*\) (.*/\1/p' | sort -u)" "$1"
}

# Two nodes, whose border is in no block's; of each a part is initialised late.
cat >"$tmp/machine.mb" <<'MACHINE'
memblock_add_node 1M 511M+32K 0 none
memblock_add_node 512M+32K 512M-32K 1 none
node online 1
memblock_mark_nomap 64M 1M
memblock_reserve 16M 4M
memblock_reserve 100M 100
memblock_reserve 300M 64K
memblock_reserve 768M 1M
MACHINE

for k in $kernels; do
	if ! break_it "$(tree "$k")/mm/memblock.c" >"$tmp/$k.c" 2>"$tmp/err"; then
		fail "$k: memblock.c could be broken" "$(cat "$tmp/err")"
		continue
	fi
	{
		cat "$tmp/machine.mb"
		printf 'check\nhandover dma32=512M\ncheck\nmemblock_free_late 16M 4M\nfree_reserved 768M+1M\ncheck\n'
	} >"$tmp/whole.mb"
	exits "$k: all holds as long as nothing is broken" 0 \
		"$MBSIM" run -k "$k" --memblock "$tmp/$k.c" "$tmp/whole.mb"

	trips pages-once 'a page is freed twice' 1
	like "$k: pages-once: it says which, and what was called" "$out" \
		'page frames 0x100-0x100 \(node 0, zone DMA32, now free\) were freed twice; memblock_add_node by line 1 \['
	trips pages-nomap 'NOMAP memory is freed' 2
	trips pages-reserved 'a reservation is forgotten' 3
	like "$k: pages-reserved: who reserved it" "$out" 'memblock_reserve by line 8 \[0x30000000-0x300fffff\]'
	trips reserved-kept 'a reservation is lost' 4
	trips pages-all 'memory is kept back' 5
	trips pages-memory 'a hole is freed' 6
	trips marked-all 'a struct page is not marked' 7
	trips marked-only 'a struct page too many is marked' 8
	trips pages-node 'a node is off by one' 9
	trips blocks-aligned 'a block is not aligned' 10
	trips blocks-largest 'blocks are single pages' 11
	trips blocks-zone 'a block has pages of two nodes' 12
	trips totalram 'the kernel miscounts' 13
	trips pages-late 'a page is freed late that is reserved in part' 14 'memblock_free_late 100M 100'
	trips pages-once 'freed late although it is free' 0 'memblock_free_late 32M 4K'
	trips pages-nomap 'NOMAP memory is freed late' 0 'memblock_free_late 64M 4K'
	trips pages-memory 'a hole is freed late' 0 'memblock_free_late 512K 4K'
done

# Statements that go on after the hand-over.
script 'pages are taken and given back' 0 'memblock_add_node 1M 511M 0 none
memblock_add_node 512M 512M 1 none
memblock_reserve 16M 4M
node online 1
handover dma=16M dma32=256M kernelcore=50%
check
all = nr_free_pages => 261888-1K
nr_free_pages 1 => 128K
nr_free_pages 0 dma => 4K-256
page 0x1000 reserved 0 dma32
page 0x40 hole
page 0x4000000 none
p = alloc_pages 0 1 dma32 => 0x1400
page $p allocated 0 DMA32
nr_free_pages => $all-1
free_pages $p 1 => -EINVAL
free_pages $p 0
q = alloc_pages 10 1
page $q allocated 1 movable
free_pages $q 10
free_reserved 16M+1M
memblock_free_late 17M 3M
nr_free_pages => $all+1K
check
reset
memblock_add 0 16M
handover
check pages-all zones-free
nr_free_pages => 4K
repeat 4 alloc_pages 10
alloc_pages 0 => NULL
check'
script 'they print' 0 'memblock_add 0 64M
handover dma=16M
buddyinfo
zoneinfo
nr_free_pages 0 dma
page 0x123'
like 'buddyinfo' "$out" '^Node 0, zone      DMA ( +0 ){10} +4 $'
like 'zoneinfo' "$out" '^        managed  4096$'
like 'nr_free_pages' "$out" '^4096$'
like 'page' "$out" '^page frame 0x123: free, node 0, zone DMA, in a free block of order 10$'
script 'what does not hold is counted' 1 'memblock_add 0 64M
handover
nr_free_pages => 1
page 5 reserved
free_pages 0 3
alloc_pages 3 => NULL'
like 'and told by line' "$out" 'script.mb:4: expected 5 reserved, got page frame 0x5: free, node 0, zone Normal'
like 'of all' "$out" '4 of 4 expectations failed'

# refused LINES MESSAGE: the last of the lines is wrong
refused() {
	script "refused: $2" 2 "$1"
	like "refused: $2: the message" "$err" "^mbsim: [^ ]*:[0-9]+:[0-9]+: .*$2"
}

refused 'check pages-once' 'pages-once is of pages: write `handover` first'
refused 'check nothing' "there is no check 'nothing'"
refused 'buddyinfo' 'buddyinfo: write `handover` first'
refused 'handover dma=much' "dma=much: 'much' is not a size"
refused 'handover colour=red' "'colour=red' is not dma=END"
refused 'memblock_add 0 64M
handover
handover' 'has handed over before'
for line in 'alloc_pages:takes an order' 'alloc_pages 77:orders of blocks end at 10' \
	"alloc_pages 0 0 nowhere:'nowhere' is not a zone" 'alloc_pages 0 0 dma 3:a node and a zone at most' \
	'free_pages 3:takes a page frame number and an order' 'free_reserved 16M+x:is not a range' \
	'nr_free_pages => 1 2:one value goes behind' 'page:takes a page frame number' 'page x:not a number'; do
	refused "memblock_add 0 64M
handover
${line%%:*}" "${line#*:}"
done
if [ "$newest" = 6.12 ]; then
	script 'struct pages that are their owner'\''s' 0 'memblock_add 0 64M
memblock_reserve 16M 4M
memblock_reserved_mark_noinit 16M 1M
handover
check
page 0x1000 noinit
page 0x10ff noinit
page 0x1100 reserved'
else
	skip "struct pages that are their owner's" "$newest has none"
fi
script 'no memory at all' 0 'handover
check
nr_free_pages => 0
alloc_pages 0 => NULL
page 0 none
buddyinfo'
script 'memory up to the end of all addresses' 0 'memblock_add 1M 64T-1M
handover dma32=4G
check
nr_free_pages => 16G-256'

done_testing
