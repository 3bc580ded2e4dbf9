// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flattened device trees (version 17 of the format), as far as memblock.c needs them: a writer for
 * one tree at a time, and a reader that trusts what the writer wrote. A value has one string.
 */
#include <linux/kernel.h>
#include <linux/libfdt.h>
#include <linux/string.h>

#include "rt.h"

enum token {
	BEGIN_NODE = 1,
	END_NODE = 2,
	PROPERTY = 3,
	END = 9
};

/* Words of the header, big-endian. */
enum header {
	MAGIC,
	TOTALSIZE,
	OFF_STRUCT,
	OFF_STRINGS,
	OFF_RESERVED,
	VERSION,
	LAST_COMPATIBLE,
	BOOT_CPU,
	SIZE_STRINGS,
	SIZE_STRUCT,
	HEADER_WORDS
};

#define FDT_MAGIC 0xd00dfeed
/* behind the header lies an empty list of what is reserved: two 64-bit zeroes */
#define STRUCT_AT (HEADER_WORDS * 4 + 16)

static struct writer {
	u32 size, used; /* of the buffer; of the structure */
	char strings[256];
	u32 strings_used;
} writer;

static u32 get(const void *at)
{
	return __builtin_bswap32(*(const u32 *)at);
}

static void put_be32(void *at, u32 value)
{
	*(u32 *)at = __builtin_bswap32(value);
}

static u32 header(const void *fdt, enum header word)
{
	return get((const u32 *)fdt + word);
}

static int append(void *fdt, const void *data, u32 len)
{
	u32 room = ALIGN(len, 4);
	char *at = (char *)fdt + STRUCT_AT + writer.used;

	if (STRUCT_AT + writer.used + room + sizeof(writer.strings) > writer.size)
		return -FDT_ERR_NOSPACE;
	memset(at, 0, room);
	memcpy(at, data, len);
	writer.used += room;
	return 0;
}

static int append_word(void *fdt, u32 word)
{
	u32 bytes;

	put_be32(&bytes, word);
	return append(fdt, &bytes, sizeof(bytes));
}

int fdt_create(void *buf, int size)
{
	writer = (struct writer){ .size = size };
	memset(buf, 0, STRUCT_AT);
	return size < STRUCT_AT ? -FDT_ERR_NOSPACE : 0;
}

int fdt_finish_reservemap(void *fdt)
{
	(void)fdt;
	return 0;
}

int fdt_begin_node(void *fdt, const char *name)
{
	int err = append_word(fdt, BEGIN_NODE);

	return err ? err : append(fdt, name, strlen(name) + 1);
}

static int string_offset(const char *name)
{
	u32 len = strlen(name) + 1, at = 0;

	for (; at < writer.strings_used; at += strlen(writer.strings + at) + 1)
		if (!strcmp(writer.strings + at, name))
			return at;
	if (at + len > sizeof(writer.strings))
		return -FDT_ERR_NOSPACE;
	memcpy(writer.strings + at, name, len);
	writer.strings_used += len;
	return at;
}

int fdt_property(void *fdt, const char *name, const void *value, int len)
{
	int at = string_offset(name), err = at < 0 ? at : 0;

	err = err ? err : append_word(fdt, PROPERTY);
	err = err ? err : append_word(fdt, len);
	err = err ? err : append_word(fdt, at);
	return err ? err : append(fdt, value, len);
}

int fdt_end_node(void *fdt)
{
	return append_word(fdt, END_NODE);
}

int fdt_finish(void *fdt)
{
	int err = append_word(fdt, END);
	u32 *words = fdt, strings_at = STRUCT_AT + writer.used;

	if (err)
		return err;
	memcpy((char *)fdt + strings_at, writer.strings, writer.strings_used);
	put_be32(&words[MAGIC], FDT_MAGIC);
	put_be32(&words[TOTALSIZE], strings_at + writer.strings_used);
	put_be32(&words[OFF_STRUCT], STRUCT_AT);
	put_be32(&words[OFF_STRINGS], strings_at);
	put_be32(&words[OFF_RESERVED], HEADER_WORDS * 4);
	put_be32(&words[VERSION], 17);
	put_be32(&words[LAST_COMPATIBLE], 16);
	put_be32(&words[SIZE_STRINGS], writer.strings_used);
	put_be32(&words[SIZE_STRUCT], writer.used);
	return 0;
}

u32 fdt_totalsize(const void *fdt)
{
	return header(fdt, TOTALSIZE);
}

static const char *structure(const void *fdt, int offset)
{
	return (const char *)fdt + header(fdt, OFF_STRUCT) + offset;
}

/* The offset behind the token at @offset. */
static int next_token(const void *fdt, int offset)
{
	const char *at = structure(fdt, offset);

	switch (get(at)) {
	case BEGIN_NODE:
		return offset + 4 + ALIGN(strlen(at + 4) + 1, 4);
	case PROPERTY:
		return offset + 12 + ALIGN(get(at + 4), 4);
	default:
		return offset + 4;
	}
}

int fdt_subnode_offset(const void *fdt, int parent, const char *name)
{
	int depth = 0;

	for (int at = next_token(fdt, parent); depth >= 0; at = next_token(fdt, at)) {
		switch (get(structure(fdt, at))) {
		case BEGIN_NODE:
			if (!depth++ && !strcmp(structure(fdt, at) + 4, name))
				return at;
			break;
		case END_NODE:
			depth--;
			break;
		case END:
			return -FDT_ERR_NOTFOUND;
		}
	}
	return -FDT_ERR_NOTFOUND;
}

const void *fdt_getprop(const void *fdt, int node, const char *name, int *len)
{
	const char *strings = (const char *)fdt + header(fdt, OFF_STRINGS);

	for (int at = next_token(fdt, node); get(structure(fdt, at)) == PROPERTY;
	     at = next_token(fdt, at)) {
		const char *p = structure(fdt, at);

		if (strcmp(strings + get(p + 8), name))
			continue;
		if (len)
			*len = get(p + 4);
		return p + 12;
	}
	if (len)
		*len = -FDT_ERR_NOTFOUND;
	return NULL;
}

int fdt_node_check_compatible(const void *fdt, int node, const char *compatible)
{
	const char *value;
	int len;

	if (header(fdt, MAGIC) != FDT_MAGIC)
		return -FDT_ERR_BADMAGIC;
	value = fdt_getprop(fdt, node, "compatible", &len);
	return value ? !!strcmp(value, compatible) : len;
}
