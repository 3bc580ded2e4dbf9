/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYOUT_QEMU_H
#define LAYOUT_QEMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout/layout.h"
#include "lib/error.h"

/* A command line of QEMU that is read, and the machine that it asks for. */

/* An option, with what it is given: "-m" "4G,slots=2" */
struct qemu_option {
	char *name;  /* without dashes */
	char *value; /* "" for those that have none */
	unsigned int line;
	struct srcpos pos;
};

struct qemu_words {
	char *program; /* the first word, or NULL: it begins with an option */
	struct qemu_option *options;
	size_t nr, room;
};

/*
 * Takes the words of a command line apart as a shell does: quotes, backslashes, comments. What
 * is before the program ("sudo", variables) is left out; the command ends with its line.
 * Returns 0, or -EINVAL and @err. qemu_words_release() is due in any case.
 */
int qemu_words_read(struct qemu_words *w, struct layout *l, const char *text, bool scheme,
		    struct error *err);
void qemu_words_release(struct qemu_words *w);

/* The program's name within a path is one of QEMU's. */
bool qemu_is_program(const char *word, size_t len);

/*
 * The value of @key in "first,key=value,key=value"; @key NULL: the first, which may have a name of
 * its own (@implied). JSON objects are read, too. NULL: it is not there. The caller frees.
 */
char *qemu_get(const struct qemu_option *o, const char *implied, const char *key);
/* The @index-th value of a key that can be there several times. */
char *qemu_get_nth(const struct qemu_option *o, const char *implied, const char *key,
		   unsigned int index);

/* A size as QEMU takes it: "1.5G", "512k", without a suffix in units of @unit bytes. */
int qemu_size(const char *text, uint64_t unit, uint64_t *size);

struct qemu_node {
	bool there, has_memory;
	uint64_t memory; /* bytes */
	unsigned int cpus;
	struct srcpos pos;
};

#define QEMU_MAX_NODES 128

struct qemu_machine {
	struct layout *l;
	struct qemu_words words;
	struct error *err;
	char *type; /* "q35"; never NULL once it is known */
	enum layout_arch arch;
	bool kvm, tcg, uefi, highmem_off;
	uint64_t ram, max_ram, max_below_4g;
	unsigned int slots, nr_cpus, max_cpus, threads_of_socket;
	struct qemu_node nodes[QEMU_MAX_NODES];
	unsigned int nr_nodes;
	unsigned char distances[QEMU_MAX_NODES][QEMU_MAX_NODES];
	bool has_distances;
	struct srcpos ram_pos;
};

/* The last option of these names, or NULL. */
const struct qemu_option *qemu_find(const struct qemu_machine *m, const char *name,
				    const char *other);

/* Reads -numa and what it refers to. Returns 0, or -EINVAL and the error. */
int qemu_read_nodes(struct qemu_machine *m);

/* What the two kinds of machines have where. Return 0, or -EINVAL and the error. */
int qemu_add_pc(struct qemu_machine *m);
int qemu_add_virt(struct qemu_machine *m);

#endif
