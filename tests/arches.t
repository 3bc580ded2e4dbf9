#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim boot: zones and nodes of riscv64, ppc64, s390 and i386 by the rules of their kernels, and
# what these make of odd options. What real kernels printed is held in zones.t.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

# machine ARCH VERSION FACT...
machine() {
	{
		printf 'layout 1\narch %s\n' "$1"
		[ -z "$2" ] || printf 'kernel_version %s\n' "$2"
		shift 2
		printf '%s\n' "$@"
	} >"$tmp/machine.layout"
}

# zones NAME EXPECTED [OPTION...]: zones and ranges of nodes in one line, in MiB.
zones() {
	zones_name=$1 zones_expected=$2
	shift 2
	exits "$zones_name: it boots" 0 "$MBSIM" boot -k "$newest" --json "$@" "$tmp/machine.layout"
	is "$zones_name" "$(printf '%s\n' "$out" | jq -r '[(.zone_ranges[] | select(.zone != "Device") |
		.zone + if .size then " \(.start / 1048576)+\(.size / 1048576)" else " -" end),
		(.node_ranges[] | "\(.node):\(.start / 1048576)+\(.size / 1048576)")] | join(", ")')" \
		"$zones_expected"
}

machine riscv 6.12.1 'ram 0x80000000+4G' 'node 0 0x80000000+1G' 'node 1 0xc0000000+3G'
zones 'riscv: DMA32, nodes' 'DMA32 2048+2048, Normal 4096+2048, 0:2048+1024, 1:3072+3072'
zones 'riscv: mem=' 'DMA32 2048+1536, Normal -, 0:2048+1024, 1:3072+512' --cmdline mem=1536M
machine riscv 6.1.0 'ram 0x80000000+1G' 'kernel 0x80200000+32M'
zones 'riscv: nothing below the kernel, up to 6.3' 'DMA32 2050+1022, Normal -, 0:2050+1022'
machine riscv 6.12.1 'ram 0x80000000+1G' 'kernel 0x80200000+32M' \
	'reserved_memory 0x80000000+512K "mmode_resv0" nomap'
zones 'riscv: since then all of it' 'DMA32 2048+1024, Normal -, 0:2048+0.5, 0:2048.5+1023.5'
# sizes NAME EXPECTED PURPOSE: bytes of what is for it
sizes() {
	exits "$1: it boots" 0 "$MBSIM" boot -k "$newest" --json "$tmp/machine.layout"
	is "$1" "$(printf '%s\n' "$out" | jq --arg p "$3" '[.map[] | select(.purpose == $p) | .size] | add')" "$2"
}
machine riscv 6.12.1 'ram 0x80000000+256M' 'ram 0xa0000000+256M' 'ram 0xc0000000+1G' 'ram 0x100000000+512M' \
	'kernel 0x80200000+33M'
sizes 'riscv: the kernel keeps whole pages of 2 MiB' $((34 << 20)) 'kernel image'
sizes 'riscv: a page table for each GiB that is not all one page' 8192 'page tables of linear map'
exits 'riscv: a crash kernel' 0 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=256M "$tmp/machine.layout"
like 'riscv: a crash kernel: it ends below 4 GiB' "$out" 'crashkernel reserved: 0x00000000f0000000 - 0x0000000100000000 '
exits 'riscv: crashkernel=,high' 0 "$MBSIM" boot -k "$newest" --cmdline crashkernel=256M,high "$tmp/machine.layout"
machine riscv 6.1.0 'ram 0x80000000+4G' 'kernel 0x80200000+33M'
exits 'riscv: crashkernel=,high before 6.7' 1 "$MBSIM" boot -k "$newest" --cmdline crashkernel=256M,high "$tmp/machine.layout"
machine riscv 4.19.0 'ram 0x80000000+4G' 'kernel 0x80200000+32M'
zones 'riscv: one zone, in the beginning' 'Normal 2050+4094, 0:2050+4094'

machine ppc64 6.1.0 'ram 0+8G' 'node 0 0+3G' 'node 8 3G+5G'
zones 'ppc64: one zone' 'Normal 0+8192, 0:0+3072, 8:3072+5120'
zones 'ppc64: numa=off' 'Normal 0+8192, 0:0+8192' --cmdline numa=off
machine ppc64 6.1.0 'cpus 2' 'ram 0+4G' 'node 2 0+4G' 'node_cpus 1 2' 'node_cpus 3 0'
exits 'ppc64: nodes without memory' 0 "$MBSIM" boot -k "$newest" --json "$tmp/machine.layout"
is 'ppc64: node 0, and those with processors, are there' \
	"$(printf '%s\n' "$out" | jq -r '.log[].text | capture("^NODE_DATA.(?<nid>[0-9]+)").nid' | xargs)" '0 1 2'
machine ppc64 6.12.0 'page_size 4K' 'ram 0+8200M'
zones 'ppc64: memory is in 16 MiB since 6.12' 'Normal 0+8192, 0:0+8192'
zones 'ppc64: so is mem=' 'Normal 0+1024, 0:0+1024' --cmdline mem=1030M
machine ppc64 4.19.0 'ram 0+8G'
zones 'ppc64: the zone was DMA' 'DMA 0+8192, DMA32 -, Normal -, 0:0+8192'
machine ppc64 3.10.0 'ram 0+8G'
zones 'ppc64: before 3.18 there was no DMA32' 'DMA 0+8192, Normal -, 0:0+8192'
machine ppc64 6.1.0 'ram 0+4G'
exits 'ppc64: a crash kernel' 0 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=256M "$tmp/machine.layout"
like 'ppc64: a crash kernel: it is at 512 MiB' "$out" 'Reserving 256MB of memory at 512MB for crashkernel'
exits 'ppc64: it is where the kernel is' 1 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=256M@16M "$tmp/machine.layout"
like 'ppc64: which is told' "$out" 'crash kernel overlaps with kernel image'
exits 'ppc64: it is behind memory' 1 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=256M@4G "$tmp/machine.layout"
like 'ppc64: which is told, too' "$out" 'crash kernel does not fit memory'
zones 'ppc64: mem= of more than there is' 'Normal 0+4096, 0:0+4096' --cmdline mem=99G
machine ppc64 6.1.0 'ram 0+512M'
exits 'ppc64: little memory' 0 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=64M "$tmp/machine.layout"
like 'ppc64: little memory: it is half way through it' "$out" 'Reserving 64MB of memory at 256MB for'
machine ppc64 5.10.0 'ram 0+4G'
exits 'ppc64: before 5.18' 0 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=64M "$tmp/machine.layout"
like 'ppc64: before 5.18 it is at 128 MiB' "$out" 'Reserving 64MB of memory at 128MB for'
machine ppc64 6.1.0 'ram 0+4G' 'reserved_memory 0x30000000+16M "ibm,firmware-heap"'
exits 'ppc64: without a hypervisor' 0 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=64M "$tmp/machine.layout"
like 'ppc64: without a hypervisor it is at 128 MiB' "$out" 'Reserving 64MB of memory at 128MB for'
like 'ppc64: what firmware has is reserved' "$out" 'ibm,firmware-heap'
machine ppc64 6.1.0 'ram 0+4G' 'node 0 0+3G' 'node 9999 3G+1G'
zones 'ppc64: a node that there cannot be' 'Normal 0+4096, 0:0+4096'

machine s390 6.1.0 'ram 0+1G'
zones 's390: DMA does not end with memory' 'DMA 0+2048, Normal -, 0:0+1024'
machine s390 6.1.0 'ram 0+3G' 'ram 4G+1G'
zones 's390: DMA is 2 GiB' 'DMA 0+2048, Normal 2048+3072, 0:0+3072, 0:4096+1024'
sizes 's390: what is used at 0' 65536 'low memory'
sizes 's390: four stacks' 65536 stacks
exits 's390: a crash kernel' 0 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=256M "$tmp/machine.layout"
like 's390: a crash kernel: it is as high as can be' "$out" 'Reserving 256MB of memory at 4864MB for crashkernel'
zones 's390: mem=, in whole MiB' 'DMA 0+2048, Normal 2048+512, 0:0+2560' --cmdline mem=2621952K
exits 's390: at an address' 0 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=256M@1G "$tmp/machine.layout"
like 's390: at an address: it is there' "$out" 'Reserving 256MB of memory at 1024MB for crashkernel'
exits 's390: at too low a one' 1 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=256M@128M "$tmp/machine.layout"
like 's390: at too low a one: why not' "$out" 'crashkernel reservation failed: crash_base too low'
exits 's390: too large a one' 1 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=99T "$tmp/machine.layout"
like 's390: too large a one: why not' "$out" 'first memory chunk must be at least crashkernel size'

machine s390 6.1.0 'ram 0+1G'
exits 's390: no room behind its own size' 1 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=600M "$tmp/machine.layout"
like 's390: no room behind its own size: why not' "$out" 'crashkernel reservation failed: no suitable area found'

pc='ram 1M+3071M'
machine i386 6.1.0 "$pc" 'ram 4G+2G'
zones 'i386: HighMem' 'DMA 1+15, Normal 16+863.9921875, HighMem 879.9921875+5264.0078125, 0:1+3071, 0:4096+2048'
zones 'i386: vmalloc=' 'DMA 1+15, Normal 16+471.9921875, HighMem 487.9921875+5656.0078125, 0:1+3071, 0:4096+2048' \
	--cmdline vmalloc=512M
zones 'i386: it is another option' 'DMA 1+15, Normal 16+863.9921875, HighMem 879.9921875+5264.0078125, 0:1+3071, 0:4096+2048' \
	--cmdline xvmalloc=512M
exits 'i386: highmem= of less than there is' 1 "$MBSIM" boot -k "$newest" -v --cmdline highmem=1G "$tmp/machine.layout"
like 'i386: highmem= of less than there is: where the zone ends' "$out" ' HighMem +\[mem 0x0*36ffe000-0x0*76ffdfff\]'
like 'i386: highmem= of less than there is: the rest is lost' "$out" 'highmem= leaves memory above 0x76ffe000 to no zone'
zones 'i386: without PAE' 'DMA 1+15, Normal 16+859.9921875, HighMem 875.9921875+2196.0078125, 0:1+3071' --config i386
zones 'i386: highmem= of memory that is all low' 'DMA 1+15, Normal 16+396, HighMem 412+100, 0:1+511' \
	--cmdline 'mem=512M highmem=100M'
zones 'i386: highmem= that leaves too little' 'DMA 1+15, Normal 16+496, HighMem -, 0:1+511' \
	--cmdline 'mem=512M highmem=500M'
exits 'i386: a crash kernel' 0 "$MBSIM" boot -k "$newest" -v --cmdline crashkernel=64M "$tmp/machine.layout"
like 'i386: a crash kernel: it ends below 512 MiB' "$out" 'crashkernel reserved: 0x000000001c000000 - 0x0000000020000000|64MB of memory at 448MB'
exits 'i386: a log' 0 "$MBSIM" boot -k "$newest" --json "$top/tests/data/boots/i386-6.1-2g-bios.log.xz"
is 'i386: maps of pageblocks are as large as setup_usemap() has them there' "$(printf '%s\n' "$out" |
	jq '.map[] | select(.purpose == "pageblock flags") | .size' | sort -n | xargs)" '4 216 296'
machine i386 6.1.0 "$pc" 'low_end 0x375fe000'
zones 'i386: as the log has it' 'DMA 1+15, Normal 16+869.9921875, HighMem 885.9921875+2186.0078125, 0:1+3071'
machine i386 4.14.0 "$pc"
zones 'i386: before 4.15' 'DMA 1+15, Normal 16+869.9921875, HighMem 885.9921875+2186.0078125, 0:1+3071'
machine i386 6.1.0 'ram 1M+511M' 'low_end 0x20000000'
zones 'i386: no highmem' 'DMA 1+15, Normal 16+496, HighMem -, 0:1+511'
zones 'i386: no highmem, which says nothing of vmalloc=' \
	'DMA 1+15, Normal 16+471.9921875, HighMem 487.9921875+24.0078125, 0:1+511' --cmdline vmalloc=512M

# What there is no room for ends as the kernel ends, and never otherwise.
for arch in riscv ppc64 s390 i386; do
	machine $arch '' 'ram 16M+3G'
	exits "$arch: crashkernel=99T" 1 "$MBSIM" boot --cmdline 'crashkernel=99T cma=99T' "$tmp/machine.layout"
	exits "$arch: mem=0" 2 "$MBSIM" boot --cmdline mem=0 "$tmp/machine.layout"
done
machine s390 '' 'ram 0+4K'
exits 's390: no room for anything' 1 "$MBSIM" boot "$tmp/machine.layout"
like 's390: no room for anything: where it ended' "$out" '^It did not boot: panic in '
done_testing
