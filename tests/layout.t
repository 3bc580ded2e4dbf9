#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim layout: machines that are made up, those that have a name, and other forms of them.
. "$(dirname "$0")/tap.sh"

exits 'what can be asked for' 0 "$MBSIM" layout generate help
like 'nodes' "$out" '^nodes +nodes with memory'
exits 'a machine is made up' 0 "$MBSIM" layout generate nodes=2,size=1G --seed 7 -o "$tmp/two.layout"
is 'into a file' "$out" ''
exits 'which is a layout' 0 "$MBSIM" layout check "$tmp/two.layout"
exits 'the same again' 0 "$MBSIM" layout diff "$tmp/two.layout" generate:nodes=2,size=1G,seed=7
exits 'another seed' 0 "$MBSIM" layout generate random --seed 8
first=$out
exits 'and another' 0 "$MBSIM" layout generate random,seed=9
if [ "$first" = "$out" ]; then
	fail 'make other machines'
else
	pass 'make other machines'
fi
exits 'what nobody knows' 2 "$MBSIM" layout generate nodez=2
like 'is named' "$err" '^mbsim: generate: .*nodez'
exits 'no such form' 2 "$MBSIM" layout convert --to=xml
like 'the forms are named' "$err" 'xml.*native, json'

exits 'presets' 0 "$MBSIM" layout presets
like 'have a line each' "$out" '^uefi-laptop +A laptop'
names=$(printf '%s\n' "$out" | cut -d' ' -f1)
exits 'as JSON' 0 "$MBSIM" layout presets --json
is 'are as many' "$(printf '%s\n' "$out" | jq length)" "$(printf '%s\n' "$names" | wc -l)"
for name in $names; do
	exits "$name: nothing contradicts itself" 0 "$MBSIM" layout check "preset:$name"
	case $name in
	pc-highmem) continue ;; # i386
	esac
	exits "$name boots" 0 "$MBSIM" boot "$name"
	like "$name: all checks hold" "$out" '^All checks hold'
done
exits 'no such preset' 2 "$MBSIM" boot preset:nothing
like 'is named' "$err" 'nothing'

exits 'another form: JSON' 0 "$MBSIM" layout convert --to json preset:cxl
is 'has the RAM' "$(printf '%s\n' "$out" | jq .ram_bytes)" \
	"$("$MBSIM" layout show --json preset:cxl | jq .ram_bytes)"
exits 'another form: options of the kernel' 0 "$MBSIM" layout convert --to memmap-cmdline preset:pc-2g
printf 'layout 1\narch x86_64\nram 0-64G\ncmdline memmap=exactmap %s\n' "${out#memmap=exactmap}" >"$tmp/huge.layout"
exits 'with them, a huge machine is this one' 0 "$MBSIM" boot --json "$tmp/huge.layout"
is 'page by page' "$(printf '%s\n' "$out" | jq .sums.present_pages)" \
	"$("$MBSIM" boot --json preset:pc-2g | jq .sums.present_pages)"
exits 'one that is too long' 0 "$MBSIM" layout convert --to memmap-cmdline preset:uefi-many
like 'is told' "$err" 'note: that is [0-9]+ bytes, and x86 kernels take 2047'

# facts LAYOUT: what a device tree can say of it, in one line; names of nodes end with their address.
facts() {
	"$MBSIM" layout show --json "$1" | jq -c '[.ram, .model, .cmdline, .cpus, .dma_last, .node_cpus,
		.distances, .dynamic, .usable, (.reservations[] | select(.kind | . == "initrd" or
		. == "reserve" or . == "reserved_memory") | .name = (.name | split("@")[0]) |
		if .kind == "initrd" then .name = "" else . end)] | del(.. | .at?)'
}
if command -v dtc >/dev/null; then
	for source in board-cma arm64-virt 'generate:arch=arm64,nodes=3,size=1G,memory_only=1' \
		'generate:arch=arm64,random,seed=3' 'generate:arch=riscv,size=2G,reserved_memory=5,nomap=50%,dynamic=3'; do
		exits "$source: another form: a device tree" 0 "$MBSIM" layout convert --to dts -o "$tmp/x.dts" "$source"
		is "$source: and back again" "$(facts "$tmp/x.dts")" "$(facts "$source")"
	done
else
	skip 'another form: a device tree' 'no dtc'
fi

seed=0
while [ $((seed += 1)) -le 10 ]; do
	for arch in x86_64 arm64; do
		exits "$arch, seed $seed: boots" 0 "$MBSIM" boot "generate:random,arch=$arch,seed=$seed"
		like "$arch, seed $seed: all checks hold" "$out" '^All checks hold'
	done
done
for spec in holes=3000,hole_size=4K,size=4G nodes=2,size=256M,block=4M,pci_hole=0 tiny=1000,tiny_size=1 \
	size=4G,misalign=100%,holes=100 nodes=8,size=8T base=0,pci_hole=0,size=1G; do
	exits "$spec: boots" 0 "$MBSIM" boot "generate:$spec"
	like "$spec: all checks hold" "$out" '^All checks hold'
done
done_testing
