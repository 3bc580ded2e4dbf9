#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# What options that place memory do: the boot puts a crash kernel and CMA where the real kernels of the
# captures put them, or says what these said; and `mbsim explain` of crashkernel=, cma=, memmap=, mem=.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
. "$top/tests/explain.sh"

# The kernel's own words about it, without times.
said() {
	grep -a 'crashkernel\|^\[[^]]*\] cma: ' | grep -av 'memblock_\|ommand line\|^not done' |
		sed 's/^\[[^]]*\] //; s/ on node -\{0,1\}[0-9]*$//; s/^hugetlb_cma: reserved.*//'
}

for version in $kernels; do
	for log in "$top"/tests/data/boots/*-"$version"-*crash*.log.xz "$top"/tests/data/boots/*-"$version"-*cma*.log.xz; do
		[ -e "$log" ] || continue
		name=${log##*/}
		# what was asked for and is not there is a failure
		xzcat "$log" | grep -qa 'crashkernel reservation failed\|cannot allocate crashkernel'
		exits "$name" $((! $?)) "$MBSIM" boot -k "$version" -v --show=log "$log"
		is "$name: placed as the kernel did" "$(printf '%s\n' "$out" | said | sort)" \
			"$(xzcat "$log" | sed '/@@@@/,$d' | grep -av '^#' | said | sort)"
	done
done

# asks NAME STATUS LOG QUESTION...: of a capture, with the newest kernel
asks() {
	name=$1 status=$2 log=$3
	shift 3
	exits "$name" "$status" "$MBSIM" explain -k "$newest" "$top/tests/data/boots/$log" "$@"
}

asks 'crashkernel: no room' 1 amd64-6.12-2g-crashkernel-fails.log.xz crashkernel=1990M
like 'crashkernel: what the kernel says' "$out" '^The kernel says: cannot allocate crashkernel \(size:0x7c600000\)$'
like 'crashkernel: how much is missing' "$out" 'the largest hole, 1\.9G at 0x4000000, has .* less'
like 'crashkernel: what bounds the hole' "$out" 'early page tables at 0x3c00000'
largest=$(printf '%s\n' "$out" | sed -n 's/^The largest that works in this form is .* (\(0x[0-9a-f]*\))\.$/\1/p')
asks 'crashkernel: the largest works' 0 amd64-6.12-2g-crashkernel-fails.log.xz "crashkernel=$largest"
asks 'crashkernel: a page more does not' 1 amd64-6.12-2g-crashkernel-fails.log.xz \
	"crashkernel=$(printf '%#x' $((largest + 4096)))"

asks 'crashkernel: a place that is not aligned' 1 amd64-6.12-4g-crashkernel-at.log.xz crashkernel=256M@513M
like 'crashkernel: the alignment' "$out" '^0x20100000 is not a multiple of 16M'
like 'crashkernel: the next place' "$out" '^The next address that works is 0x21000000\.$'
asks 'crashkernel: the next place works' 0 amd64-6.12-4g-crashkernel-at.log.xz crashkernel=256M@0x21000000
asks 'crashkernel: a place that is taken' 1 amd64-6.12-4g-crashkernel-at.log.xz crashkernel=256M@16M
like 'crashkernel: by the kernel' "$out" '^In the way, at 0x1000000: kernel image'

asks 'crashkernel: low memory' 1 amd64-6.12-8g-crashkernel-low-fails.log.xz crashkernel=512M,high crashkernel=3G,low
like 'crashkernel: low memory is what fails' "$out" '^crash kernel, low memory: 3G are wanted'
like 'crashkernel: and no size works' "$out" '^No size works in this form\.$'
asks 'crashkernel: more than RAM' 1 amd64-6.12-2g-crashkernel-fails.log.xz crashkernel=99T
asks 'crashkernel: ranges' 0 amd64-6.12-2g-crashkernel-fails.log.xz crashkernel=1G-2G:64M,2G-:128M
like 'crashkernel: RAM is rounded up to 2G' "$out" '\(128M\)\.$'
asks 'crashkernel: no range' 1 amd64-6.12-2g-crashkernel-fails.log.xz crashkernel=4G-:128M
exits 'crashkernel: nonsense' 2 "$MBSIM" explain crashkernel=what
exits 'crashkernel: a range that ends first' 2 "$MBSIM" explain crashkernel=4G-2G:128M
exits 'crashkernel: positions of the kernel' 0 "$MBSIM" explain -k "$newest" --kaslr-sweep=8 crashkernel=256M
like 'crashkernel: at none it fails' "$out" 'at 8 of the [0-9]* places that KASLR could choose, it fails at 0 \(0\.0 %\)'

asks 'cma: a place that is taken' 1 arm64-6.12-1g-cma.log.xz cma=64M@1G
like 'cma: by the kernel' "$out" '^In the way, at 0x40200000: kernel image'
like 'cma: the next place' "$out" '^The next address that works is 0x42e00000\.$'
asks 'cma: that works' 0 arm64-6.12-1g-cma.log.xz cma=64M@0x42e00000
asks 'cma: a limit' 1 arm64-6.12-1g-cma.log.xz cma=64M@0x42e00000-0x43000000
like 'cma: what the kernel says of it' "$out" 'exceeds limit'

asks 'memmap: collisions' 1 amd64-6.12-2g-memmap-collides.log.xz 'memmap=256M$0x70000000' 'memmap=16M$24M'
like 'memmap: the initrd moves where it did' "$out" 'Allocated new RAMDISK: \[mem 0x6edfd000-'
like 'memmap: the kernel stays' "$out" "collides with the kernel's image, 0x1000000-"
like 'memmap: the next place' "$out" '^The next address that works for 16M\$24M is 0x3e00000\.$'
asks 'memmap: none' 0 amd64-6.12-2g-memmap-collides.log.xz 'memmap=16M$0x3e00000'
like 'memmap: its cost' "$out" '16M are lost'
asks 'mem: what remains' 0 amd64-6.12-2g-memmap-collides.log.xz mem=1G
like 'mem: what is lost' "$out" '^lost 0x40000000 0x7ffdffff'
exits 'mem: nonsense' 2 "$MBSIM" explain mem=what
exits 'memmap: nonsense' 2 "$MBSIM" explain memmap=%
exits 'memmap: not on arm64' 1 "$MBSIM" explain -k "$newest" preset:arm64-virt 'memmap=64M$0x50000000'
like 'memmap: it is told so' "$out" '^Kernels of this architecture have no option memmap='
exits 'JSON' 0 "$MBSIM" explain --json crashkernel=256M
holds 'JSON: the answer' '.facts.size == 268435456 and (.tables.windows | length) > 0'

exits 'low memory that fails' 1 "$MBSIM" boot --json -k "$newest" "$top/tests/data/boots/amd64-6.12-8g-crashkernel-low-fails.log.xz"
holds 'takes what was reserved above with it' '.map | all(.purpose != "crash kernel")'

# Rules by version: those of arm64 go by the version of the layout; 2 GiB are below 4 GiB, 4 above.
arm() {
	printf 'layout 1\narch arm64\npage_size 4K\nkernel_version "%s"\nram 2G+2G\nram 34G+4G\nkernel 2G+32M\n' "$1" >"$tmp/arm.layout"
	shift
	asked "$@"
}
arm 5.10.0 'arm64 5.10: no ,high' 1 "$tmp/arm.layout" crashkernel=256M,high
arm 6.1.0 'arm64 6.1: ,high' 0 "$tmp/arm.layout" crashkernel=256M,high
holds 'is without low memory' '.facts.start >= 34 * 1073741824 and .facts.low_size == 0'
arm 6.1.0 'arm64 6.1: what has no room below' 1 "$tmp/arm.layout" crashkernel=2560M
arm 6.5.0 'arm64 6.5: ,high' 0 "$tmp/arm.layout" crashkernel=256M,high
holds 'has low memory' '.facts.start >= 34 * 1073741824 and .facts.low_size == 134217728 and .facts.low_start < 4294967296'
arm 6.5.0 'arm64 6.5: ,high and ,low' 0 "$tmp/arm.layout" crashkernel=256M,high crashkernel=64M,low
holds 'has as much as was asked for' '.facts.low_size == 67108864'
arm 6.5.0 'arm64 6.5: what has no room below' 0 "$tmp/arm.layout" crashkernel=2560M crashkernel=64M,low
holds 'goes above, and ,low counts with ,high only' '.facts.start >= 34 * 1073741824 and .facts.low_size == 134217728'
arm 6.5.0 'arm64 6.5: ,high that is too much' 1 "$tmp/arm.layout" crashkernel=5G,high
holds 'is looked for below, too' '.tables.windows | map(.from >= 4294967296) == [true, false] and .[0].bound_below == "no RAM"'
arm 6.2.0 'arm64 6.2' 1 "$tmp/arm.layout" crashkernel=5G,high
holds 'has one window' '.tables.windows | length == 1'
arm 6.12.0 'arm64 6.12: more than all RAM' 1 "$tmp/arm.layout" crashkernel=7G
holds 'is not looked for' '.tables.windows == []'
arm 6.12.0 'arm64 6.12: ,cma' 1 "$tmp/arm.layout" crashkernel=64M,cma
holds 'is no size that it knows' '.sentences | any(test("unrecognized char"))'
arm 6.18.0 'arm64 6.18: ,cma' 0 "$tmp/arm.layout" crashkernel=256M crashkernel=64M,cma
holds 'is an area beside it' '.facts.size == 268435456 and (.sentences | any(endswith("crashkernel CMA reserved: 64 MB in 1 ranges")))'
arm 6.18.0 'arm64 6.18: as many areas as are needed' 0 "$tmp/arm.layout" crashkernel=256M crashkernel=5G,cma
holds 'are taken' '.sentences | any(endswith("crashkernel CMA reserved: 5120 MB in 3 ranges"))'
arm 6.12.0 'arm64: cma= beside hugetlb_cma=' 0 "$tmp/arm.layout" cma=64M hugetlb_cma=1G
holds 'tells of its own searches only' '.tables.windows | length > 0 and all(.purpose == "CMA")'

printf 'layout 1\narch x86_64\npage_size 4K\nram 1M+2047M\nram 4G+2G\nreserved 3G+1M\nkernel 16M+32M\ninitrd 48M+8M\n' >"$tmp/pc.layout"
asked 'x86: low memory' 0 -k "$newest" --cmdline swiotlb=262144 "$tmp/pc.layout" crashkernel=256M,high
holds 'has room for bounce buffers' '.facts.start >= 4294967296 and .facts.low_size == 545259520'
sed 's/x86_64/i386/; /4G/d' "$tmp/pc.layout" >"$tmp/i386.layout"
asked 'i386: a crash kernel' 0 -k "$newest" "$tmp/i386.layout" crashkernel=128M
holds 'is below 512M' '.facts.start + .facts.size <= 536870912'
asked 'i386: more than there is below 512M' 1 -k "$newest" "$tmp/i386.layout" crashkernel=600M

asked 'memmap: the kernel' 1 -k "$newest" "$tmp/pc.layout" 'memmap=16M$16M' 'memmap=16M$64M'
holds 'the next place is behind the initrd and what another one takes' '.facts.collisions == 1 and .facts.next_address == 83886080'
asked 'memmap: two that overlap' 1 -k "$newest" "$tmp/pc.layout" 'memmap=16M$1G' 'memmap=16M#1032M'
holds 'it is told' '.facts.collisions == 1 and (.sentences | any(test("overlap")))'
asked 'memmap: RAM where the firmware has something' 1 -k "$newest" "$tmp/pc.layout" 'memmap=2M@3G'
holds 'does not become RAM' '.sentences | any(test("does not become RAM"))'
exits 'ranges that a machine is in none of' 0 "$MBSIM" boot -k "$newest" --cmdline crashkernel=16G-:128M "$tmp/pc.layout"
sed 's/initrd 48M/initrd 2560M/' "$tmp/pc.layout" >"$tmp/hole.layout"
exits 'an initrd that is not in RAM' 1 "$MBSIM" boot --json -k "$newest" "$tmp/hole.layout"
holds 'is told' '.unmet | any(test("initrd .* is not all in RAM"))'

done_testing
