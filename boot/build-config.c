// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a kernel's configuration decides of a boot: a .config, /boot/config-* or /proc/config.gz, in
 * which an option that is off is a comment or is not there at all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boot/build.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/size.h"

struct config {
	struct config_option {
		char *name, *value; /* without CONFIG_ */
	} * v;
	size_t nr, room;
	const char *path;
};

static const char *option(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->nr; i++)
		if (!strcmp(c->v[i].name, name))
			return c->v[i].value;
	return NULL;
}

static bool is_on(const struct config *c, const char *name)
{
	const char *value = option(c, name);

	return value && !strcmp(value, "y");
}

/* False without a number of at most @most. */
static bool number(const struct config *c, const char *name, uint64_t most, uint64_t *value)
{
	const char *text = option(c, name);

	return text && !size_parse(text, NULL, value) && *value <= most;
}

static void set(struct boot_build *b, enum boot_fact fact, uint64_t value, const char *where)
{
	boot_build_set(
		b, fact,
		(struct boot_known){ .value = value, .source = BOOT_FROM_CONFIG, .where = where });
}

/* A fact that is 2 to the power of an option. */
static void set_shift(struct boot_build *b, const struct config *c, enum boot_fact fact,
		      const char *name)
{
	uint64_t shift;

	if (number(c, name + strlen("CONFIG_"), 40, &shift))
		set(b, fact, 1ULL << shift, name);
}

/* KFENCE_POOL_SIZE: two pages for each object, and two more; of the pages that are configured */
static void set_kfence(struct boot_build *b, const struct config *c)
{
	uint64_t objects, interval = 0, page = 4096, pool = 0;

	if (is_on(c, "ARM64_16K_PAGES"))
		page = 16384;
	if (is_on(c, "ARM64_64K_PAGES"))
		page = 65536;
	if (is_on(c, "KFENCE") && number(c, "KFENCE_NUM_OBJECTS", 65535, &objects))
		pool = (objects + 1) * 2 * page;
	/* the kernel only has it where it samples; kfence.sample_interval= changes that */
	if (!number(c, "KFENCE_SAMPLE_INTERVAL", INT32_MAX, &interval) || !interval)
		b->kfence_asleep = pool;
	set(b, BOOT_KFENCE_POOL, interval ? pool : 0, "CONFIG_KFENCE");
}

static void note(struct boot_build *b, const struct config *c, const char *text)
{
	ARRAY_APPEND(b->notes, b->nr_notes, b->room_notes) = array_format("%s: %s", c->path, text);
}

/* What boots are not modelled with, or takes another engine. */
static void note_limits(struct boot_build *b, const struct config *c)
{
	if (is_on(c, "SPARSEMEM") && !is_on(c, "SPARSEMEM_VMEMMAP"))
		note(b, c,
		     "CONFIG_SPARSEMEM_VMEMMAP is off; the map of pages is booted as if it were on");
	if (is_on(c, "KASAN_GENERIC") || is_on(c, "KASAN_SW_TAGS"))
		note(b, c, "CONFIG_KASAN is on; its shadow memory is not modelled");
	if (is_on(c, "KMSAN"))
		note(b, c, "CONFIG_KMSAN is on; its shadow memory is not modelled");
	if (is_on(c, "X86_64") && !is_on(c, "NUMA"))
		note(b, c, "CONFIG_NUMA is off: say --config x86_64-uma for such an engine");
	if (is_on(c, "FLATMEM"))
		note(b, c, "CONFIG_FLATMEM is on: say --config x86_64-flatmem for such an engine");
}

static void take_options(struct boot_build *b, const struct config *c)
{
	uint64_t value;

	set_shift(b, c, BOOT_LOG_BUF, "CONFIG_LOG_BUF_SHIFT");
	set_shift(b, c, BOOT_LOG_CPU_MAX, "CONFIG_LOG_CPU_MAX_BUF_SHIFT");
	set(b, BOOT_DEFERRED, is_on(c, "DEFERRED_STRUCT_PAGE_INIT"),
	    "CONFIG_DEFERRED_STRUCT_PAGE_INIT");
	set(b, BOOT_ZONE_DEVICE, is_on(c, "ZONE_DEVICE"), "CONFIG_ZONE_DEVICE");
	set(b, BOOT_SECTION_STRUCT, is_on(c, "PAGE_EXTENSION") ? 32 : 16, "CONFIG_PAGE_EXTENSION");
	if (!is_on(c, "MODULES"))
		set(b, BOOT_PERCPU_RESERVED, 0, "CONFIG_MODULES");
	if (is_on(c, "X86_64") && number(c, "PHYSICAL_START", UINT32_MAX, &value) && value)
		set(b, BOOT_KERNEL_BASE, value, "CONFIG_PHYSICAL_START");
	if (number(c, "NR_CPUS", 65536, &value) && value)
		set(b, BOOT_NR_CPUS, value, "CONFIG_NR_CPUS");
	else if (!is_on(c, "SMP"))
		set(b, BOOT_NR_CPUS, 1, "CONFIG_SMP");
	set_kfence(b, c);
	b->orc_is_told = true;
	b->has_orc = is_on(c, "UNWINDER_ORC");
	note_limits(b, c);
}

/* "CONFIG_X=y"; everything else is no option that is on. */
static void read_line(struct config *c, const char *line, size_t len)
{
	static const char prefix[] = "CONFIG_";
	const char *equals = memchr(line, '=', len), *name = line + strlen(prefix);
	struct config_option o;

	if (len < strlen(prefix) || strncmp(line, prefix, strlen(prefix)) || !equals)
		return;
	o.name = array_format("%.*s", (int)(equals - name), name);
	o.value = array_format("%.*s", (int)(line + len - equals - 1), equals + 1);
	o.value[strcspn(o.value, "\r")] = '\0';
	ARRAY_APPEND(c->v, c->nr, c->room) = o;
}

int boot_build_parse_config(struct boot_build *b, const char *path, const char *text, size_t len,
			    struct error *err)
{
	struct config c = { .path = path };
	const char *end = text + len, *eol;
	int ret = 0;

	for (; text < end; text = eol + 1) {
		eol = memchr(text, '\n', end - text);
		if (!eol)
			eol = end;
		read_line(&c, text, eol - text);
	}
	if (c.nr)
		take_options(b, &c);
	else
		ret = error_set(err, EINVAL,
				"%s: no configuration of a kernel: there is no line such as "
				"\"CONFIG_SMP=y\" in it",
				path);
	for (size_t i = 0; i < c.nr; i++) {
		free(c.v[i].name);
		free(c.v[i].value);
	}
	free(c.v);
	return ret;
}

int boot_build_read_config(struct boot_build *b, const char *path, struct error *err)
{
	size_t len;
	char *text = file_read(path, &len, err);
	int ret;

	if (!text)
		return -EINVAL;
	ret = boot_build_parse_config(b, path, text, len, err);
	free(text);
	return ret;
}
