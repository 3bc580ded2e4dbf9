// SPDX-License-Identifier: GPL-2.0-or-later
/* The nodes of a machine of QEMU: -numa, the memory that it is given, and the distances. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/qemu.h"
#include "lib/array.h"

#define FAIL(m, o, ...) qemu_fail((m)->l, (m)->err, (o), __VA_ARGS__)

static int qemu_fail(struct layout *l, struct error *err, const struct qemu_option *o,
		     const char *fmt, const char *what)
{
	char text[300];

	snprintf(text, sizeof(text), fmt, what);
	return error_set(err, EINVAL, "%.100s:%u: -%s %.200s: %s", l->name, o->line, o->name,
			 o->value, text);
}

/* The size of the object -object ...,id=@id. */
static int find_object(struct qemu_machine *m, const struct qemu_option *user, const char *id,
		       uint64_t *size)
{
	for (size_t i = 0; i < m->words.nr; i++) {
		const struct qemu_option *o = &m->words.options[i];
		char *name = !strcmp(o->name, "object") ? qemu_get(o, "qom-type", "id") : NULL,
		     *text;
		int ret;

		if (!name || strcmp(name, id)) {
			free(name);
			continue;
		}
		free(name);
		text = qemu_get(o, "qom-type", "size");
		ret = text ? qemu_size(text, 1, size) : -EINVAL;
		free(text);
		return ret ? FAIL(m, o, "it has no size%s", "") : 0;
	}
	return FAIL(m, user, "there is no -object with id=%s", id);
}

static int read_number(struct qemu_machine *m, const struct qemu_option *o, const char *key,
		       unsigned int max, unsigned int *value)
{
	char *text = qemu_get(o, "type", key), *end;
	unsigned long n;

	if (!text)
		return -ENOENT;
	n = strtoul(text, &end, 0);
	if (*end || end == text || n > max) {
		FAIL(m, o, "%s is no number, or too large", key);
		free(text);
		return -EINVAL;
	}
	free(text);
	*value = n;
	return 0;
}

static int read_node_memory(struct qemu_machine *m, const struct qemu_option *o,
			    struct qemu_node *node)
{
	char *text = qemu_get(o, "type", "mem"), *id = qemu_get(o, "type", "memdev");
	int ret = 0;

	if (text && qemu_size(text, 1 << 20, &node->memory))
		ret = FAIL(m, o, "\"%s\" is no size", text);
	else if (id)
		ret = find_object(m, o, id, &node->memory);
	node->has_memory = text || id;
	free(text);
	free(id);
	return ret;
}

/* "cpus=0-3": how many of them there are; which they are does not matter here. */
static int read_node_cpus(struct qemu_machine *m, const struct qemu_option *o,
			  struct qemu_node *node)
{
	char *text;

	for (unsigned int n = 0; (text = qemu_get_nth(o, "type", "cpus", n)); n++) {
		unsigned int first, last;
		int got = sscanf(text, "%u-%u", &first, &last);

		if (got < 2)
			last = first;
		if (got < 1 || last < first || last >= LAYOUT_MAX_CPUS) {
			FAIL(m, o, "\"%s\" are no processors", text);
			free(text);
			return -EINVAL;
		}
		node->cpus += last - first + 1;
		free(text);
	}
	return 0;
}

static int read_node(struct qemu_machine *m, const struct qemu_option *o)
{
	unsigned int id = m->nr_nodes;
	struct qemu_node *node;
	int ret = read_number(m, o, "nodeid", QEMU_MAX_NODES - 1, &id);

	if (ret == -EINVAL)
		return ret;
	if (id >= QEMU_MAX_NODES || m->nodes[id].there)
		return FAIL(m, o, "the node is there already, or there are too many%s", "");
	node = &m->nodes[id];
	*node = (struct qemu_node){ .there = true, .pos = o->pos };
	m->nr_nodes++;
	ret = read_node_memory(m, o, node);
	return ret ? ret : read_node_cpus(m, o, node);
}

static int read_distance(struct qemu_machine *m, const struct qemu_option *o)
{
	unsigned int from, to, value;

	if (read_number(m, o, "src", QEMU_MAX_NODES - 1, &from) ||
	    read_number(m, o, "dst", QEMU_MAX_NODES - 1, &to) ||
	    read_number(m, o, "val", 255, &value))
		return FAIL(m, o, "src=, dst= and val= are expected%s", "");
	m->distances[from][to] = value;
	m->has_distances = true;
	return 0;
}

/* -numa cpu,node-id=N,socket-id=S: all of a socket, or one thread of it. */
static int read_cpu(struct qemu_machine *m, const struct qemu_option *o)
{
	unsigned int id, part;

	if (read_number(m, o, "node-id", QEMU_MAX_NODES - 1, &id))
		return FAIL(m, o, "node-id= is expected%s", "");
	if (!read_number(m, o, "core-id", LAYOUT_MAX_CPUS, &part) ||
	    !read_number(m, o, "thread-id", LAYOUT_MAX_CPUS, &part) || !m->threads_of_socket)
		m->nodes[id].cpus++;
	else
		m->nodes[id].cpus += m->threads_of_socket;
	return 0;
}

/* Before QEMU 5.2: shares of whole 8 MiB; the last node has the rest. */
static void share_memory(struct qemu_machine *m)
{
	uint64_t share = m->ram / m->nr_nodes & ~((8ULL << 20) - 1), left = m->ram;

	for (unsigned int i = 0; i < m->nr_nodes; i++) {
		m->nodes[i].memory = i + 1 < m->nr_nodes ? share : left;
		left -= m->nodes[i].memory;
	}
	layout_note_at(
		m->l, m->nodes[0].pos,
		"no node has mem= or memdev=: they share the memory as with QEMU before 5.2");
}

static int check_memory(struct qemu_machine *m)
{
	uint64_t sum = 0;
	bool some = false;

	for (unsigned int i = 0; i < m->nr_nodes; i++) {
		if (!m->nodes[i].there)
			return error_set(m->err, EINVAL, "%.100s: -numa: there is no node %u",
					 m->l->name, i);
		some |= m->nodes[i].has_memory;
		sum += m->nodes[i].memory;
	}
	if (!some)
		share_memory(m);
	else if (sum != m->ram)
		return error_set(m->err, EINVAL,
				 "%.100s: the nodes have %" PRIu64
				 " MiB of memory, and -m says %" PRIu64 " MiB",
				 m->l->name, sum >> 20, m->ram >> 20);
	return 0;
}

static void complete_distances(struct qemu_machine *m)
{
	for (unsigned int i = 0; i < m->nr_nodes; i++)
		for (unsigned int k = 0; k < m->nr_nodes; k++) {
			unsigned char *d = &m->distances[i][k];

			if (!*d)
				*d = i == k ? 10 : m->distances[k][i];
			if (!*d)
				*d = 20;
		}
}

/* PC: by sockets; virt: in turn. Those that -numa leaves out are on node 0. */
static void spread_cpus(struct qemu_machine *m)
{
	unsigned int given = 0, socket = m->threads_of_socket ? m->threads_of_socket : 1;

	for (unsigned int i = 0; i < m->nr_nodes; i++)
		given += m->nodes[i].cpus;
	if (given) {
		m->nodes[0].cpus += given < m->max_cpus ? m->max_cpus - given : 0;
		return;
	}
	for (unsigned int cpu = 0; cpu < m->max_cpus; cpu++)
		m->nodes[(m->arch == LAYOUT_X86_64 ? cpu / socket : cpu) % m->nr_nodes].cpus++;
}

/* As when memory can be plugged in and nobody said anything of nodes: all is on one. */
static void add_node(struct qemu_machine *m)
{
	m->nodes[0] = (struct qemu_node){
		.there = true, .has_memory = true, .memory = m->ram, .pos = m->ram_pos
	};
	m->nr_nodes = 1;
}

static int read_option(struct qemu_machine *m, const struct qemu_option *o)
{
	char *type = qemu_get(o, "type", NULL);
	int ret = 0;

	if (type && !strcmp(type, "node"))
		ret = read_node(m, o);
	else if (type && !strcmp(type, "dist"))
		ret = read_distance(m, o);
	else if (type && !strcmp(type, "cpu"))
		ret = read_cpu(m, o);
	else if (!type || strncmp(type, "hmat-", 5))
		ret = FAIL(m, o, "node, dist, cpu or hmat-* are expected%s", "");
	free(type);
	return ret;
}

int qemu_read_nodes(struct qemu_machine *m)
{
	int ret = 0;

	for (size_t i = 0; i < m->words.nr && !ret; i++)
		if (!strcmp(m->words.options[i].name, "numa"))
			ret = read_option(m, &m->words.options[i]);
	if (ret)
		return ret;
	if (!m->nr_nodes && (m->slots || m->max_ram > m->ram))
		add_node(m);
	if (!m->nr_nodes)
		return 0;
	ret = check_memory(m);
	if (ret)
		return ret;
	spread_cpus(m);
	for (unsigned int i = 0; i < m->nr_nodes; i++)
		layout_add_node_cpus(m->l, (struct layout_node_cpus){ .nid = i,
								      .cpus = m->nodes[i].cpus,
								      .pos = m->nodes[i].pos });
	if (!m->has_distances)
		return 0;
	complete_distances(m);
	for (unsigned int i = 0; i < m->nr_nodes; i++)
		for (unsigned int k = 0; k < m->nr_nodes; k++)
			layout_add_distance(
				m->l, (struct layout_distance){ .from = i,
								.to = k,
								.distance = m->distances[i][k],
								.pos = m->nodes[i].pos });
	return 0;
}
