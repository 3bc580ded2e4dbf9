#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim run: scripts, what they can say, and what is said of wrong ones.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

for k in $kernels; do
	script "$k: add, reserve, allocate, free" 0 '
memblock_add 0x0 0x9fc00
memblock_add(0x100000, 2G-1M);          # as in C
expect memory 0x0-0x9fbff 0x100000-0x7fffffff
expect memory.cnt 2
expect memory.total_size 0x7ff9fc00
memblock_reserve 0 64K => 0
page = memblock_alloc_try_nid 4K 64 0 0 -1 => 0x7ffff000
expect reserved 0x0-0xffff 0x7ffff000-0x7fffffff
expect free 0x10000-0x9fbff 0x100000-0x7fffefff
memblock_is_reserved $page+4095 => true
memblock_phys_free $page 4K => 0
expect reserved 0x0-0xffff
memblock_remove 1G 1G
expect memory 0x0-0x9fbff 0x100000-0x3fffffff
memblock_end_of_DRAM => 1G' -k "$k"

	script "$k: nodes and flags" 0 '
node online 0 1
memblock_add_node 0 1G 0 none
memblock_add_node 1G 1G 1 hotplug
expect memory 0-0x3fffffff@0:none 0x40000000-0x7fffffff@1:hotplug
memblock_mark_nomap 1M 1M
expect memory 0-0xfffff@0 0x100000-0x1fffff@0:nomap 0x200000-0x3fffffff@0 0x40000000-0x7fffffff@1
memblock_is_map_memory 1M => false
memblock_alloc_try_nid 4K 4K 0 0 1 => 0x7ffff000
memblock_alloc_try_nid 4K 4K 0 0 0 => 0x3ffff000
memblock_search_pfn_nid 0x40000 ? ? => 1 0x40000 0x80000
memblock_set_node 0 512M memory 3 => 0
expect memory 0-0xfffff@3 0x100000-0x1fffff@3:nomap 0x200000-0x1fffffff@3 0x20000000-0x3fffffff@0 0x40000000-0x7fffffff@1
memblock_is_hotpluggable memory[4] => true
memblock_is_nomap memory[0] => false' -k "$k"

	script "$k: direction, limits, the state around memblock" 0 '
memblock_add 0 4G
set bottom_up 1
memblock_bottom_up => true
memblock_alloc_from 4K 4K 16M => 0x1000000
set bottom_up 0
set limit 1G
memblock_alloc 4K 4K => 0x3ffff000
memblock_get_current_limit => 1G
set low_limit 16M-1
memblock_alloc_low 4K 4K => 0xffe000
expect memblock_can_resize 0
memblock_allow_resize
expect memblock_can_resize 1
memblock_mark_hotplug 0 1G
set movable_node 1
set limit MEMBLOCK_ALLOC_ANYWHERE
memblock_alloc_try_nid 4K 4K 0 1G -1 => NULL
set movable_node 0
memblock_alloc_try_nid 4K 4K 0 1G -1 => 0x3fffe000' -k "$k"

	script "$k: the kernel's own parameters, its log, and debugfs" 0 '
cmdline memblock=debug
memblock_add 0 1G
expect log "memblock_add: [0x0000000000000000-0x000000003fffffff] mbsim+0x0/0x0"
memblock_reserve 0 4K
memblock_dump_all
expect log " memory size = 0x0000000040000000 reserved size = 0x0000000000001000"
expect log " memory.cnt  = 0x1"
expect log " reserved[0x0]	[0x0000000000000000-0x0000000000000fff], 0x0000000000001000 bytes flags: 0x0"
reset
memblock_add 0 1G
expect reserved none
expect memblock_debug 0' -k "$k"

	script "$k: debugfs" 0 '
memblock_add_node 0 1G 0 none
memblock_reserve 4K 8K
dump debugfs memblock/memory debugfs memblock/reserved' -k "$k" --config arm64
	like "$k: debugfs shows the memory" "$out" '^ *0: 0x0000000000000000..0x000000003fffffff'
	like "$k: debugfs shows what is reserved" "$out" '^ *0: 0x0000000000001000..0x0000000000002fff'

	script "$k: slab" 0 '
memblock_add 0 1G
memblock_allow_resize
set slab 1
cmdline memblock=debug
repeat 200 memblock_reserve 1M+$i*8K 4K
expect reserved.cnt 200
expect reserved.max 256
expect memblock_reserved_in_slab 1
repeat 200 memblock_reserve 256M+$i*8K 4K
expect reserved.max 512' -k "$k"

	script "$k: the hand-over" 0 '
memblock_add 0 16M
memblock_reserve 0 64K
memblock_mark_nomap 1M 1M
set max_low_pfn 0x100000
memblock_free_all
expect freed 0x10000-0xfffff 0x200000-0xffffff' -k "$k"

	script "$k: 32-bit physical addresses" 0 '
memblock_add 0xf0000000 0x10000000
memblock_phys_mem_size => 0xfffffff
cmdline memblock=debug
memblock_reserve 0xf0000000 4K
expect log "memblock_reserve: [0xf0000000-0xf0000fff]"
memblock_alloc 64K 64K => 0xfffe0000' -k "$k" --config phys32

	script "$k: physmem" 0 '
memblock_physmem_add 0 1G
expect physmem 0-0x3fffffff
expect memory none' -k "$k" --config s390
done

script 'expectations that do not hold' 1 'memblock_add 0 1G
memblock_alloc 4K 4K => 0x1000
expect memory 0-0xfff
expect reserved.cnt 7
expect log "nothing of the kind"
expect free none
expect memory 0-0x3fffffff@5:hotplug
memblock_add 0 1G => panic'
like 'tell what was expected and what came' "$out" \
	'script.mb:2: memblock_alloc 0x1000 0x1000 => expected 0x1000, got 0x3ffff000'
like 'show the regions' "$out" '  got 0-0x3fffffff'
like 'are counted' "$out" '7 of 7 expectations failed'

script 'a panic is a result' 1 'memblock_add 0 1M
memblock_enforce_memory_limit 0
set bottom_up 1
memblock_trim_memory 4K
node online 0
memblock_phys_alloc_try_nid 4K 4K 7
memblock_alloc_node 4K 4K 0 => panic'

for wrong in 'memblock_nonsense 1 2/1:1: memblock_nonsense: no statement' \
	'memblock_add 1/1:14: memblock_add takes 2 arguments: int memblock_add' \
	'memblock_add 0 12Q/1:18: unknown suffix' \
	'memblock_add 0 99999999999999999999/1:16: does not fit 64 bits' \
	'memblock_add 0 $x/1:16: nothing has been called' \
	'memblock_mark_nomap 0 zero/1:23: not a number or a known name' \
	'memblock_add_node 0 4K 0 sticky/1:26: this kernel has no flag' \
	'memblock_set_node 0 4K storage 0/1:24: not memory, reserved or physmem' \
	'memblock_add 0 4K => 1 2/1:24: memblock_add has no more than 1 results' \
	'memblock_add 0 4K =>/1:19: nothing behind' \
	'set nothing_at_all 3/1:5: this kernel has no variable' \
	'cmdline quiet/1:9: memblock of this kernel does not know' \
	'expect weather 3/1:8: expect what' \
	'expect memory 5-3/1:15: .*is not a range' \
	'ram 0-0xffffffffffffff/1:5: RAM ends at' \
	'node online 99999/1:13: node ids of this configuration end at' \
	'echo "never ends/1:6: the quotation does not end' \
	'dump debugfs memblock/memory/1:14: this kernel makes no files in debugfs'; do
	script "wrong: ${wrong%%/1:*}" 2 "${wrong%%/1:*}"
	like 'is told with its place' "$err" "script.mb:1:${wrong##*/1:}"
	is 'in one line' "$(printf '%s\n' "$err" | wc -l)" 1
done

exits 'a script from standard input' 0 sh -c "echo 'memblock_add 0 4K' | '$MBSIM' run -"
exits 'a missing script' 2 "$MBSIM" run "$tmp/missing.mb"
like 'is named' "$err" 'missing.mb: No such file'
printf '\0\377\1garbage' >"$tmp/binary.mb"
exits 'a binary file' 2 "$MBSIM" run "$tmp/binary.mb"

script 'the trace' 0 'memblock_add 0 1G
cmdline memblock=debug
memblock_alloc 4K 64' --trace
like 'shows calls and results' "$out" '^memblock_add 0 0x40000000 => 0$'
like 'shows the log' "$out" '^  \| memblock_alloc_try_nid: 4096 bytes align=0x40 nid=-1 from=0x0000000000000000 max_addr=0x0000000000000000 mbsim'
like 'then the result' "$out" '^  => 0x3ffff000$'
done_testing
