// SPDX-License-Identifier: GPL-2.0-or-later
/* Small worlds: lines of bytes, all of them, laid into memblock and compared with it. */
#include <linux/string.h>

#include "internal.h"
#include "suite/line.h"

int line_nid(char letter)
{
	if (!IS_ENABLED(CONFIG_NUMA))
		return 0;
	if (letter == 'R' || letter == 'K' || letter == 'I')
		return NUMA_NO_NODE;
	return letter == 'B';
}

unsigned long line_flags(char letter)
{
	switch (letter) {
	case 'H':
		return MEMBLOCK_HOTPLUG;
	case 'M':
		return MEMBLOCK_MIRROR;
	case 'N':
		return MEMBLOCK_NOMAP;
#ifdef RT_HAVE_MEMBLOCK_DRIVER_MANAGED
	case 'D':
		return MEMBLOCK_DRIVER_MANAGED;
#endif
#ifdef RT_HAVE_MEMBLOCK_RSRV_NOINIT
	case 'I':
		return MEMBLOCK_RSRV_NOINIT;
#endif
#ifdef RT_HAVE_MEMBLOCK_RSRV_KERN
	case 'K':
		return MEMBLOCK_RSRV_KERN;
#endif
	default:
		return 0;
	}
}

bool line_alike(char a, char b)
{
	if (a == '.' || b == '.')
		return a == b;
	return line_nid(a) == line_nid(b) && line_flags(a) == line_flags(b);
}

void line_begin(char *line, unsigned int length)
{
	memset(line, '.', length);
	line[length] = '\0';
}

bool line_next(char *line, const char *letters)
{
	for (; *line; line++) {
		const char *at = strchr(letters, *line);

		if (!at) {
			*line = letters[0];
			return true;
		}
		if (at[1]) {
			*line = at[1];
			return true;
		}
		*line = '.';
	}
	return false;
}

bool line_range_next(struct line_range *range, int length)
{
	if (range->end < length) {
		range->end++;
		return true;
	}
	range->first++;
	range->end = range->first;
	return range->first <= length;
}

void line_put(char *line, const struct line_range *range, char letter, bool keep)
{
	for (int i = range->first; i < range->end; i++)
		if (!keep || line[i] == '.')
			line[i] = letter;
}

/* Up to 6.1 an array of no regions has an empty one. */
static unsigned long count_of_nothing;

static void __attribute__((constructor)) count_nothing(void)
{
	count_of_nothing = memblock.memory.cnt;
}

struct memblock_type *line_type(enum line_list list)
{
	return list == LINE_MEMORY ? &memblock.memory : &memblock.reserved;
}

static int end_of_region(const char *line, int first)
{
	int end = first + 1;

	while (line[end] && line_alike(line[first], line[end]))
		end++;
	return end;
}

static void lay_memory(struct kunit *test, phys_addr_t base, phys_addr_t size, char letter)
{
	int ret = suite_add_node(base, size, line_nid(letter), letter == 'D' ? line_flags('D') : 0);

	if (letter == 'H')
		ret = memblock_mark_hotplug(base, size);
	else if (letter == 'M')
		ret = memblock_mark_mirror(base, size);
	else if (letter == 'N')
		ret = memblock_mark_nomap(base, size);
	KUNIT_ASSERT_EQ(test, ret, 0);
}

static void lay_reserved(struct kunit *test, phys_addr_t base, phys_addr_t size, char letter)
{
#ifdef RT_HAVE_memblock_reserve_kern
	if (letter == 'K') {
		KUNIT_ASSERT_EQ(test, memblock_reserve_kern(base, size), 0);
		return;
	}
#endif
	KUNIT_ASSERT_EQ(test, memblock_reserve(base, size), 0);
#ifdef RT_HAVE_memblock_reserved_mark_noinit
	if (letter == 'I')
		KUNIT_ASSERT_EQ(test, memblock_reserved_mark_noinit(base, size), 0);
#endif
	(void)letter;
}

void line_lay(struct kunit *test, enum line_list list, const char *line)
{
	/* without the flag there is no mirrored memory, whatever is marked */
	bool mirrored = mirrored_kernelcore;
	int end;

	mirrored_kernelcore = true;
	if (list == LINE_MEMORY)
		memblock_remove(LINE_AT(-LINE_ROOM), 3 * LINE_ROOM);
	else
		suite_free(LINE_AT(-LINE_ROOM), 3 * LINE_ROOM);
	for (int i = 0; line[i]; i = end) {
		end = end_of_region(line, i);
		if (line[i] == '.')
			continue;
		if (list == LINE_MEMORY)
			lay_memory(test, LINE_AT(i), end - i, line[i]);
		else
			lay_reserved(test, LINE_AT(i), end - i, line[i]);
	}
	mirrored_kernelcore = mirrored;
}

static bool region_is(const struct memblock_region *r, phys_addr_t base, phys_addr_t size,
		      char letter)
{
	int nid = memblock_get_region_node((struct memblock_region *)r);

	if (nid < 0 || nid >= MAX_NUMNODES)
		nid = NUMA_NO_NODE;
	return r->base == base && r->size == size && r->flags == line_flags(letter) &&
	       nid == line_nid(letter);
}

bool line_regions_hold(enum line_list list, const char *line)
{
	const struct memblock_type *type = line_type(list);
	unsigned long n = 0;
	int end;

	for (int i = 0; line[i]; i = end) {
		end = end_of_region(line, i);
		if (line[i] == '.')
			continue;
		if (n == type->cnt || !region_is(&type->regions[n], LINE_AT(i), end - i, line[i]))
			return false;
		n++;
	}
	return n ? n == type->cnt : type->cnt == count_of_nothing && !type->regions[0].size;
}

static phys_addr_t size_of(const char *line)
{
	phys_addr_t size = 0;

	for (; *line; line++)
		size += *line != '.';
	return size;
}

bool line_holds(enum line_list list, const char *line)
{
	return line_type(list)->total_size == size_of(line) && line_regions_hold(list, line);
}

bool line_bytes_hold(enum line_list list, const char *line)
{
	const struct memblock_type *type = line_type(list);
	phys_addr_t size = 0;

	for (unsigned long n = 0; n < type->cnt; n++) {
		const struct memblock_region *r = &type->regions[n];

		for (phys_addr_t at = r->base; at < r->base + r->size; at++) {
			phys_addr_t i = at - LINE_AT(0);

			if (i >= strlen(line) || line[i] == '.' ||
			    !region_is(r, r->base, r->size, line[i]))
				return false;
			size++;
		}
	}
	return size == size_of(line) && type->total_size == size;
}

void line_failed(struct kunit *test, const char *file, int at, enum line_list list,
		 const char *line, const char *fmt, ...)
{
	const struct memblock_type *type = line_type(list);
	const struct kunit_site site = { "EXPECT", file,
					 at,	   list == LINE_MEMORY ? "memory" : "reserved",
					 "is",	   line };
	char text[700];
	size_t len;
	va_list args;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text) / 2, fmt, args);
	va_end(args);
	len = min(len, sizeof(text) / 2 - 1);
	len += scnprintf(text + len, sizeof(text) - len, ": got %lu of %llu bytes:", type->cnt,
			 (u64)type->total_size);
	for (unsigned long i = 0; i < type->cnt; i++)
		len += scnprintf(text + len, sizeof(text) - len, " [%lld-%lld)/%d/%#x",
				 (s64)(type->regions[i].base - LINE_AT(0)),
				 (s64)(type->regions[i].base + type->regions[i].size - LINE_AT(0)),
				 memblock_get_region_node(&type->regions[i]),
				 (unsigned int)type->regions[i].flags);
	kunit_fail(test, &site, "%s", text);
	kunit_leave(test);
}
