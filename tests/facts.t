#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# mbsim boot: what is known of a kernel's build, and from where.
. "$(dirname "$0")/tap.sh"

# fact NAME WANTED: the fact of $out has "value source"
fact() {
	is "$1" "$(printf '%s\n' "$out" | jq -r --arg f "$1" \
		'.facts[] | select(.fact == $f) | "\(.value) \(.source)"')" "$2"
}

printf 'layout 1\narch x86_64\npage_size 4K\ncpus 6\nram 0+640K\nram 1M+511M\n' >"$tmp/m.layout"
exits 'no source' 0 "$MBSIM" boot --json "$tmp/m.layout"
fact 'log buffer' '131072 default'
fact 'kernel image' '46137344 default'
fact 'per-CPU for modules' '8192 default'
fact 'struct page' '64 default'

# 32 bit: i386 keeps nothing for modules, and its struct page is smaller
printf 'layout 1\narch i386\nram 0+640K\nram 1M+511M\n' >"$tmp/i386.layout"
exits 'i386' 0 "$MBSIM" boot --json "$tmp/i386.layout"
fact 'per-CPU for modules' '0 default'
fact 'struct page' '40 default'
is 'the map of pages is as large' "$(printf '%s\n' "$out" |
	jq '[.map[] | select(.purpose == "memory map") | .size] | add')" $((512 * 256 * 40))

cat >"$tmp/config" <<'EOF'
# Linux/x86 6.12.0 Kernel Configuration
CONFIG_X86_64=y
CONFIG_SMP=y
CONFIG_NR_CPUS=2
CONFIG_LOG_BUF_SHIFT=18
CONFIG_LOG_CPU_MAX_BUF_SHIFT=13
CONFIG_PHYSICAL_START=0x2000000
CONFIG_KFENCE=y
CONFIG_KFENCE_SAMPLE_INTERVAL=100
CONFIG_KFENCE_NUM_OBJECTS=127
CONFIG_KASAN_GENERIC=y
# CONFIG_DEFERRED_STRUCT_PAGE_INIT is not set
EOF
gzip -c "$tmp/config" >"$tmp/config.gz"
exits 'a configuration' 0 "$MBSIM" boot --json --kconfig "$tmp/config.gz" "$tmp/m.layout"
fact 'log buffer' '262144 config'
fact 'log of each CPU' '8192 config'
fact 'linked to be at' '33554432 config'
fact 'pool of KFENCE' '1048576 config'
fact 'processors at most' '2 config'
fact 'struct pages deferred' '0 config'
fact 'per-CPU for modules' '0 config'
fact 'struct mem_section' '16 config'
is 'the boot has them' "$(printf '%s\n' "$out" | jq -c '[.cpus,
	(.map[] | select(.purpose == "kernel image") | .start),
	(.map[] | select(.purpose == "pool of KFENCE") | .size)]')" '[2,33554432,1048576]'
like 'what is not modelled is noted' "$(printf '%s\n' "$out" | jq -r '.notes[]')" 'CONFIG_KASAN is on; its shadow'
exits 'kfence.sample_interval=0' 0 "$MBSIM" boot --show=map --kconfig "$tmp/config" --cmdline kfence.sample_interval=0 \
	"$tmp/m.layout"
unlike 'is no pool' "$out" KFENCE
# kfence NAME WANTED OPTION...: bytes of the pool
kfence() {
	kfence_name=$1 kfence_wanted=$2
	shift 2
	exits "$kfence_name: it boots" 0 "$MBSIM" boot --json "$@"
	is "$kfence_name" "$(printf '%s\n' "$out" |
		jq '[.map[] | select(.purpose == "pool of KFENCE") | .size] | add // 0')" "$kfence_wanted"
}
sed 's/^CONFIG_KFENCE_SAMPLE_INTERVAL=.*/CONFIG_KFENCE_SAMPLE_INTERVAL=0/' "$tmp/config" >"$tmp/asleep"
kfence 'KFENCE that is configured, and off' 0 --kconfig "$tmp/asleep" "$tmp/m.layout"
kfence 'it is turned on' 1048576 --kconfig "$tmp/asleep" --cmdline kfence.sample_interval=100 "$tmp/m.layout"
sed '/^CONFIG_KFENCE=/d' "$tmp/config" >"$tmp/without"
kfence 'without KFENCE' 0 --kconfig "$tmp/without" --cmdline kfence.sample_interval=100 "$tmp/m.layout"
kfence 'as distributions have it, off' 0 "$tmp/m.layout"
kfence 'as distributions have it, on' 2097152 --cmdline kfence.sample_interval=100 "$tmp/m.layout"
sed 's/^arch .*/&\nkernel_version 5.10.0/' "$tmp/m.layout" >"$tmp/old.layout"
kfence 'before there was any' 0 --cmdline kfence.sample_interval=100 "$tmp/old.layout"
exits 'the text' 0 "$MBSIM" boot --show=facts --kconfig "$tmp/config" "$tmp/m.layout"
like 'tells the option' "$out" '^log buffer +262144 +256K config +CONFIG_LOG_BUF_SHIFT'
exits 'no configuration' 2 "$MBSIM" boot --kconfig "$tmp/m.layout" "$tmp/m.layout"
like 'the message says what is missing' "$err" 'm.layout: no configuration of a kernel'

printf 'ffffffff81000000 T _text\nffffffff82800000 B _end\n0000000000000000 A __per_cpu_start\n%s\n' \
	'0000000000030000 A __per_cpu_end' 'ffffffff82700000 D __smp_locks' 'ffffffff82705000 D __smp_locks_end' \
	>"$tmp/System.map"
exits 'a System.map' 0 "$MBSIM" boot --json --system-map "$tmp/System.map" "$tmp/m.layout"
fact 'kernel image' '25165824 image'
fact 'per-CPU static' '196608 image'
fact 'SMP alternatives' '20480 image'
sed 's/$/\r/' "$tmp/System.map" >"$tmp/dos.map"
exits 'a System.map from Windows' 0 "$MBSIM" boot --json --system-map "$tmp/dos.map" "$tmp/m.layout"
fact 'kernel image' '25165824 image'
exits 'no System.map' 2 "$MBSIM" boot --system-map "$tmp/config" "$tmp/m.layout"
like 'the message says what it can be' "$err" 'config: no size of a kernel is in it'

# an object with the types of a kernel that has larger pages
cat >"$tmp/v.c" <<'EOF'
struct page { char x[96]; } page;
struct pglist_data { long x[1000]; } pgdat;
struct pcpu_chunk { int x[50]; } chunk;
enum e { A, B } e;
typedef int (*function)(const struct page *, volatile enum e);
function f;
__attribute__((section(".text"))) int _text = 1, pad[1023], _end = 1;
EOF
if "${CC:-cc}" -gbtf -c -o "$tmp/vmlinux" "$tmp/v.c" 2>"$tmp/cc" && readelf -S "$tmp/vmlinux" | grep -q '\.BTF'; then
	exits 'a vmlinux' 0 "$MBSIM" boot --json --vmlinux "$tmp/vmlinux" "$tmp/m.layout"
	fact 'struct page' '96 image'
	fact 'pg_data_t' '8000 image'
	fact 'struct pcpu_chunk' '200 image'
	is 'the map of pages is as large' "$(printf '%s\n' "$out" |
		jq '[.map[] | select(.purpose == "memory map") | .size] | add')" $((512 * 256 * 96 + 4194304))
	objcopy -O binary -j .BTF --set-section-flags .BTF=alloc "$tmp/vmlinux" "$tmp/btf"
	exits 'its BTF alone' 0 "$MBSIM" boot --json --vmlinux "$tmp/btf" "$tmp/m.layout"
	fact 'struct page' '96 image'
	head -c 100 "$tmp/btf" >"$tmp/cut"
	exits 'cut' 2 "$MBSIM" boot --vmlinux "$tmp/cut" "$tmp/m.layout"
else
	skip 'BTF' 'the compiler makes none'
fi

log=$top/tests/data/boots/amd64-6.1-2g-uefi-nokaslr.log.xz
exits 'a log' 0 "$MBSIM" boot --json "$log"
fact 'per-CPU static' '217088 log'
fact 'EFI boot services' '43057152 log'
fact 'SMP alternatives' '36864 log'
fact 'struct pages deferred' '1 log'
exits 'a log and a System.map' 0 "$MBSIM" boot --json --system-map "$tmp/System.map" "$log"
fact 'per-CPU static' '196608 image'
fact 'SMP alternatives' '20480 image'
fact 'unused decrypted' '2084864 log'
# both the place of the kernel and the sizes of its parts; and the latter alone
parts='image code 15M rwdata 2M rodata 6M init 3M bss 5M'
{
	cat "$tmp/m.layout"
	echo "$parts"
} >"$tmp/parts.layout"
exits 'the sizes of parts' 0 "$MBSIM" boot --json "$tmp/parts.layout"
fact 'kernel image' "$((((16 + 6 + 2 + 3 + 5) << 20) + (15 << 18))) layout"
exits 'and a configuration' 0 "$MBSIM" boot --json --kconfig "$tmp/config" "$tmp/parts.layout"
fact 'kernel image' "$(((16 + 6 + 2 + 3 + 5) << 20)) layout"
sed 's/^arch .*/arch arm64/; s/^ram .*/ram 1G+1G/' "$tmp/parts.layout" | uniq >"$tmp/arm64.layout"
exits 'the sizes of parts, arm64' 0 "$MBSIM" boot --json "$tmp/arm64.layout"
fact 'kernel image' "$((((15 + 6 + 2 + 3 + 5) << 20) + 65536)) layout"
echo 'kernel 16M+40M' >>"$tmp/parts.layout"
exits 'the place of the kernel' 0 "$MBSIM" boot --json "$tmp/parts.layout"
fact 'kernel image' "$((40 << 20)) layout"
xzcat "$log" | "$MBSIM" boot --json - >"$tmp/stdin.json"
is 'a log of standard input' "$(jq -r '.facts[] | select(.fact == "per-CPU static").source' "$tmp/stdin.json")" log
done_testing
