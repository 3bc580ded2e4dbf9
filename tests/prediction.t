#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mbsim boot: what it predicts beside what a log's kernel printed. That this is right for all captured
# boots is in zones.t.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"
first=${kernels# }
first=${first%% *}

log=$top/tests/data/boots/arm64-6.1-8g-4node-crashkernel.log.xz
# the calls of memblock are not needed for it
xzcat "$log" | grep -v 'memblock_' >"$tmp/a.log"
exits 'a log' 0 "$MBSIM" boot --strict "$tmp/a.log"
like 'zones' "$out" '^zone DMA  .* 0x40000000-0xffffffff .* equal$'
like 'all node ranges' "$out" '^node ranges +4 +4 of 4 .* given$'
like 'present' "$out" '^Memory: present +8388608K +8388608K +[0-9]+ equal$'
like 'CMA' "$out" '^CMA +0xfc000000-0xffffffff +0xfc000000-0xffffffff +[0-9]+ equal$'
like 'the crash kernel' "$out" '^crash kernel +0xec000000-0xfbffffff +0xec000000-0xfbffffff +[0-9]+ equal$'
like 'a figure that is near' "$out" '^Memory: reserved .* within 1 %$'
exits 'the section alone' 0 "$MBSIM" boot --show=prediction "$tmp/a.log"
like 'has the sum' "$out" '^[0-9]+ of 9 equal, [0-9]+ more within 1 %\.$'
unlike 'and nothing else' "$out" 'Totals'

# what nobody would have printed
sed 's/DMA32    empty/DMA32    [mem 0x0000000100000000-0x00000001ffffffff]/
' "$tmp/a.log" >"$tmp/b.log"
exits 'a log that differs' 0 "$MBSIM" boot --json "$tmp/b.log"
is 'each difference is told, with its line' "$(printf '%s\n' "$out" |
	jq -r '.prediction[] | select(.equal | not) | select(.what | startswith("Memory") | not) |
		"\(.what), \(.predicted), \(.log), \(.line > 0)"')" \
'zone DMA32, empty, 0x100000000-0x1ffffffff, true'
exits '--strict' 1 "$MBSIM" boot --strict --show=prediction "$tmp/b.log"
like 'it DIFFERS' "$out" '^zone DMA32 .* DIFFERS$'

xzcat "$top/tests/data/boots/amd64-6.12-8g-4node.log.xz" | sed '/memblock_/d
	s/node   3: \[mem .*/node   3: [mem 0x0000000250000000-0x000000027fffffff]/' >"$tmp/c.log"
exits 'a node range that differs' 0 "$MBSIM" boot --json "$tmp/c.log"
is 'is a row of its own' "$(printf '%s\n' "$out" | jq -r '.prediction[] | select(.what | startswith("node range")) |
	"\(.what), \(.predicted), \(.log), \(.given)"')" \
	'node range 5, node 3 0x240000000-0x27fffffff, node 3 0x250000000-0x27fffffff, false
node ranges, 5, 5 of 6, false'
# the same range on another node; and one that the log does not have
for change in 's/node   3: /node   2: /' '/node   3: .mem/d'; do
	xzcat "$top/tests/data/boots/amd64-6.12-8g-4node.log.xz" | sed "/memblock_/d; $change" >"$tmp/c.log"
	exits "node ranges after $change" 0 "$MBSIM" boot --json "$tmp/c.log"
	is "differ after $change" "$(printf '%s\n' "$out" |
		jq -r '.prediction[] | select(.what == "node range 5") | "\(.predicted), \(.log[:6])"')" \
		"node 3 0x240000000-0x27fffffff, $(case $change in s*) echo node 2 ;; *) echo none ;; esac)"
done
# without the calls of memblock, it is all that this log has of memory
xzcat "$top/tests/data/boots/s390x-6.12-4g.log.xz" | grep -av 'memblock_\|MEMBLOCK\|memory\[\|reserved\[\|physmem\[' \
	>"$tmp/s390.log"
exits 'a log of s390' 0 "$MBSIM" boot --show=prediction "$tmp/s390.log"
like 'its node ranges are no prediction' "$out" '^node ranges .* given$'
sed 's/cma: Reserved 64 MiB/cma: Reserved 32 MiB/' "$tmp/a.log" >"$tmp/d.log"
exits 'a smaller area of CMA at the same place' 1 "$MBSIM" boot --strict --show=prediction --cmdline cma=64M "$tmp/d.log"
like 'is another' "$out" '^CMA +0xfc000000-0xffffffff +0xfc000000-0xfdffffff +[0-9]+ DIFFERS$'
# why NAME WANTED SCRIPT: what is said of the log as sed changes it
why() {
	sed "$3" "$tmp/a.log" >"$tmp/why.log"
	exits "$1" 0 "$MBSIM" boot --show=prediction "$tmp/why.log"
	like "$1: is said" "$out" "$2"
}
why 'KASAN' '^Memory: reserved: .*the shadow memory of KASAN' \
	's/.* Memory: .*/[    0.000000] kasan: KernelAddressSanitizer initialized (generic)\n&/'
why 'a late line' '^Memory: available: the kernel had taken pages itself' \
	's/.* Memory: .*/[    0.000000] SLUB: HWalign=64\n&/'
why 'what cannot be explained' '^zone DMA: the log does not tell why it differs' \
	's/DMA      .mem 0x0000000040000000-/DMA      [mem 0x0000000050000000-/'
sed 's/cma: Reserved 64 MiB at .*/cma: Reserved 64 MiB/' "$tmp/a.log" >"$tmp/d.log"
exits 'an area of CMA that is somewhere' 0 "$MBSIM" boot --show=prediction --cmdline cma=64M "$tmp/d.log"
unlike 'has no place to be at' "$out" '^CMA '
exits 'another command line' 1 "$MBSIM" boot --strict --show=prediction --cmdline crashkernel=64M "$tmp/a.log"
like 'is the reason' "$out" '^crash kernel: the command line is not the log.s'
exits 'no log' 0 "$MBSIM" boot --json
is 'has no prediction' "$(printf '%s\n' "$out" | jq .prediction)" null

# a PC: where firmware's services are is known with efi=debug only
log=$top/tests/data/boots/amd64-6.1-2g-uefi-nokaslr.log.xz
exits 'boot services without a place' 0 "$MBSIM" boot --show=prediction "$log"
like 'are reserved' "$out" '^Memory: reserved .* (equal|within 1 %)$'
like 'and a reason' "$out" '^Memory: available: where EFI.s boot services have 42048K the log does not tell'
cat >"$tmp/efi.log" <<'EOF'
[    0.000000] Linux version 6.12.0 (x86_64) #1 SMP
[    0.000000] BIOS-provided physical RAM map:
[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable
[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable
[    0.000000] efi: EFI v2.7 by EDK II
[    0.000000] efi: mem00: [Boot Code   |   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x0000000000000000-0x0000000000000fff] (0MB)
[    0.000000] efi: mem01: [Conventional|   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x0000000000001000-0x000000000009ffff] (0MB)
[    0.000000] efi: mem02: [Conventional|   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x0000000000100000-0x0000000003afffff] (58MB)
[    0.000000] efi: mem02: [Boot Data   |   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x0000000003b00000-0x0000000003dfffff] (3MB)
[    0.000000] efi: mem02: [Conventional|   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x0000000003e00000-0x000000002fbfffff] (702MB)
[    0.000000] efi: mem02: [Boot Data   |   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x000000002fc00000-0x00000000307fffff] (12MB)
[    0.000000] efi: mem02: [Conventional|   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x0000000030800000-0x000000003dffffff] (216MB)
[    0.000000] efi: mem03: [Boot Data   |   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x000000003e000000-0x000000003effffff] (16MB)
[    0.000000] efi: mem04: [Conventional|   |  |  |  |  |  |  |  |   |WB|WT|WC|UC] range=[0x000000003f000000-0x000000003fffffff] (16MB)
[    0.000000] RAMDISK: [mem 0x30000000-0x30ffffff]
EOF
exits 'boot services with a place' 0 "$MBSIM" boot --json "$tmp/efi.log"
# but not what the kernel and its initrd have a part of
is 'are reserved there, and freed later' "$(printf '%s\n' "$out" | jq -c '[
	(.map[] | select(.purpose == "EFI boot services") | .start, .size),
	(.account[] | select(.what == "EFI boot services") | .bytes)]')" \
	"[$((0x3e000000)),16777216,-16777216,16777216]"
like 'as the kernel tells' "$(printf '%s\n' "$out" | jq -r '.log[].text')" '^efi: Freeing EFI boot services memory: 16384K$'

sed '/efi: mem/d' "$tmp/efi.log" >"$tmp/no-map.log"
sed -i '/RAMDISK/s/$/\n[    0.000000] Reserving 128MB of memory at 512MB for crashkernel (System RAM: 1023MB)/' "$tmp/no-map.log"
echo '[    0.100000] Memory: 900000K/1048188K available (148188K reserved, 0K cma-reserved)' >>"$tmp/no-map.log"
exits 'boot services that nobody tells of' 0 "$MBSIM" boot --show=prediction "$tmp/no-map.log"
like 'are a reason' "$out" '^Memory: reserved: .*the log does not tell what EFI.s boot services have'
like 'where the kernel is, too' "$out" '^crash kernel: where the kernel is, which KASLR decides'
like 'and so is an image of unknown size' "$out" \
	'^Memory: reserved: .*the size of the kernel.s image is only known by distributions. kernels'

# absurd options get what the kernel says, or are refused; nothing crashes
exits 'crashkernel=99T' 1 "$MBSIM" boot --show=checks --cmdline crashkernel=99T
like 'the kernel goes on without' "$out" '^not done: crashkernel=: the kernel has reserved nothing'
exits 'in a list of ranges, for larger machines' 0 "$MBSIM" boot --show=checks --cmdline crashkernel=64G-:1G
exits 'as older kernels take it' 1 "$MBSIM" boot --show=log -k "$first" --cmdline crashkernel=1990M
like 'they say so' "$out" 'crashkernel reservation failed'
for words in 'memmap=%' 'memmap=1G%' mem=0 kfence.sample_interval=x; do
	exits "$words" 2 "$MBSIM" boot --cmdline "$words"
	like "$words: the message says what it should be" "$err" 'it should be'
done
for words in log_buf_len=99T kernelcore=200% nr_cpus=0; do
	exits "$words" 0 "$MBSIM" boot --show=checks --cmdline "$words"
	like "$words: all checks hold" "$out" '^All checks hold'
done
for words in numa=fake=0 numa=fake=99999 cma=99T hugetlb_cma=1M 'hugepagesz=1G hugepages=9999'; do
	exits "$words" 1 "$MBSIM" boot --show=checks --cmdline "$words"
	like "$words: is not done" "$out" "^not done: $(echo "${words##* }" | sed 's/[^=]*$//')"
	like "$words: all checks hold" "$out" '^All checks hold'
done
printf 'layout 1\narch x86_64\npage_size 4K\nram 0+640K\nram 1M+511M\ninitrd 8G+16M\n' >"$tmp/i.layout"
exits 'an initrd outside RAM' 1 "$MBSIM" boot --show=log "$tmp/i.layout"
like 'is moved' "$out" 'Allocated new RAMDISK'
done_testing
