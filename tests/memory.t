#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Physical memory: arrays that are resized inside it, addresses from 0 to 64 TiB, poison and
# zeroing, and what it costs.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

for k in $kernels; do
	for n in 129 300 10000; do
		script "$k: $n disjoint regions resize the arrays in simulated RAM" 0 "
memblock_add 0 1G
memblock_allow_resize
repeat $n memblock_reserve 16M+\$i*8K 4K => 0
repeat $n memblock_add 4G+\$i*64K 4K => 0
expect memory.cnt $n+1
dump" -k "$k"
		like "$k: both arrays are in RAM" \
			"$(printf '%s\n' "$out" | grep -c 'array at 0x[0-9a-f]*$')" '^2$'
	done

	# what an array does when it is full and may not be resized is the kernel's affair:
	# 6.1 fails the call, 6.12 panics
	want='=> -ENOMEM'
	[ "$k" = 6.1 ] || want='=> panic'
	script "$k: without leave to resize the call fails as the kernel's does" 0 "
memblock_add 0 1G
repeat 128 memblock_reserve 16M+\$i*8K 4K => 0
memblock_reserve 512M 4K $want" -k "$k"

	script "$k: no room for a larger array" 0 "
memblock_add 0 1M
memblock_allow_resize
memblock_reserve 512K 512K
repeat 127 memblock_reserve \$i*4K 2K => 0
memblock_reserve 508K+1K 1K => -ENOMEM
expect log \"Failed to double reserved array from 128 to 256 entries\"
expect reserved.max 128" -k "$k"

	script "$k: RAM at 0, below and above 4 GiB and at 63 TiB, in both directions" 0 "
memblock_add 0 640K
memblock_add 1M 2G-1M
memblock_add 4G 4G
memblock_add 63*1024G 512G
repeat 2 set bottom_up \$i
set bottom_up 0
memblock_alloc_try_nid 64K 4K 0 640K -1 => 0x90000
memblock_alloc_try_nid 1G 4K 0 2G -1 => 0x40000000
memblock_alloc_try_nid 2G 1G 4G 8G -1 => 0x180000000
memblock_alloc_try_nid 256G 1G 0 0 -1 => 0x3f4000000000
set bottom_up 1
memblock_alloc_try_nid 64K 4K 4K 640K -1 => 0x1000
memblock_alloc_try_nid 512M 4K 1M 2G -1 => 0x100000
memblock_alloc_try_nid 2G 4K 4G 8G -1 => 0x100000000
memblock_alloc_try_nid 128G 4K 63*1024G 0 -1 => 0x3f0000000000" -k "$k"
done

# The highest byte there can be.
script 'the last page below 64 TiB' 0 'memblock_add 64*1024G-64K 64K
memblock_alloc 4K 4K => 0x3ffffffff000'
script 'RAM beyond 64 TiB cannot be' 2 'ram 64*1024G+0'

# A memblock that forgets to zero hands out poison: memblock_alloc() of it must differ.
cat >"$tmp/zero.mb" <<'EOF'
memblock_add 0 1G
cmdline look=0x100000
x = memblock_alloc_raw 64K 4K
cmdline look=0x3fff0000
expect log "look 0x3fff0000: 0xa5a5a5a5"
y = memblock_alloc 4M 4K
cmdline look=0x3fbf0000
expect log "look 0x3fbf0000: 0x0"
z = memblock_alloc 100 64
cmdline look=0x3fbeff80
expect log "look 0x3fbeff80: 0x0"
EOF
{
	cat "$(tree "$newest")/mm/memblock.c"
	cat <<'EOF'
static int __init look(char *p)
{
	phys_addr_t pa = memparse(p, &p);

	pr_info("look 0x%llx: %#x\n", (u64)pa, *(unsigned int *)__va(pa));
	return 0;
}
early_param("look", look);
EOF
} >"$tmp/look.c"
exits 'fresh memory is poison, zeroed memory is zero' 0 "$MBSIM" run -m "$tmp/look.c" "$tmp/zero.mb"
[ "$status" = 0 ] || diag "$out"

case $MBSIM in
*asan*) skip 'resident size' 'a sanitizer needs memory of its own' ;;
*)
	script 'a script that zeroes 64 GiB' 0 'memblock_add 4K 64*1024G-4K
memblock_alloc 64G 4K
memblock_alloc 64K 4K
set bottom_up 1
memblock_alloc 1G 4K
memblock_alloc_from 100 8 8*1024G'
	# wait4() gives the largest resident size, in KiB
	peak=$(perl -e '
		my %wait4 = (x86_64 => 61, aarch64 => 260);
		my $machine = `uname -m`; chomp $machine;
		my $pid = fork // die; if (!$pid) { open STDOUT, ">/dev/null"; exec @ARGV }
		my ($status, $usage) = ("\0" x 4, "\0" x 144);
		syscall($wait4{$machine}, $pid, $status, 0, $usage);
		print((unpack "q*", $usage)[4]);' -- "$MBSIM" run "$tmp/script.mb")
	like 'has a resident size below 100 MiB' "resident $peak" '^resident [0-9]{4,5}$'
	;;
esac
done_testing
