// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sizes that a kernel's image tells: of its parts, by the symbols of vmlinux or System.map, and of
 * its structures, by the types that it has for BPF (BTF: Documentation/bpf/btf.rst).
 */
#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "boot/build.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/scan.h"

/* Facts that are from one symbol to another. */
static const struct {
	enum boot_fact fact;
	const char *from, *to;
} spans[] = {
	{ BOOT_IMAGE_SIZE, "_text", "_end" },
	{ BOOT_PERCPU_STATIC, "__per_cpu_start", "__per_cpu_end" },
	{ BOOT_SMP_LOCKS, "__smp_locks", "__smp_locks_end" },
};

/* And those that are the size of a structure. */
static const struct {
	enum boot_fact fact;
	const char *name;
} structs[] = {
	{ BOOT_STRUCT_PAGE, "page" },
	{ BOOT_PGDAT_SIZE, "pglist_data" },
	{ BOOT_PERCPU_CHUNK, "pcpu_chunk" },
	{ BOOT_SECTION_STRUCT, "mem_section" },
};

struct image_reader {
	struct boot_build *build;
	unsigned int found;
	struct {
		bool has_from, has_to;
		uint64_t from, to;
	} v[ARRAY_LEN(spans)];
};

static void take_symbol(struct image_reader *r, const char *name, uint64_t value)
{
	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		if (!strcmp(name, spans[i].from)) {
			r->v[i].from = value;
			r->v[i].has_from = true;
		} else if (!strcmp(name, spans[i].to)) {
			r->v[i].to = value;
			r->v[i].has_to = true;
		}
	}
}

static void tell(struct image_reader *r, enum boot_fact fact, uint64_t value, const char *where)
{
	boot_build_set(
		r->build, fact,
		(struct boot_known){ .value = value, .source = BOOT_FROM_IMAGE, .where = where });
	r->found++;
}

static void take_spans(struct image_reader *r)
{
	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		uint64_t size = r->v[i].to - r->v[i].from;

		if (r->v[i].has_from && r->v[i].has_to && r->v[i].to > r->v[i].from &&
		    size < 1ULL << 32)
			tell(r, spans[i].fact, size, spans[i].from);
	}
}

/* BTF's header, and the beginning of a type; the number is of what follows it */
struct btf_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t header, type_offset, type_length, string_offset, string_length;
};

struct btf_type {
	uint32_t name, info, size;
};

#define BTF_MAGIC 0xeb9f
#define BTF_STRUCT 4

/* Bytes that follow a type of a kind; -1: there is no such kind. */
static int extra_of(unsigned int kind, unsigned int members)
{
	static const struct {
		int fixed, each;
	} extra[] = {
		[1] = { 4, 0 },	  /* int */
		[2] = { 0, 0 },	  /* pointer */
		[3] = { 12, 0 },  /* array */
		[4] = { 0, 12 },  /* struct */
		[5] = { 0, 12 },  /* union */
		[6] = { 0, 8 },	  /* enum */
		[7] = { 0, 0 },	  /* forward */
		[8] = { 0, 0 },	  /* typedef */
		[9] = { 0, 0 },	  /* volatile */
		[10] = { 0, 0 },  /* const */
		[11] = { 0, 0 },  /* restrict */
		[12] = { 0, 0 },  /* function */
		[13] = { 0, 8 },  /* its prototype */
		[14] = { 4, 0 },  /* variable */
		[15] = { 0, 12 }, /* section */
		[16] = { 0, 0 },  /* float */
		[17] = { 4, 0 },  /* declaration's tag */
		[18] = { 0, 0 },  /* type's tag */
		[19] = { 0, 12 }, /* enum of 64 bits */
	};

	if (!kind || kind >= ARRAY_LEN(extra))
		return -1;
	return extra[kind].fixed + extra[kind].each * (int)members;
}

static void take_struct(struct image_reader *r, const char *name, uint64_t size)
{
	for (size_t i = 0; i < ARRAY_LEN(structs); i++)
		if (!strcmp(structs[i].name, name) && size && size < 1 << 24)
			tell(r, structs[i].fact, size, "BTF");
}

/* Takes what is there, as far as it is well formed. */
static void read_btf(struct image_reader *r, const unsigned char *data, size_t len)
{
	struct btf_header h;
	uint64_t at, end, strings;

	if (len < sizeof(h))
		return;
	memcpy(&h, data, sizeof(h));
	at = (uint64_t)h.header + h.type_offset;
	end = at + h.type_length;
	strings = (uint64_t)h.header + h.string_offset;
	if (h.magic != BTF_MAGIC || end > len || strings + h.string_length > len ||
	    !h.string_length || data[strings + h.string_length - 1])
		return;
	while (at + sizeof(struct btf_type) <= end) {
		struct btf_type t;
		unsigned int kind;
		int extra;

		memcpy(&t, data + at, sizeof(t));
		kind = t.info >> 24 & 0x1f;
		extra = extra_of(kind, t.info & 0xffff);
		if (extra < 0)
			return;
		if (kind == BTF_STRUCT && t.name < h.string_length)
			take_struct(r, (const char *)data + strings + t.name, t.size);
		at += sizeof(t) + extra;
	}
}

static void read_elf(struct image_reader *r, char *data, size_t len)
{
	Elf *elf;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	size_t names;

	elf_version(EV_CURRENT);
	elf = elf_memory(data, len);
	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names)) {
		elf_end(elf);
		return;
	}
	while ((scn = elf_nextscn(elf, scn))) {
		Elf_Data *part = NULL;
		const char *section;
		GElf_Sym sym;

		if (!gelf_getshdr(scn, &shdr))
			continue;
		section = elf_strptr(elf, names, shdr.sh_name);
		if (shdr.sh_type == SHT_SYMTAB || (section && !strcmp(section, ".BTF")))
			part = elf_getdata(scn, NULL);
		if (part && shdr.sh_type != SHT_SYMTAB)
			read_btf(r, part->d_buf, part->d_size);
		for (int i = 0; part && shdr.sh_type == SHT_SYMTAB && gelf_getsym(part, i, &sym);
		     i++) {
			const char *name = elf_strptr(elf, shdr.sh_link, sym.st_name);

			if (name)
				take_symbol(r, name, sym.st_value);
		}
	}
	elf_end(elf);
}

/* "ffffffff81000000 T _text" */
static void read_map(struct image_reader *r, char *text)
{
	char *line, *next = text;

	while ((line = strsep(&next, "\n"))) {
		const char *p = line;
		uint64_t value;

		if (!scan_hex(&p, &value) || *p != ' ' || !p[1] || p[2] != ' ')
			continue;
		line[strcspn(line, "\r")] = '\0';
		take_symbol(r, p + 3, value);
	}
}

int boot_build_read_image(struct boot_build *b, const char *path, struct error *err)
{
	struct image_reader r = { .build = b };
	static const unsigned char magic[] = { 0x9f, 0xeb };
	size_t len;
	char *data = file_read(path, &len, err);

	if (!data)
		return -EINVAL;
	if (len > 4 && !memcmp(data, ELFMAG, SELFMAG))
		read_elf(&r, data, len);
	else if (len > 2 && !memcmp(data, magic, 2))
		read_btf(&r, (const unsigned char *)data, len);
	else
		read_map(&r, data);
	take_spans(&r);
	free(data);
	if (r.found)
		return 0;
	return error_set(
		err, EINVAL,
		"%s: no size of a kernel is in it: it should be a vmlinux with symbols or BTF, "
		"/sys/kernel/btf/vmlinux, or a System.map",
		path);
}
