#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# memblock.c broken on purpose: each way to go wrong is one clear report and exit status 1, and
# leaves nothing behind for what comes next.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

src=$(tree "$newest")/mm/memblock.c

# breaks NAME CODE: memblock.c with CODE at the beginning of memblock_trim_memory().
breaks() {
	awk -v code="$2" '{ print } /memblock_trim_memory\(phys_addr_t align\)/ { inside = 1 }
		inside && /^{/ { getline; print; print code; inside = 0 }' "$src" >"$tmp/$1.c"
	! cmp -s "$src" "$tmp/$1.c" || fail "$1: the place to break was not found"
}

trim='memblock_add 0 1G
memblock_trim_memory 4K'

breaks loop 'for (;;) barrier();'
script 'an endless loop' 1 "$trim" -m "$tmp/loop.c" --timeout 1
like 'is ended' "$out" 'script.mb:2: timeout: took too long, stopped in memblock_trim_memory\+0x'

breaks outside '*(volatile int *)__va(0x123456789000ULL) = 1;'
script 'a write outside RAM' 1 "$trim" -m "$tmp/outside.c"
like 'is told with its physical address and function' "$out" \
	'script.mb:2: fault: write to physical address 0x123456789000, which is not RAM, in memblock_trim_memory\+0x'

breaks read 'align = *(volatile int *)__va(0x40000000ULL);'
script 'a read behind the end of RAM' 1 "$trim" -m "$tmp/read.c"
like 'is told' "$out" 'fault: read of physical address 0x40000000, which is not RAM'

breaks memset 'memset(__va(0x3ffff000ULL), 0, 0x2000);'
script 'zeroing beyond the end of RAM' 1 "$trim" -m "$tmp/memset.c"
like 'is told with the function that asked for it' "$out" \
	'fault: write to physical address 0x40000000, which is not RAM, in memblock_trim_memory\+0x'

breaks null 'align = *(volatile int *)(align - 4096 + 8);'
script 'a null pointer' 1 "$trim" -m "$tmp/null.c"
like 'is told' "$out" 'fault: read of bad address 0x8, in memblock_trim_memory'

breaks page 'pfn_to_page(5)->flags = 1;'
script 'a struct page that has no content' 1 "$trim" -m "$tmp/page.c"
like 'is told with its pfn' "$out" 'fault: write to the struct page of pfn 0x5'

breaks panic 'panic("no %s at %pa", "bananas", &align);'
script 'a panic' 1 "$trim" -m "$tmp/panic.c"
like 'is told in its own words' "$out" 'script.mb:2: panic: no bananas at 0x0000000000001000'
like 'and shows the log' "$out" 'Kernel panic - not syncing: no bananas'

breaks bug 'BUG_ON(align == 4096);'
script 'a BUG' 1 "$trim" -m "$tmp/bug.c"
like 'is told with its place' "$out" 'bug: kernel BUG at mm/memblock.c:[0-9]+! \(memblock_trim_memory\)'

breaks recurse 'memblock_trim_memory(align);'
case $MBSIM in
*asan*) skip 'endless recursion' 'the sanitizer ends the process at it' ;;
*)
	script 'endless recursion' 1 "$trim" -m "$tmp/recurse.c"
	like 'is told' "$out" 'fault: the stack is used up, in memblock_trim_memory'
	;;
esac

breaks unknown 'if (align == 4096) never_seen(align, &align, "x");'
sed -i '1i #include <linux/never_seen.h>' "$tmp/unknown.c"
exits 'an unknown header and function' 0 "$MBSIM" kernel build -m "$tmp/unknown.c"
like 'are noted: the header' "$out" 'linux/never_seen.h: unknown header, an empty one stands in'
like 'are noted: the function' "$out" 'never_seen\(\): unknown function; calling it ends the run'
script 'who does not call it is not disturbed' 0 'memblock_add 0 1G
memblock_trim_memory 8K' -m "$tmp/unknown.c"
script 'who calls it is ended' 1 "$trim" -m "$tmp/unknown.c"
like 'by its name' "$out" 'trap: never_seen\(\) was used'

for end in panic:panic outside:fault loop:timeout bug:bug unknown:trap; do
	script "after ${end%:*}, expected, a reset brings back the pristine state" 0 "
memblock_add 0 1G
memblock_allow_resize
repeat 200 memblock_reserve 1M+\$i*8K 4K
set bottom_up 1
set limit 1M
memblock_trim_memory 4K => ${end#*:}
reset
expect memory none
expect reserved none
expect reserved.max 128
expect memblock_can_resize 0
memblock_bottom_up => false
memblock_add 0 1G
memblock_alloc 4K 4K => 0x3ffff000" -m "$tmp/${end%:*}.c" --timeout 1
done

script 'the wrong end is a failure' 1 "memblock_add 0 1G
memblock_trim_memory 4K => panic" -m "$tmp/bug.c"

breaks vendor 'NODE_DATA(0)->vendor_count += vendor_hook_count; NODE_DATA(0)->node_zones[0].vendor_zone = 1;'
sed -i '1i #include <linux/vendor.h>' "$tmp/vendor.c"
sed -i 's/^void __init_memblock memblock_trim_memory(/__vendor_annotation &/' "$tmp/vendor.c"
for cc in gcc clang; do
	exits "$cc: what vendors add builds" 0 env CC=$cc "$MBSIM" kernel build -m "$tmp/vendor.c"
	like "$cc: members" "$out" 'vendor_count in struct pglist_data: unknown member, a number stands in'
	like "$cc: members of zones" "$out" 'vendor_zone in struct zone: unknown member'
	like "$cc: values" "$out" 'vendor_hook_count: unknown value; using it ends the run'
	like "$cc: annotations" "$out" '__vendor_annotation: unknown annotation, left out'
done
script 'and is ended only where it is used' 1 'memblock_add 0 1G
memblock_alloc 4K 4K => 0x3ffff000
memblock_trim_memory 4K' -m "$tmp/vendor.c"
like 'by its name' "$out" 'script.mb:3: trap: vendor_hook_count was used'

sed 's/^int __init_memblock memblock_add(/int nonsense +/' "$src" >"$tmp/syntax.c"
exits 'what cannot be compiled' 2 "$MBSIM" kernel build -m "$tmp/syntax.c"
like 'is told in one line with its place' "$err" "^mbsim: cannot compile: $tmp/syntax.c:[0-9]+:[0-9]+: error:"
is 'one line' "$(printf '%s\n' "$err" | wc -l)" 1
done_testing
