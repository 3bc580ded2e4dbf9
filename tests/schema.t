#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# --json of every command against docs/schema (schema.py): good, bad and odd.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/broken.sh"

python=/usr/bin/python3
"$python" -W ignore -c 'import jsonschema' 2>/dev/null || skip_all 'no python3-jsonschema'
log=$top/tests/data/boots/amd64-6.12-2g-bios.log.xz
mkdir "$tmp/json"

# prints SCHEMA WHAT STATUS COMMAND...: what an mbsim command prints is one of those to be looked at.
prints() {
	prints_file=$tmp/json/$1.$2.json prints_name="$1: $2"
	shift 2
	prints_wanted=$1
	shift
	prints_status=0
	"$MBSIM" "$@" >"$prints_file" 2>"$tmp/said" || prints_status=$?
	[ "$prints_status" -eq "$prints_wanted" ] ||
		fail "$prints_name" "exit status $prints_status instead of $prints_wanted: $(cat "$tmp/said")"
}

# Machines: one without room for a boot, one with all that a layout can say, and what is wrong in it.
printf 'layout 1\narch x86_64\nram 0x0-0x9ffff\nram 0x100000+4M\n' >"$tmp/4m.layout"
printf '%s\n' 'layout 1' 'arch x86_64' 'cpus 2' 'ram 0+2G' 'reserved 1G+1M "a\\b <c>"' 'node 0 0+1G hotplug' 'node 1 1G+1G' \
	'distance 0 1 20' >"$tmp/odd.layout"
xzcat "$log" | sed 's/0x0000000078c00000/0x0000000078c01000/; s/BIOS-e820/\xff\xfe&/' >"$tmp/odd.log"
printf '%s\n' 'memblock_add 0 1G' 'memblock_reserve 1M 4K' 'memblock_phys_alloc 4K 4K' 'echo the end' >"$tmp/a.mb"
sed 's/1M 4K/1M 8K/; s/^echo.*/memblock_phys_alloc_range 4G 4K 0 0/' "$tmp/a.mb" >"$tmp/b.mb"
broken bad "$(in_function memblock_trim_memory 's/^{/{ *(volatile int *)__va(0x123456789000ULL) = 1;/')
$(in_function memblock_is_reserved 's/return/return !/')
s/cand = round_down(this_end - size, align);/cand = round_down(this_end - size, 2 * align);/"
sed 's/^int __init_memblock memblock_add(/nonsense &/' "$memblock" >"$tmp/nonsense.c"

prints boot log 0 boot -k "$newest" --json "$log"
prints boot no-log 0 boot -k "$newest" --json preset:server-2s
prints boot no-room 1 boot -k "$newest" --json "$tmp/4m.layout"
prints boot fault 1 boot -m "$tmp/bad.c" --json "$log"
prints boot odd 0 boot -k "$newest" --json "$tmp/odd.log"
prints replay good 0 replay -k "$newest" --json "$log"
prints replay asked 0 replay -k "$newest" --json --at 60 --largest 3 --by caller --who 1M "$log"
prints replay odd 0 replay -k "$newest" --json "$tmp/odd.log"
xzcat "$log" | sed '/Zone ranges/,$d' >"$tmp/cut.log"
prints replay cut 0 replay -k "$newest" --json "$tmp/cut.log"
prints replay predict 0 replay -k "$newest" --json --predict "$log"
prints replay what-if 1 replay -k "$newest" --json --without-ram=1M-0x7fffffff --drop='sparse*' --cmdline='quiet mem=1G' "$log"
prints replay bad 1 replay -m "$tmp/bad.c" --json "$log"
prints layout odd 0 layout show --json "$tmp/odd.layout"
prints layout log 0 layout show --json "$log"
prints layout tree 0 layout show --json "$top/tests/data/trees/board.dts"
prints layout-diff same 0 layout diff --json "$log" "$log"
prints layout-diff differ 1 layout diff --json "$log" "$tmp/odd.layout"
prints layout-presets all 0 layout presets --json
prints test good 0 test -k "$newest" --json memblock_is memblock_totals
prints test several 0 test -k "$newest" -c x86_64 -c phys32 --json --shuffle=7 memblock_is
prints test failing 1 test -m "$tmp/bad.c" --json memblock_is memblock_reserve_relations
prints test known 0 test -k "$newest" --json 'memblock_answers'
prints test fault 1 test -m "$tmp/bad.c" --json memblock_totals
prints test not-built 125 test -m "$tmp/nonsense.c" -c x86_64 -c phys32 --json memblock_is
prints diff equal 0 diff -k "$newest" -k "$newest" --json run "$tmp/a.mb"
prints diff calls 1 diff -k "$newest" -m "$tmp/bad.c" --json replay "$log"
prints diff tests 1 diff -k "$newest" -m "$tmp/bad.c" --json test memblock_is
prints diff fault 1 diff -k "$newest" -m "$tmp/bad.c" --json boot
prints fuzz nothing 0 fuzz -k "$newest" --seed 1 --runs 100 --json
prints fuzz found 1 fuzz -m "$tmp/bad.c" --seed 1 --runs 100 --findings 1 -j 1 --json --kernels "$newest"
prints explain who 0 explain --json "$log" who 1M
prints explain alloc 1 explain --json "$log" alloc 64G 4K
prints explain hugepages 0 explain --json "$log" hugepages 2M
prints explain crashkernel 0 explain --json crashkernel=256M
prints mutate list 0 mutate -k "$newest" --list --sample=3 --json
prints kernel list 0 kernel --json
prints kernel build 0 kernel build --json -k "$newest"
prints kernel show 0 kernel show --json -k "$newest"

"$MBSIM" boot -k "$newest" --trace-event "$tmp/json/trace-event.boot.json" "$log" >"$tmp/said"
"$MBSIM" replay -k "$newest" --trace-event "$tmp/json/trace-event.replay.json" "$log" >"$tmp/said"
"$python" -W ignore "$top/tests/schema.py" "$top/docs/schema" "$tmp/json" >"$tmp/found" 2>"$tmp/why"
is 'the validator did not give up' "$?$(tail -n 3 "$tmp/why")" 0
while read -r line; do
	case $line in
	'ok '*) pass "${line#ok }" ;;
	*) fail "${line#not ok }" ;;
	esac
done <"$tmp/found"
done_testing
