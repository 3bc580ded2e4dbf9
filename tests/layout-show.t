#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim layout show, diff and check: what people see of a memory map.
. "$(dirname "$0")/tap.sh"

cat >"$tmp/a.layout" <<'END'
layout 1
arch x86_64
page_size 4K
cpus 2
model A machine
cmdline quiet
ram 0-0x9fbff
nvs 0xf0000+64K "ACPI NVS, odd"
ram 1M-0x7fffffff
update 0+4K ram => reserved
node 0 0+1G
node 1 1G+1G hotplug
node_cpus 0 2
distance 0 1 21
distance 1 0 21
kernel 16M+16M
dynamic 64M "cma" align 4M in 0+1G reusable
usable 0+2G
END

exits 'a layout is shown' 0 "$MBSIM" layout show "$tmp/a.layout"
like 'the machine' "$out" 'a.layout: x86_64, A machine, 2 processors, pages of 4K$'
like 'a row with nodes and flags' "$out" '^ *0x100000 0x7fffffff +1.9G +0,1 ram +hotplug *$'
like 'words of the firmware' "$out" '^ *0xf0000 +0xfffff +64K +nvs +ACPI NVS, odd$'
like 'an update' "$out" '^ *0 0xfff +4K ram +reserved *$'
like 'what is in use' "$out" '^0x1000000 0x1ffffff +16M kernel *$'
like 'what is asked for' "$out" '^  64M for cma, aligned to 4M, within 0-0x3fffffff, reusable$'
like 'a node with processors and distances' "$out" '^ +0 1023\.6M +2 1:21$'
like 'a node' "$out" '^ +1 +1G +0:21$'
like 'sums' "$out" '^  RAM for memblock +1.9G +2147085312 bytes$'
unlike 'no picture without a terminal' "$out" 'To scale'
exits 'without a verb' 2 "$MBSIM" layout "$tmp/a.layout"
like 'it says what may come first' "$err" "'.*a.layout' is not show, convert,"
exits 'with places' 0 "$MBSIM" layout show -v "$tmp/a.layout"
like 'each has its line' "$out" '^ *0x100000 .* line 9$'
exits 'as JSON' 0 "$MBSIM" layout show --json "$tmp/a.layout"
if printf '%s\n' "$out" | jq -e '.version == 1 and .arch == "x86_64" and .ram_bytes == 2147085312 and
	(.ram | length) == 2 and .map[1].words == "ACPI NVS, odd" and .map[2].at.line == 9 and
	.updates[0].to == "reserved" and .nodes[1].flags == ["hotplug"] and .node_cpus[0].cpus == 2 and
	.distances[0].distance == 21 and .reservations[0].kind == "kernel" and
	.dynamic[0].within[0].size == 1073741824 and .usable[0].start == 0 and .lines.bad == 0' >/dev/null; then
	pass 'all facts are in it'
else
	fail 'all facts are in it' "$out"
fi
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	exits 'on a terminal' 0 env LC_ALL=C script -qec "$MBSIM layout show $tmp/a.layout" /dev/null
	like 'RAM is drawn to scale' "$out" '^  0 .*-+.* 2G'
else
	skip 'RAM is drawn to scale' 'no terminal to be had'
fi

exits 'a layout and itself' 0 "$MBSIM" layout diff "$tmp/a.layout" "$tmp/a.layout"
is 'nothing is different' "$out" ''
# cut elsewhere, and in another order
sed -e '/^ram 1M/d' -e '/^node 1/d' "$tmp/a.layout" >"$tmp/b.layout"
printf 'ram 1G-0x7fffffff\nram 1M-0x3fffffff\nnode 1 0x60000000+512M hotplug\nnode 1 1G+512M hotplug\n' >>"$tmp/b.layout"
exits 'the same in other pieces' 0 "$MBSIM" layout diff "$tmp/a.layout" "$tmp/b.layout"
sed 's/^nvs/acpi/; s/^cpus 2/cpus 3/' "$tmp/a.layout" >"$tmp/b.layout"
exits 'two that differ' 1 "$MBSIM" layout diff "$tmp/a.layout" "$tmp/b.layout"
is 'both sides are told' "$(printf '%s\n' "$out" | grep -v -e '^---' -e '^+++')" '-cpus 2
-nvs      0xf0000-0xfffff "ACPI NVS, odd"
+cpus 3
+acpi     0xf0000-0xfffff "ACPI NVS, odd"'
exits 'as JSON' 1 "$MBSIM" layout diff --json "$tmp/a.layout" "$tmp/b.layout"
is 'likewise' "$(printf '%s\n' "$out" | jq -c '[.same, (.only_a | length), .only_b[0]]')" '[false,2,"cpus 3"]'
exits 'one alone has no difference' 2 "$MBSIM" layout diff "$tmp/a.layout"
exits 'two are not shown' 2 "$MBSIM" layout show "$tmp/a.layout" "$tmp/b.layout"
exits 'one that is not there' 2 "$MBSIM" layout show "$tmp/nothing"
like 'is named' "$err" "^mbsim: .*nothing: No such file"

exits 'nothing contradicts itself' 0 "$MBSIM" layout check "$tmp/a.layout"
printf 'node 2 512M+1G\nreserved 0x8000+64K\n' >>"$tmp/b.layout"
exits 'a node twice' 1 "$MBSIM" layout check "$tmp/b.layout"
like 'both places are told' "$out" 'b.layout:[0-9]+: error: .* is on node 2, but line 11 has .* on node 0$'
like 'rows that overlap' "$out" 'overlaps .* of line 7$'
done_testing
