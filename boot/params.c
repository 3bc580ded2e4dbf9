// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options of the command line that a boot itself minds, as x86 has them in 6.12. What has a form
 * that the kernel takes and boot/ does not model is left alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"
#include "lib/size.h"

static int bad(struct error *err, const char *name, const char *value, const char *form)
{
	return error_set(err, EINVAL, "%s=%s: it should be %s", name, value ? value : "", form);
}

static void edit(struct boot_params *p, struct boot_edit e)
{
	ARRAY_APPEND(p->edits, p->nr_edits, p->room_edits) = e;
}

static struct boot_edit no_ram_from(uint64_t start)
{
	return (struct boot_edit){ { start, UINT64_MAX }, LAYOUT_RAM, BOOT_NONE, false };
}

static int take_mem(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	uint64_t size;

	if (value && !strcmp(value, "nopentium"))
		return 0;
	if (!value || size_parse(value, NULL, &size) || !size)
		return bad(err, name, value, "a size, such as mem=4G");
	edit(p, no_ram_from(size));
	p->mem_limit = size;
	return 0;
}

/* A type of e820, as a number. */
static int type_of(uint64_t number)
{
	switch (number) {
	case 0:
		return BOOT_NONE;
	case 1:
		return LAYOUT_RAM;
	case 2:
		return LAYOUT_RESERVED;
	case 3:
		return LAYOUT_ACPI;
	case 4:
		return LAYOUT_NVS;
	case 5:
		return LAYOUT_UNUSABLE;
	case 7:
	case 12:
		return LAYOUT_PMEM;
	case 0xefffffff:
		return LAYOUT_SOFT_RESERVED;
	default:
		return LAYOUT_OTHER;
	}
}

/* memmap=SIZE%START-FROM+TO, of which FROM or TO may be missing */
static int take_retyping(struct boot_params *p, const char *text, struct range range,
			 const char *value, struct error *err)
{
	const char *form = "SIZE%START-FROM+TO with types of e820";
	uint64_t from = 0, to = 0;

	if (*text == '-' && size_parse(text + 1, &text, &from))
		return bad(err, "memmap", value, form);
	if (*text == '+' && size_parse(text + 1, &text, &to))
		return bad(err, "memmap", value, form);
	if (*text)
		return bad(err, "memmap", value, form);
	/* type 0 is as good as none */
	edit(p, (struct boot_edit){ range, from ? type_of(from) : BOOT_ANY, type_of(to), false });
	return 0;
}

static int take_memmap_part(struct boot_params *p, const char *part, struct error *err)
{
	const char *form = "SIZE, SIZE@START, SIZE$START, SIZE#START, SIZE!START, "
			   "SIZE%START-FROM+TO or exactmap";
	const char *end;
	struct range range;
	uint64_t size, start;
	char kind;

	if (!strcmp(part, "exactmap")) {
		edit(p, (struct boot_edit){ .exact = true });
		return 0;
	}
	if (size_parse(part, &end, &size) || !size)
		return bad(err, "memmap", part, form);
	kind = *end;
	if (!kind) {
		edit(p, no_ram_from(size));
		return 0;
	}
	if (!strchr("@$#!%", kind) || size_parse(end + 1, &end, &start) || start + size < start)
		return bad(err, "memmap", part, form);
	range = (struct range){ start, start + size };
	if (kind == '%')
		return take_retyping(p, end, range, part, err);
	if (*end)
		return bad(err, "memmap", part, form);
	edit(p, (struct boot_edit){ range, BOOT_ANY,
				    kind == '@'	  ? LAYOUT_RAM
				    : kind == '#' ? LAYOUT_ACPI
				    : kind == '!' ? LAYOUT_PMEM
						  : LAYOUT_RESERVED,
				    false });
	return 0;
}

/* Several of them may stand behind one memmap=. */
static int take_memmap(struct boot_params *p, const char *name, const char *value,
		       struct error *err)
{
	char *copy, *part, *next;
	int ret = 0;

	if (!value)
		return bad(err, name, value, "SIZE, SIZE@START and the like");
	copy = array_strdup(value);
	for (next = copy; !ret && (part = strsep(&next, ","));)
		ret = take_memmap_part(p, part, err);
	free(copy);
	return ret;
}

/* START-[END]:SIZE[,...][@BASE] */
static int take_crash_ranges(struct boot_params *p, const char *value, struct error *err)
{
	const char *form = "START-[END]:SIZE[,...][@BASE]", *at = value;

	do {
		struct boot_crash c = { .when.end = UINT64_MAX };

		if (size_parse(at, &at, &c.when.start) || *at++ != '-')
			return bad(err, "crashkernel", value, form);
		if (*at != ':' && size_parse(at, &at, &c.when.end))
			return bad(err, "crashkernel", value, form);
		if (c.when.end <= c.when.start)
			return bad(err, "crashkernel", value,
				   "ranges whose END is larger than their START");
		if (*at++ != ':' || size_parse(at, &at, &c.size) || p->nr_crash == BOOT_MAX_CRASH)
			return bad(err, "crashkernel", value, form);
		p->crash[p->nr_crash++] = c;
	} while (*at++ == ',');
	at--;
	if (*at == '@' && size_parse(at + 1, &at, &p->crash_base))
		return bad(err, "crashkernel", value, form);
	return *at ? bad(err, "crashkernel", value, form) : 0;
}

#define CRASH_FORM "SIZE, SIZE@BASE, SIZE,high, SIZE,low, SIZE,cma or ranges"

static int take_crash(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	const char *end;
	uint64_t size;

	if (!value || size_parse(value, &end, &size))
		return bad(err, name, value, CRASH_FORM);
	if (!strcmp(end, ",high")) {
		p->crash_high = size;
		return 0;
	}
	if (!strcmp(end, ",low")) {
		p->crash_low = size;
		p->crash_low_set = true;
		return 0;
	}
	if (!strcmp(end, ",cma")) {
		p->crash_cma = size;
		p->crash_cma_last = true;
		return 0;
	}
	p->nr_crash = 0;
	p->crash_base = 0;
	p->crash_cma_last = false;
	p->crash_is_list = *end == '-';
	if (p->crash_is_list)
		return take_crash_ranges(p, value, err);
	if (*end == '@' && size_parse(end + 1, &end, &p->crash_base))
		return bad(err, name, value, "SIZE@BASE");
	if (*end)
		return bad(err, name, value, CRASH_FORM);
	p->crash[p->nr_crash++] = (struct boot_crash){ { 0, UINT64_MAX }, size };
	return 0;
}

/* numa=fake=N, fake=NU or fake=SIZE, where SIZE has an M or a G */
static void take_fake(struct boot_params *p, const char *text)
{
	uint64_t number = 0;

	size_parse(text, &text, &number); /* no number is 0 nodes, which fails later */
	p->fake = (struct boot_fake){ .asked = true, .uniform = strchr(text, 'U') };
	if (!p->fake.uniform && number >> 20)
		p->fake.size = number;
	else
		p->fake.nodes = number;
}

/* The kernel looks at how the value begins. */
static int take_numa(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	if (!value)
		return bad(err, name, value, "off, noacpi, nohmat or fake=NODES");
	if (!strncmp(value, "off", 3))
		p->numa_off = true;
	else if (!strncmp(value, "noacpi", 6))
		p->no_srat = true;
	else if (!strncmp(value, "fake=", 5))
		take_fake(p, value + 5);
	return 0;
}

static int take_acpi(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	(void)name;
	(void)err;
	if (value && !strcmp(value, "off"))
		p->no_srat = true;
	return 0;
}

static int take_flag(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	if (!strcmp(name, "movable_node"))
		p->movable_node = true;
	else if (!strcmp(name, "nokaslr"))
		p->no_kaslr = true;
	else if (!strcmp(name, "elfcorehdr"))
		p->is_kdump = true;
	else
		p->no_gbpages = true;
	return 0;
}

static int take_size(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	uint64_t size;

	if (!value || size_parse(value, NULL, &size))
		return bad(err, name, value, "a size or a number");
	if (!strcmp(name, "log_buf_len"))
		p->log_buf_len = size;
	else if (!strcmp(name, "nr_cpus"))
		p->nr_cpus = size;
	else if (*name != 'k')
		p->huge_size = size;
	else
		p->kfence_interval = size;
	p->kfence_set |= *name == 'k';
	return 0;
}

/* Only those of a size that is allocated by memblock. */
static int take_hugepages(struct boot_params *p, const char *name, const char *value,
			  struct error *err)
{
	uint64_t pages;

	if (!value || (!strchr(value, ':') && size_parse(value, NULL, &pages)))
		return bad(err, name, value, "a number of pages");
	if (p->huge_size > 4 << 20 && !strchr(value, ':')) {
		p->gigantic_size = p->huge_size;
		p->huge_pages = pages;
	}
	return 0;
}

static int take_swiotlb(struct boot_params *p, const char *name, const char *value,
			struct error *err)
{
	const char *at = value;

	if (!value)
		return bad(err, name, value, "a number of slabs, force or noforce");
	if (*at >= '0' && *at <= '9' && size_parse(at, &at, &p->swiotlb_slabs))
		return bad(err, name, value, "a number of slabs, force or noforce");
	p->swiotlb_force = strstr(at, "force") && !strstr(at, "noforce");
	p->no_swiotlb = strstr(at, "noforce");
	return 0;
}

/* SIZE[@BASE[-LIMIT]] */
static int take_cma(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	const char *form = "SIZE, SIZE@BASE or SIZE@BASE-LIMIT", *at;

	if (!value || size_parse(value, &at, &p->cma_size))
		return bad(err, name, value, form);
	p->cma_set = true;
	p->cma_base = p->cma_limit = 0;
	if (*at != '@')
		return *at ? bad(err, name, value, form) : 0;
	if (size_parse(at + 1, &at, &p->cma_base) ||
	    __builtin_add_overflow(p->cma_base, p->cma_size, &p->cma_limit))
		return bad(err, name, value, form);
	if (*at == '-' && size_parse(at + 1, &at, &p->cma_limit))
		return bad(err, name, value, form);
	return *at ? bad(err, name, value, form) : 0;
}

/* SIZE; NODE:SIZE,... is not modelled */
static int take_hugetlb_cma(struct boot_params *p, const char *name, const char *value,
			    struct error *err)
{
	if (!value || (!strchr(value, ':') && size_parse(value, NULL, &p->hugetlb_cma)))
		return bad(err, name, value, "a size");
	return 0;
}

/* arm64: anything but "full" leaves blocks in the linear map */
static int take_rodata(struct boot_params *p, const char *name, const char *value,
		       struct error *err)
{
	(void)name;
	(void)err;
	p->rodata_relaxed = value && strcmp(value, "full");
	return 0;
}

/* kernelcore= and movablecore=: a size or a percentage; sizes forget percentages, as they do */
static int take_core(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	struct boot_core *core = *name == 'k' ? &p->kernelcore : &p->movablecore;
	const char *end;
	uint64_t number;

	if (*name == 'k' && value && !strcmp(value, "mirror")) {
		p->kernelcore_mirror = true;
		return 0;
	}
	if (!value || size_parse(value, &end, &number))
		return bad(err, name, value,
			   *name == 'k' ? "a size, a percentage or mirror"
					: "a size or a percentage");
	if (*end == '%')
		core->percent = number;
	else
		*core = (struct boot_core){ .size = number };
	return 0;
}

static const struct {
	const char *name;
	int (*take)(struct boot_params *p, const char *name, const char *value, struct error *err);
} params[] = {
	{ "mem", take_mem },
	{ "memmap", take_memmap },
	{ "crashkernel", take_crash },
	{ "numa", take_numa },
	{ "acpi", take_acpi },
	{ "movable_node", take_flag },
	{ "nogbpages", take_flag },
	{ "nokaslr", take_flag },
	{ "elfcorehdr", take_flag },
	{ "kernelcore", take_core },
	{ "movablecore", take_core },
	{ "log_buf_len", take_size },
	{ "nr_cpus", take_size },
	{ "kfence.sample_interval", take_size },
	{ "hugepagesz", take_size },
	{ "default_hugepagesz", take_size },
	{ "hugepages", take_hugepages },
	{ "swiotlb", take_swiotlb },
	{ "cma", take_cma },
	{ "hugetlb_cma", take_hugetlb_cma },
	{ "rodata", take_rodata },
};

int boot_take_param(struct boot_params *p, const char *name, const char *value, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LEN(params); i++)
		if (!strcmp(params[i].name, name))
			return params[i].take(p, name, value, err);
	return 1;
}
