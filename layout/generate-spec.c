// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is asked of a layout that is to be made up: "nodes=4,size=16G..64G,holes=3". One table has
 * the keys; what `random` draws is written in it as a user would write it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/generate.h"
#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/size.h"

enum kind {
	NUMBER,
	SIZE,  /* bytes: with K, M, G ... */
	SHARE, /* percent */
	WORD,
};

#define ARCHES "x86_64 i386 arm64 arm riscv ppc64 s390 mips"
#define FIRMWARES "bios uefi dt none"
#define PLACES "spread random low top clustered"

static const struct key {
	const char *name;
	enum kind kind;
	uint64_t min, max;
	const char *words;    /* of a WORD, or instead of a number; the first of them is 0 */
	const char *standard; /* NULL: depends on others */
	const char *random;   /* what `random` chooses from; NULL: the standard */
	const char *meaning;  /* for those who ask */
} keys[SPEC_NR_KEYS] = {
	[SPEC_SEED] = { "seed", NUMBER, 0, UINT64_MAX, NULL, "1", NULL,
			"number that all that is random depends on" },
	[SPEC_ARCH] = { "arch", WORD, 0, 0, ARCHES, "x86_64",
			"x86_64|x86_64|x86_64|x86_64|i386|arm64|arm64|arm|riscv|ppc64|s390|mips",
			"the architecture" },
	[SPEC_FIRMWARE] = { "firmware", WORD, 0, 0, FIRMWARES, NULL, NULL,
			    "what draws the map: bios, uefi, dt (a device tree), none" },
	[SPEC_CPUS] = { "cpus", NUMBER, 1, 65536, NULL, "4", "1..8|1..8|1..64", "processors" },
	[SPEC_PAGE_SIZE] = { "page_size", SIZE, 4096, 65536, NULL, NULL, NULL, "bytes of a page" },
	[SPEC_SIZE] = { "size", SIZE, 1, 1ULL << 52, NULL, "2G", "512M..4G|1G..64G|16G..1T",
			"RAM of each node, or of all; A+B+C: of the first, second, third" },
	[SPEC_BASE] = { "base", SIZE, 0, 1ULL << 52, NULL, NULL, NULL, "where RAM begins" },
	[SPEC_TOP] = { "top", SIZE, 1, 1ULL << 52, NULL, NULL, NULL,
		       "where RAM ends: the last of it is moved up" },
	[SPEC_PCI_HOLE] = { "pci_hole", SIZE, 0, 3ULL << 30, NULL, NULL, "64M..3G|1G",
			    "addresses below 4 GiB that are no RAM (x86)" },
	[SPEC_NODES] = { "nodes", NUMBER, 0, 1024, NULL, "0", "0|0|1|2|2|4|8|2..16",
			 "nodes with memory; 0: nothing is said of nodes" },
	[SPEC_NODE_IDS] = { "node_ids", WORD, 0, 0, "dense sparse", "dense",
			    "dense|dense|dense|sparse", "numbers of nodes without or with gaps" },
	[SPEC_INTERLEAVE] = { "interleave", NUMBER, 1, 16384, NULL, "1", "1|1|1|2|2..8",
			      "pieces of each node, which alternate" },
	[SPEC_BLOCK] = { "block", SIZE, 1, 1ULL << 52, NULL, NULL, NULL,
			 "nodes alternate after so many bytes" },
	[SPEC_GAP] = { "gap", SIZE, 0, 1ULL << 50, NULL, "0", "0|0|64K..16G",
		       "addresses without RAM between pieces of nodes" },
	[SPEC_MEMORY_ONLY] = { "memory_only", NUMBER, 0, 1024, NULL, "0", "0|0|0|1",
			       "nodes, the last ones, without processors" },
	[SPEC_CPU_ONLY] = { "cpu_only", NUMBER, 0, 1024, NULL, "0", "0|0|0|1..2",
			    "more nodes, which have no memory" },
	[SPEC_DISTANCE] = { "distance", NUMBER, 11, 254, "none", "20", "11..40|none",
			    "of different nodes; none: not said" },
	[SPEC_HOTPLUG] = { "hotplug", SHARE, 0, 100, NULL, "0", "0|0|0|5..60",
			   "share of the pieces of nodes, the last, that can be removed" },
	[SPEC_MIRROR] = { "mirror", SHARE, 0, 100, NULL, "0", "0|0|0|5..50",
			  "share of each node's RAM, the first, that is kept twice" },
	[SPEC_ALIGN] = { "align", SIZE, 1, 1ULL << 40, NULL, NULL, NULL,
			 "a power of two that borders are multiples of" },
	[SPEC_MISALIGN] = { "misalign", SHARE, 0, 100, NULL, "0", "0|0|0|1..100",
			    "share of rows and holes whose borders are within a page" },
	[SPEC_HOLES] = { "holes", NUMBER, 0, 30000, NULL, "0", "0|0|1..4|1..4|1..4|1..40|50..250",
			 "holes in the RAM" },
	[SPEC_HOLE_SIZE] = { "hole_size", SIZE, 1, 1ULL << 50, NULL, "4K..1M", "4K..64K|4K..1M|4K",
			     "of each" },
	[SPEC_HOLES_AT] = { "holes_at", WORD, 0, 0, PLACES, "spread", PLACES, "where they are" },
	[SPEC_RESERVED] = { "reserved", NUMBER, 0, 10000, NULL, "0", "0|0|1..8|1..60",
			    "reserved rows, cut from the RAM" },
	[SPEC_ACPI] = { "acpi", NUMBER, 0, 10000, NULL, "0", "0|0|1..3", "likewise, ACPI data" },
	[SPEC_NVS] = { "nvs", NUMBER, 0, 10000, NULL, "0", "0|0|1..3", "ACPI NVS" },
	[SPEC_UNUSABLE] = { "unusable", NUMBER, 0, 10000, NULL, "0", "0|0|0|1..2", "unusable" },
	[SPEC_PMEM] = { "pmem", NUMBER, 0, 10000, NULL, "0", "0|0|0|1..2", "persistent" },
	[SPEC_SOFT_RESERVED] = { "soft_reserved", NUMBER, 0, 10000, NULL, "0", "0|0|0|1..2",
				 "soft reserved" },
	[SPEC_OTHER] = { "other", NUMBER, 0, 10000, NULL, "0", "0|0|0|1..2", "type 20" },
	[SPEC_ROW_SIZE] = { "row_size", SIZE, 1, 1ULL << 50, NULL, "4K..4M", "4K..256K|4K..4M",
			    "of each of these rows" },
	[SPEC_ROWS_AT] = { "rows_at", WORD, 0, 0, PLACES, "random", PLACES, "where they are" },
	[SPEC_PIECES] = { "pieces", NUMBER, 1, 1024, NULL, "1", "1|1|1|2..4",
			  "rows that touch, for each range of RAM" },
	[SPEC_TINY] = { "tiny", NUMBER, 0, 30000, NULL, "0", "0|0|0|1..50",
			"tiny ranges of RAM behind all other rows" },
	[SPEC_TINY_SIZE] = { "tiny_size", SIZE, 1, 65536, NULL, "1", "1|1..8K", "of each, bytes" },
	[SPEC_OVERLAPS] = { "overlaps", NUMBER, 0, 10000, NULL, "0", NULL,
			    "rows that overlap others" },
	[SPEC_RESERVATIONS] = { "reservations", NUMBER, 0, 100000, NULL, "0", "0|1..20|1..90",
				"ranges in use when the kernel starts" },
	[SPEC_RESERVATION_SIZE] = { "reservation_size", SIZE, 1, 1ULL << 50, NULL, "64..64K",
				    "1..8K|4K..1M|64..64K", "of each" },
	[SPEC_RESERVATIONS_AT] = { "reservations_at", WORD, 0, 0, PLACES, "spread", PLACES,
				   "where they are" },
	[SPEC_KERNEL] = { "kernel", SIZE, 0, 1ULL << 52, "none random", NULL, NULL,
			  "address of the kernel's image, none or random" },
	[SPEC_KERNEL_SIZE] = { "kernel_size", SIZE, 1, 1ULL << 30, NULL, "44M", "24M..64M",
			       "of its image" },
	[SPEC_INITRD] = { "initrd", SIZE, 0, 1ULL << 40, NULL, "24M", "0|1M..64M",
			  "size of the initrd; 0: none" },
	[SPEC_RESERVED_MEMORY] = { "reserved_memory", NUMBER, 0, 1000, NULL, "0", "0|1..8",
				   "nodes of /reserved-memory at an address (dt)" },
	[SPEC_NOMAP] = { "nomap", SHARE, 0, 100, NULL, "0", "0|0..100",
			 "share of them that is not to be mapped" },
	[SPEC_DYNAMIC] = { "dynamic", NUMBER, 0, 1000, NULL, "0", "0|1..3",
			   "nodes of /reserved-memory without an address (dt)" },
	[SPEC_DYNAMIC_SIZE] = { "dynamic_size", SIZE, 1, 1ULL << 40, NULL, "4M", "64K..16M",
				"of each" },
	[SPEC_CMA] = { "cma", SIZE, 0, 1ULL << 40, NULL, "0", "0|16M..64M",
		       "size of the area for CMA (dt)" },
	[SPEC_USABLE] = { "usable", SIZE, 0, 1ULL << 50, NULL, "0", NULL,
			  "all that the kernel may use, as after a crash; 0: everything" },
};

const char *spec_name(enum spec_key key)
{
	return keys[key].name;
}

unsigned int spec_word(const struct spec *s, enum spec_key key)
{
	return s->values[key].v[0].low;
}

/* Position of the @len characters at @word in "one two three"; -1. */
static int find_word(const char *words, const char *word, size_t len)
{
	for (int i = 0; words && *words; i++) {
		size_t n = strcspn(words, " ");

		if (n == len && !memcmp(words, word, n))
			return i;
		words += n + (words[n] == ' ');
	}
	return -1;
}

static int bad_value(const struct key *k, const char *text, struct error *err)
{
	char low[SIZE_TEXT_MAX], high[SIZE_TEXT_MAX];

	if (k->kind == WORD)
		return error_set(err, EINVAL, "%s=%s: it can be %s", k->name, text, k->words);
	if (k->kind == SIZE)
		return error_set(err, EINVAL,
				 "%s=%s: it can be a size from %s to %s, such as 64M, or A..B%s%s",
				 k->name, text, size_format(k->min, low), size_format(k->max, high),
				 k->words ? ", or one of: " : "", k->words ? k->words : "");
	return error_set(err, EINVAL,
			 "%s=%s: it can be a number from %" PRIu64 " to %" PRIu64 "%s, or A..B%s%s",
			 k->name, text, k->min, k->max, k->kind == SHARE ? " with %" : "",
			 k->words ? ", or one of: " : "", k->words ? k->words : "");
}

static bool parse_number(const struct key *k, const char **text, uint64_t *value)
{
	if (size_parse(*text, text, value) || *value < k->min || *value > k->max)
		return false;
	if (k->kind == SHARE && **text == '%')
		++*text;
	return true;
}

/* "4", "4..8", "16G+32G" or a word; @text ends where the value does. */
static bool parse_value(const struct key *k, const char *text, struct spec_value *v)
{
	int word = find_word(k->words, text, strlen(text));

	*v = (struct spec_value){ .set = true };
	if (word >= 0 || k->kind == WORD) {
		uint64_t value = k == &keys[SPEC_KERNEL] ? UINT64_MAX - word : (uint64_t)word;

		v->v[v->nr++] = (struct spec_span){ value, value };
		return word >= 0;
	}
	do {
		struct spec_span *span = &v->v[v->nr++];

		if (!parse_number(k, &text, &span->low))
			return false;
		span->high = span->low;
		if (!strncmp(text, "..", 2)) {
			text += 2;
			if (!parse_number(k, &text, &span->high) || span->high < span->low)
				return false;
		}
	} while (k == &keys[SPEC_SIZE] && *text == '+' && v->nr < SPEC_MAX_LIST && *++text);
	return !*text;
}

/* Where there are few addresses, machines are small. */
static const char *random_choice(const struct spec *s, enum spec_key key)
{
	bool few = gen_arch_of(spec_word(s, SPEC_ARCH) + LAYOUT_X86_64)->bits <= 40;

	if (few && key == SPEC_SIZE)
		return "512M..2G";
	return few && key == SPEC_GAP ? "0|64K..64M" : keys[key].random;
}

/* One of "a|b|c"; PLACES, for one, has blanks instead. */
static void draw_value(struct spec *s, enum spec_key key)
{
	const struct key *k = &keys[key];
	const char *alternatives = random_choice(s, key);
	const char *separator = strchr(alternatives, ' ') ? " " : "|";
	unsigned int nr = 1;
	struct prng p;
	char text[32];

	for (const char *c = alternatives; *c; c++)
		nr += *c == *separator;
	prng_seed(&p, s->seed, k->name);
	for (uint64_t n = prng_below(&p, nr); n; n--)
		alternatives += strcspn(alternatives, separator) + 1;
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(alternatives, separator), alternatives);
	parse_value(k, text, &s->values[key]);
	s->values[key].set = false;
}

bool spec_is_x86(const struct spec *s)
{
	enum spec_firmware firmware = spec_word(s, SPEC_FIRMWARE);

	return firmware == SPEC_BIOS || firmware == SPEC_UEFI;
}

/* What only a device tree can say, `random` does not say elsewhere. */
static bool is_of_tree(enum spec_key key)
{
	return key == SPEC_RESERVED_MEMORY || key == SPEC_NOMAP || key == SPEC_DYNAMIC ||
	       key == SPEC_CMA;
}

static void fill_in(struct spec *s)
{
	struct spec_value *firmware = &s->values[SPEC_FIRMWARE];
	enum layout_arch arch;

	for (int i = 0; i < SPEC_NR_KEYS; i++) {
		const struct key *k = &keys[i];
		char text[32];

		if (s->values[i].set)
			continue;
		if (s->random && k->random && !is_of_tree(i)) {
			draw_value(s, i);
		} else if (k->standard) {
			snprintf(text, sizeof(text), "%s", k->standard);
			parse_value(k, text, &s->values[i]);
			s->values[i].set = false;
		}
	}
	arch = gen_arch_of(spec_word(s, SPEC_ARCH) + LAYOUT_X86_64)->arch;
	if (!firmware->nr) {
		uint64_t standard = gen_arch_of(arch)->firmware;
		struct prng p;

		prng_seed(&p, s->seed, "firmware");
		if (s->random && arch == LAYOUT_X86_64 && prng_below(&p, 2))
			standard = SPEC_UEFI;
		*firmware = (struct spec_value){ .nr = 1, .v = { { standard, standard } } };
	}
	for (int i = 0; i < SPEC_NR_KEYS; i++)
		if (s->random && is_of_tree(i) && !s->values[i].set &&
		    firmware->v[0].low == SPEC_DT)
			draw_value(s, i);
}

static int contradicts(struct error *err, enum spec_key key, const char *why)
{
	return error_set(err, EINVAL, "%s=: %s", keys[key].name, why);
}

/* @key was asked for, and only makes sense if @needed is not 0. */
static bool lacks(const struct spec *s, enum spec_key key, enum spec_key needed)
{
	return s->values[key].set && s->values[key].v[0].high && !s->values[needed].v[0].high;
}

static int check_nodes(const struct spec *s, struct error *err)
{
	static const enum spec_key of_nodes[] = { SPEC_NODE_IDS,    SPEC_INTERLEAVE, SPEC_BLOCK,
						  SPEC_MEMORY_ONLY, SPEC_CPU_ONLY,   SPEC_DISTANCE,
						  SPEC_HOTPLUG };

	if (!s->random)
		for (size_t i = 0; i < ARRAY_LEN(of_nodes); i++)
			if (lacks(s, of_nodes[i], SPEC_NODES))
				return contradicts(
					err, of_nodes[i],
					"it is about nodes, and there are none: add nodes=N");
	if (s->values[SPEC_NODES].v[0].high + s->values[SPEC_CPU_ONLY].v[0].high > 1024)
		return contradicts(err, SPEC_CPU_ONLY,
				   "with nodes=, there would be more than 1024");
	if (s->values[SPEC_BLOCK].set && s->values[SPEC_INTERLEAVE].set)
		return contradicts(err, SPEC_BLOCK,
				   "nodes alternate by size or by number: not interleave= as well");
	if (s->values[SPEC_MEMORY_ONLY].set &&
	    s->values[SPEC_MEMORY_ONLY].v[0].low >= s->values[SPEC_NODES].v[0].high &&
	    s->values[SPEC_MEMORY_ONLY].v[0].low && !s->values[SPEC_CPU_ONLY].v[0].high &&
	    !s->random)
		return contradicts(err, SPEC_MEMORY_ONLY,
				   "no node would have processors: more nodes=, or cpu_only=N");
	return 0;
}

static int check(const struct spec *s, struct error *err)
{
	enum layout_arch arch = spec_word(s, SPEC_ARCH) + LAYOUT_X86_64;
	enum spec_firmware firmware = spec_word(s, SPEC_FIRMWARE);
	bool x86 = arch == LAYOUT_X86_64 || arch == LAYOUT_I386;
	const struct spec_value *align = &s->values[SPEC_ALIGN];
	int ret = check_nodes(s, err);

	if (ret)
		return ret;
	for (int i = 0; i < SPEC_NR_KEYS; i++)
		if (is_of_tree(i) && s->values[i].set && s->values[i].v[0].high &&
		    firmware != SPEC_DT)
			return contradicts(err, i, "only a device tree says that: firmware=dt");
	if (firmware == SPEC_BIOS && !x86)
		return contradicts(err, SPEC_FIRMWARE, "only x86 has a BIOS");
	if (s->values[SPEC_PCI_HOLE].set && !x86)
		return contradicts(err, SPEC_PCI_HOLE, "only x86 has one");
	if (align->set &&
	    (align->v[0].low != align->v[0].high || align->v[0].low & (align->v[0].low - 1)))
		return contradicts(err, SPEC_ALIGN, "it is one power of two, such as 1M");
	if (s->values[SPEC_PAGE_SIZE].set &&
	    (s->values[SPEC_PAGE_SIZE].v[0].low != s->values[SPEC_PAGE_SIZE].v[0].high ||
	     s->values[SPEC_PAGE_SIZE].v[0].low & (s->values[SPEC_PAGE_SIZE].v[0].low - 1)))
		return contradicts(err, SPEC_PAGE_SIZE, "it is one power of two, such as 4K");
	return 0;
}

/* One part between commas; it is spoiled. */
static int parse_part(struct spec *s, char *part, struct error *err)
{
	char *value = strchr(part, '=');

	if (!strcmp(part, "random")) {
		s->random = true;
		return 0;
	}
	if (value)
		*value++ = '\0';
	for (int i = 0; i < SPEC_NR_KEYS; i++) {
		if (strcmp(keys[i].name, part))
			continue;
		if (!value || !*value)
			return error_set(err, EINVAL, "%s: it needs a value: %s=...", part, part);
		if (s->values[i].set)
			return error_set(err, EINVAL, "%s=%s: it was said before", part, value);
		return parse_value(&keys[i], value, &s->values[i])
			       ? 0
			       : bad_value(&keys[i], value, err);
	}
	return error_set(err, EINVAL,
			 "'%s' is not known; a layout is made up of key=value, separated by "
			 "commas, such as nodes=2,size=4G, or random; mbsim-layout(5) has the keys",
			 part);
}

int spec_parse(struct spec *s, const char *text, struct error *err)
{
	char *copy = array_strdup(text), *next = copy, *part;
	int ret = 0;

	memset(s, 0, sizeof(*s));
	while (!ret && *copy && (part = strsep(&next, ",")))
		ret = parse_part(s, part, err);
	free(copy);
	if (ret)
		return ret;
	s->seed = 1;
	if (s->values[SPEC_SEED].set) {
		if (s->values[SPEC_SEED].v[0].low != s->values[SPEC_SEED].v[0].high)
			return contradicts(err, SPEC_SEED, "it is one number");
		s->seed = s->values[SPEC_SEED].v[0].low;
	}
	fill_in(s);
	return check(s, err);
}

void layout_list_keys(FILE *out)
{
	for (int i = 0; i < SPEC_NR_KEYS; i++)
		fprintf(out, "%-18s%s%s%s%s\n", keys[i].name, keys[i].meaning,
			keys[i].standard ? " [" : "", keys[i].standard ? keys[i].standard : "",
			keys[i].standard ? "]" : "");
}
