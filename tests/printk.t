#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel's log: formats, levels and lines, tried from within a memblock.c that says them.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

{
	cat "$(tree "$newest")/mm/memblock.c"
	cat <<'EOF'
static int __init say(char *p)
{
	phys_addr_t pa = 0x123456789abcULL;
	dma_addr_t dma = 0x1000;
	struct resource r = { .start = 0x1000, .end = 0x1fff, .flags = IORESOURCE_MEM };
	struct resource far = { .start = 0x1000, .end = 0x100001fffULL, .flags = IORESOURCE_MEM };
	unsigned long nodes = 0x10f;

	pr_info("pa %pa pap %pap pad %pad\n", &pa, &pa, &dma);
	pr_info("ps %ps pf %pf pS %pS\n", (void *)memblock_add, (void *)memblock_add, NULL);
	pr_info("pR %pR far %pR raw %pr\n", &r, &far, &r);
	pr_info("p %p px %px pK %pK\n", &r, (void *)0x1234, (void *)0x1234);
	pr_info("bl %*pbl pe %pe\n", 64, &nodes, ERR_PTR(-12));
	pr_info("d %d %5d|%-5d|%05d|%+d|% d i %i u %u\n", -1, 42, 42, 42, 42, 42, -7, -1);
	pr_info("x %x %#x %#010x %X %o %#o\n", 255, 255, 255, 255, 8, 8);
	pr_info("l %ld %lu %lx ll %lld %llu %llx z %zu hh %hhx h %hx\n", -1L, ~0UL, ~0UL, -1LL,
		~0ULL, ~0ULL, (size_t)7, 0x1234, 0x12345);
	pr_info("s [%s] [%5s] [%-5s] [%.2s] [%*s] [%.*s] c %c %%\n", "abc", "abc", "abc", "abc", 4,
		"x", 1, "yz", 'q');
	pr_info("null %s\n", (char *)NULL);
	pr_info("begun");
	pr_cont(", continued\n");
	pr_info("without end");
	pr_info("the next\n");
	pr_info("two\nlines\n");
	printk("no level\n");
	WARN(p != NULL, "careful: %d\n", 5);
	WARN_ON_ONCE(1);
	pr_err("%s: done\n", __func__);
	return 0;
}
early_param("say", say);

static int __init second(char *p)
{
	pr_info("second [%s]\n", p);
	kfree(memblock.memory.regions);
	return 0;
}
__setup("second=", second);
EOF
} >"$tmp/say.c"
sed -i '1i #include <linux/ioport.h>' "$tmp/say.c"

script 'what is said' 0 'cmdline say=1' -m "$tmp/say.c" --trace
said() {
	like "$1" "$out" "^  \| $2\$"
}
said 'physical addresses' 'pa 0x0000123456789abc pap 0x0000123456789abc pad 0x0000000000001000'
said 'symbols' 'ps memblock_add pf memblock_add pS 0'
said 'resources' 'pR \[mem 0x00001000-0x00001fff\] far \[mem 0x0000000000001000-0x0000000100001fff\] raw \[mem 0x00001000-0x00001fff flags 0x200\]'
said 'pointers' 'p \(____ptrval____\) px 0000000000001234 pK 0000000000001234'
said 'lists of bits, errors' 'bl 0-3,8 pe -12'
said 'integers' 'd -1    42\|42   \|00042\|\+42\| 42 i -7 u 4294967295'
said 'bases' 'x ff 0xff 0x000000ff FF 10 010'
said 'lengths' 'l -1 18446744073709551615 ffffffffffffffff ll -1 18446744073709551615 ffffffffffffffff z 7 hh 34 h 2345'
said 'strings' 's \[abc\] \[  abc\] \[abc  \] \[ab\] \[   x\] \[y\] c q %'
said 'no string' 'null \(null\)'
said 'a continued line' 'begun, continued'
said 'a line that another ends' 'without end'
said 'the other' 'the next'
said 'two lines of one message' 'lines'
said 'no level' 'no level'
said 'a warning' 'WARNING: CPU: 0 PID: 0 at mm/memblock.c:[0-9]+ say\+0x[0-9a-f]+/0x[0-9a-f]+'
said 'its words' 'careful: 5'
said 'what comes after it' 'say: done'

script '32-bit physical addresses' 0 'cmdline say=1
expect log "pa 0x56789abc pap 0x56789abc pad 0x0000000000001000"' -m "$tmp/say.c" --config phys32

script 'freeing what kmalloc() did not give' 1 'cmdline second=x' -m "$tmp/say.c"
like 'is a bug' "$out" 'kfree\(\) of [0-9a-f]+, which kmalloc\(\) did not give'
like 'and __setup() gets what is behind the name' "$out" 'second \[x\]'

if [ "$newest" != 6.1 ]; then
	script 'reserve_mem= is parsed by the kernel' 0 'memblock_add 0 1G
cmdline reserve_mem=1M:4K:trace
expect reserved 0x3ff00000-0x3fffffff'
fi
done_testing
