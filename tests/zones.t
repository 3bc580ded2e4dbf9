#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sanitizers: no (boot.t boots the same logs)
#
# mbsim boot: zones and nodes are those that the real kernels printed, and /proc/zoneinfo.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# Lines of a kernel's log without their prefix, from "Zone ranges:" to the last node range.
zone_lines() {
	sed -n 's/^\[ *[0-9.]*\] //; /^Zone ranges:/,/^Initmem/p' | grep -v '^_*memblock_' |
		sed '/^Initmem/d; s/ *$//'
}

# "NODE ZONE SPANNED PRESENT" of all zones that span anything, from /proc/zoneinfo
zoneinfo() {
	awk '/^@@@@ /{ on = $2 == "/proc/zoneinfo" }
		on && /^Node/{ node = $2 + 0; zone = $4 }
		on && $1 == "spanned"{ spanned = $2 }
		on && $1 == "present" && spanned > 0 { print node, zone, spanned, $2 }'
}

# The log as it would be if the kernel had not come to zones and nodes: what the simulation
# finds must come from what is above them.
without_zones() {
	sed '/^@@@@ /,$d; /\] Zone ranges:/,/\] Initmem setup/{/memblock_/!d;}
		/\] Initmem setup/d; /\] NODE_DATA/d; /\] NUMA: Node/d; /\] On node/d'
}

boot_json='
	(.zones[] | "\(.node) \(.name) \(.spanned_pages) \(.present_pages)")'

# logs KERNEL: captured of it, and for the newest kernel those of newer ones.
logs() {
	ls "$top"/tests/data/boots/*-"$1"-*.log.xz
	[ "$1" != "$newest" ] || ls "$top"/tests/data/boots/*-7.*.log.xz
}

for k in $kernels; do
	for log in $(logs "$k"); do
		name=$(basename "$log" .log.xz)
		xzcat "$log" >"$tmp/real.log"
		without_zones <"$tmp/real.log" >"$tmp/boot.log"
		# a crash kernel that finds no room is a failure
		grep -qa 'crashkernel reservation failed\|cannot allocate crashkernel' "$tmp/real.log"
		wanted=$((! $?))
		exits "$name" "$wanted" "$MBSIM" boot -v -k "$k" "$tmp/boot.log"
		is "$name: zone ranges and node ranges" "$(printf '%s\n' "$out" | sed -n '/^\[/p' | zone_lines)" \
			"$(zone_lines <"$tmp/real.log")"
		is "$name: nodes" "$(printf '%s\n' "$out" | sed -n 's/^\[ *[0-9.]*\] \(Initmem\)/\1/p')" \
			"$(sed -n 's/^\[ *[0-9.]*\] \(Initmem\)/\1/p' "$tmp/real.log")"
		exits "$name: JSON" "$wanted" "$MBSIM" boot --json -k "$k" "$tmp/boot.log"
		printf '%s\n' "$out" >"$tmp/json"
		# all that is predicted is as the kernel printed it, figures within 1 %, but for what of
		# memory has struct pages by then, which depends on what the kernel allocates itself
		case $name in
		amd64-6.1-2g-uefi-nokaslr | amd64-6.1-8g-2node-hugepages) but='Memory: available' ;;
		amd64-* | arm64-*) but='^$' ;;
		# of the page tables and the image of these, less is known; and what ppc64 says of a crash kernel it
		# says before "Linux version", where a log begins
		ppc64el-*) but='Memory: (available|reserved)|^crash kernel' ;;
		*) but='Memory: (available|reserved)' ;;
		esac
		is "$name: predictions" "$(jq -r --arg but "$but" '.prediction[] | select(.near | not) |
			select(.what | test($but) | not) | "\(.what): \(.predicted), \(.log)"' "$tmp/json")" ''
		zoneinfo <"$tmp/real.log" >"$tmp/zoneinfo"
		# a dimm's memory comes later, and not by memblock: into the last zone of node 1
		case $name in
		*-dimm) but='^1 \(Movable\|Normal\) ' ;;
		*) but='^$' ;;
		esac
		is "$name: /proc/zoneinfo" "$(jq -r "$boot_json" "$tmp/json" | grep -v "$but")" \
			"$(grep -v "$but" "$tmp/zoneinfo")"
		is "$name: the same in JSON" "$(jq -r '
			def hex: . as $n | if $n == 0 then "" else ($n / 16 | floor | hex) +
				("0123456789abcdef" / "")[$n % 16] end;
			def address: hex | "0x" + "0000000000000000"[length:] + .;
			def mem: "[mem \(.start | address)-\(.start + .size - 1 | address)]";
			def pad(n): . + "        "[length:n];
			"Zone ranges:",
			(.zone_ranges[] | "  \(.zone | pad(8)) " + if .size then mem else "empty" end),
			"Movable zone start for each node",
			(.movable_start[] | "  Node \(.node): \(.start | address)"),
			"Early memory node ranges",
			(.node_ranges[] | "  node \("  \(.node)"[-3:]): \(mem)")' "$tmp/json")" \
			"$(zone_lines <"$tmp/real.log")"
	done
done

# The default output has them, too.
exits 'without -v' 0 "$MBSIM" boot
is 'zones are shown' "$(printf '%s\n' "$out" | sed -n '/^Zone ranges:/,/^$/p')" \
	"$(printf '%s\n' "$out" | sed -n '/^Zone ranges:/,/^ *node   0: .*7ffdffff\]/p')"
like 'the last node range' "$out" '^  node   0: \[mem 0x0000000000100000-0x000000007ffdffff\]$'

# layout VERSION TEXT: a machine whose layout was made of a log of VERSION.
layout() {
	printf 'layout 1\narch x86_64\npage_size 4K\ncpus 2\n' >"$tmp/machine.layout"
	[ -z "$1" ] || printf 'kernel_version %s\n' "$1" >>"$tmp/machine.layout"
	printf '%s\n' "$2" >>"$tmp/machine.layout"
}

# zones NAME EXPECTED [OPTION...]: of $tmp/machine.layout, in one line, in MiB and KiB.
zones() {
	zones_name=$1 zones_expected=$2
	shift 2
	exits "$zones_name: it boots" 0 "$MBSIM" boot --json "$@" "$tmp/machine.layout"
	is "$zones_name" "$(printf '%s\n' "$out" | jq -r '[(.zone_ranges[] | select(.zone != "Device") |
		.zone + if .size then " \(.start / 1024)+\(.size / 1024)" else " -" end),
		(.node_ranges[] | "\(.node):\(.start / 1024)+\(.size / 1024)"),
		(.movable_start[] | "M\(.node):\(.start / 1024)")] | join(", ")')" "$zones_expected"
}

pc='ram 0+640K
ram 1M+2047M
acpi 2G+64K'
layout '' "$pc"
zones 'the newest rules: ACPI data is the end of memory' \
	'DMA 4+16380, DMA32 16384+2080832, Normal -, 0:4+636, 0:1024+2096128' -k "$newest"
for version in 2.6.32:0,0,16384,4194304 2.6.35:4,0,16384,4194304 3.2.0-4-amd64:64,0,16384,4194304 \
	3.16.0:4,0,16384,4194304 4.19.0-5:4,0,16384,2097152 6.1.0:4,0,16384,2097152 \
	6.12.1:4,0,16384,2097216; do
	numbers=${version#*:}
	low=${numbers%%,*} end=${numbers##*,}
	layout "${version%%:*}" "$pc"
	zones "the rules of ${version%%:*}" "DMA $low+$((16384 - low)), DMA32 16384+$((end - 16384)), Normal -, 0:$low+$((640 - low)), 0:1024+2096128"
done
case $newest in
6.12)
	layout 3.16.0 "$pc"
	exits 'rules of another kernel are told of' 0 "$MBSIM" boot -k 6.12 "$tmp/machine.layout"
	like 'which ones' "$out" 'by the rules of Linux 3\.16\.0, .* not by those of 6\.12'
	;;
esac

layout 6.1 'ram 0+640K
ram 1M+3071M
ram 4G+5G
node 0 0+6G
node 1 6G+3G'
range='DMA 4+16380, DMA32 16384+4177920, Normal 4194304+5242880'
node0='0:4+636, 0:1024+3144704, 0:4194304+2097152'
node1='1:6291456+3145728'
zones 'two nodes' "$range, $node0, $node1"
zones 'kernelcore=2G' "$range, $node0, $node1, M0:4194304, M1:6291456" --cmdline kernelcore=2G
# Node 0 has 786335 pages below 4G, which are the kernel's in any case. The 524385 that are left of
# 5G are shared out: 262192 on node 1, and in the next round 262193 on node 0, each rounded up to 1024.
zones 'kernelcore=5G' \
	"$range, $node0, $node1, M0:5246976, M1:7344128" --cmdline kernelcore=5G
zones 'kernelcore=50%' "$range, $node0, $node1, M0:4722688, M1:6819840" --cmdline kernelcore=50%
zones 'movablecore=1G' "$range, $node0, $node1, M0:5242880" --cmdline movablecore=1G
zones 'the last kernelcore= counts' "$range, $node0, $node1, M0:4194304, M1:6291456" \
	--cmdline 'kernelcore=50% kernelcore=2G'
zones 'kernelcore=mirror without mirrored memory' "$range, $node0, $node1, M0:4194304, M1:6291456" \
	--cmdline 'kernelcore=mirror'
zones 'kernelcore= of all memory' "$range, $node0, $node1" --cmdline kernelcore=100G
zones 'numa=off' "$range, 0:4+636, 0:1024+3144704, 0:4194304+5242880" --cmdline numa=off
zones 'numa=noacpi' "$range, 0:4+636, 0:1024+3144704, 0:4194304+5242880" --cmdline numa=noacpi
zones 'mem=7G' "DMA 4+16380, DMA32 16384+4177920, Normal 4194304+3145728, $node0, 1:6291456+1048576" \
	--cmdline mem=7G
zones 'memmap=exactmap' 'DMA 4+16380, DMA32 16384+1032192, Normal -, 0:4+636, 0:1024+1047552' \
	--cmdline 'memmap=exactmap memmap=640K@0 memmap=1023M@1M'
exits 'a percentage of nothing' 2 "$MBSIM" boot --cmdline movablecore=x%
done_testing
