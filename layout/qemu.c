// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the layout of a machine from the command line of QEMU that makes it. */
#include "layout/qemu.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

#define MIB (1ULL << 20)

static int fail(struct qemu_machine *m, const struct qemu_option *o, const char *what)
{
	return error_set(m->err, EINVAL, "%.100s:%u: -%s %.200s: %s", m->l->name, o->line, o->name,
			 o->value, what);
}

const struct qemu_option *qemu_find(const struct qemu_machine *m, const char *name,
				    const char *other)
{
	for (size_t i = m->words.nr; i--;)
		if (!strcmp(m->words.options[i].name, name) ||
		    (other && !strcmp(m->words.options[i].name, other)))
			return &m->words.options[i];
	return NULL;
}

static bool is_on(const struct qemu_option *o, const char *implied, const char *key,
		  const char *value)
{
	char *text = qemu_get(o, implied, key);
	bool on = text && !strncmp(text, value, strlen(value));

	free(text);
	return on;
}

static int read_machine_options(struct qemu_machine *m, const struct qemu_option *o)
{
	char *type = qemu_get(o, "type", NULL);
	char *limit = qemu_get(o, "type", "max-ram-below-4g");
	int ret = 0;

	if (type) {
		free(m->type);
		m->type = type;
	}
	if (limit && qemu_size(limit, 1, &m->max_below_4g))
		ret = fail(m, o, "max-ram-below-4g is no size");
	m->kvm |= is_on(o, "type", "accel", "kvm");
	m->highmem_off |= is_on(o, "type", "highmem", "off");
	m->uefi |= is_on(o, "type", "pflash0", "");
	free(limit);
	return ret;
}

/* What names the firmware: anything but SeaBIOS is taken for UEFI. */
static bool is_uefi(const struct qemu_option *o)
{
	if (!strcmp(o->name, "pflash"))
		return true;
	if (!strcmp(o->name, "bios"))
		return !strstr(o->value, "bios");
	return !strcmp(o->name, "drive") && strstr(o->value, "if=pflash");
}

static int read_options(struct qemu_machine *m)
{
	for (size_t i = 0; i < m->words.nr; i++) {
		const struct qemu_option *o = &m->words.options[i];
		int ret = 0;

		if (!strcmp(o->name, "machine") || !strcmp(o->name, "M"))
			ret = read_machine_options(m, o);
		else if (!strcmp(o->name, "enable-kvm"))
			m->kvm = true;
		else if (!strcmp(o->name, "accel"))
			m->kvm |= is_on(o, "accel", NULL, "kvm");
		else if (!strcmp(o->name, "append"))
			free(m->l->cmdline), m->l->cmdline = array_strdup(o->value);
		else if (!strcmp(o->name, "readconfig") || !strcmp(o->name, "acpitable"))
			layout_note_at(m->l, o->pos, "what is in this file is not read");
		else if (!strcmp(o->name, "device") && (is_on(o, "driver", NULL, "pc-dimm") ||
							is_on(o, "driver", NULL, "nvdimm") ||
							is_on(o, "driver", NULL, "virtio-mem") ||
							is_on(o, "driver", NULL, "virtio-pmem")))
			layout_note_at(
				m->l, o->pos,
				"this memory is not there when the kernel starts: a driver adds it "
				"later");
		else if (!strcmp(o->name, "device") && is_on(o, "driver", NULL, "cxl"))
			layout_note_at(m->l, o->pos, "CXL is not modelled");
		m->uefi |= is_uefi(o);
		if (ret)
			return ret;
	}
	return 0;
}

/* The type of machine, which the program has a default for. */
static int settle_type(struct qemu_machine *m)
{
	const char *program = m->words.program ? m->words.program : "";
	bool arm = strstr(program, "qemu-system-aarch64") || strstr(program, "qemu-system-arm");
	bool pc = !*program || strstr(program, "x86_64") || strstr(program, "i386") ||
		  strstr(program, "kvm");

	if (!m->type && pc)
		m->type = array_strdup("pc");
	if (m->type && (!*program || arm) && !strncmp(m->type, "virt", 4) &&
	    (!m->type[4] || m->type[4] == '-')) {
		m->arch = strstr(program, "qemu-system-arm") ? LAYOUT_ARM : LAYOUT_ARM64;
		return 0;
	}
	if (m->type && pc &&
	    (!strcmp(m->type, "q35") || !strcmp(m->type, "pc") || !strncmp(m->type, "pc-q35-", 7) ||
	     !strncmp(m->type, "pc-i440fx-", 10))) {
		m->arch = strstr(program, "i386") ? LAYOUT_I386 : LAYOUT_X86_64;
		return 0;
	}
	return error_set(
		m->err, EINVAL,
		"%.100s: the machine \"%s\"%s%s is not modelled: mbsim knows q35 and pc of x86, "
		"and virt of aarch64 and arm",
		m->l->name, m->type ? m->type : "(none)", *program ? " of " : "", program);
}

/* -m 4G,slots=2,maxmem=8G; or the size of the machine's memory-backend. */
static int read_memory(struct qemu_machine *m)
{
	const struct qemu_option *o = qemu_find(m, "m", NULL);
	char *size, *max, *slots;
	int ret = 0;

	m->ram = 128 * MIB;
	m->ram_pos.file = m->l->name;
	if (!o) {
		m->max_ram = m->ram;
		layout_note(m->l, 0, "there is no -m: QEMU gives the machine 128 MiB");
		return 0;
	}
	m->ram_pos = o->pos;
	size = qemu_get(o, "size", NULL);
	max = qemu_get(o, NULL, "maxmem");
	slots = qemu_get(o, NULL, "slots");
	if (size && (qemu_size(size, MIB, &m->ram) || !m->ram))
		ret = fail(m, o, "this is no size of memory; write one such as 4G");
	m->ram = (m->ram + 8191) & ~8191ULL;
	m->max_ram = m->ram;
	if (!ret && max && (qemu_size(max, 1, &m->max_ram) || m->max_ram < m->ram))
		ret = fail(m, o, "maxmem is no size, or less than there is");
	m->slots = slots ? strtoul(slots, NULL, 0) : 0;
	if (!ret && (m->slots > 256 || m->ram >> 46 || m->max_ram >> 46))
		ret = fail(m, o, "no machine has as much");
	free(size);
	free(max);
	free(slots);
	return ret;
}

static int read_smp(struct qemu_machine *m)
{
	static const char *const parts[] = { "sockets", "dies", "clusters", "cores", "threads" };
	const struct qemu_option *o = qemu_find(m, "smp", NULL);
	uint64_t product = 1, of_socket = 1, n[ARRAY_LEN(parts) + 2] = { 0 };

	for (size_t i = 0; o && i < ARRAY_LEN(n); i++) {
		const char *key = i < ARRAY_LEN(parts) ? parts[i] : i == 5 ? "cpus" : "maxcpus";
		char *text = qemu_get(o, "cpus", key);

		n[i] = text ? strtoul(text, NULL, 0) : 0;
		free(text);
		if (n[i] > LAYOUT_MAX_CPUS)
			return fail(m, o, "no machine has as many processors");
		if (i < ARRAY_LEN(parts) && n[i])
			product *= n[i];
		if (product > LAYOUT_MAX_CPUS)
			return fail(m, o, "no machine has as many processors");
	}
	m->nr_cpus = n[5] ? n[5] : n[6] ? n[6] : product;
	m->max_cpus = n[6] ? n[6] : product > m->nr_cpus ? product : m->nr_cpus;
	/* what is not said is made up for by cores of a socket; before 6.2 by sockets */
	for (size_t i = 1; i < ARRAY_LEN(parts); i++)
		of_socket *= n[i] ? n[i] : 1;
	m->threads_of_socket = n[0] ? m->max_cpus / n[0] : n[3] ? of_socket : m->max_cpus;
	if (m->arch != LAYOUT_X86_64 && m->arch != LAYOUT_I386)
		m->max_cpus = m->nr_cpus;
	m->l->cpus = m->max_cpus;
	return 0;
}

static int read_machine(struct layout *l, const char *text, bool scheme, struct error *err)
{
	struct qemu_machine *m = array_resize(NULL, 1, sizeof(*m));
	int ret;

	*m = (struct qemu_machine){ .l = l, .err = err };
	ret = qemu_words_read(&m->words, l, text, scheme, err);
	if (!ret && !m->words.nr && !m->words.program)
		ret = error_set(err, EINVAL, "%.100s: there is no command line of QEMU in it",
				l->name);
	if (!ret)
		ret = read_options(m);
	if (!ret)
		ret = settle_type(m);
	if (!ret)
		ret = read_memory(m);
	if (!ret)
		ret = read_smp(m);
	if (!ret)
		ret = qemu_read_nodes(m);
	if (!ret) {
		l->arch = m->arch;
		ret = m->arch == LAYOUT_X86_64 || m->arch == LAYOUT_I386 ? qemu_add_pc(m)
									 : qemu_add_virt(m);
	}
	qemu_words_release(&m->words);
	free(m->type);
	free(m);
	return ret;
}

static int read_file(struct layout *l, const char *text, size_t len, struct error *err)
{
	if (memchr(text, '\0', len))
		return error_set(err, EINVAL, "%s: a zero byte: not a text", l->name);
	return read_machine(l, text, false, err);
}

static int read_scheme(struct layout *l, const char *rest, struct error *err)
{
	return read_machine(l, rest, true, err);
}

/* A word that is QEMU's program, with an option behind it, and not a mention of it in a log. */
static bool sniff(const char *text, size_t len)
{
	const char *end = text + (len < 65536 ? len : 65536), *p = text;

	if (memchr(text, '\0', end - text))
		return false;
	while (p < end) {
		size_t word = 0;

		while (p < end && strchr(" \t\r\n\\\"'", *p))
			p++;
		while (p + word < end && !strchr(" \t\r\n\\\"'", p[word]))
			word++;
		if (qemu_is_program(p, word)) {
			p += word;
			while (p < end && strchr(" \t\r\n\\\"'", *p))
				p++;
			return p < end && *p == '-';
		}
		p += word;
	}
	return false;
}

const struct layout_reader layout_qemu = {
	.name = "qemu",
	.title = "a command line of QEMU",
	.marks = "it has \"qemu-system-\" and options in it",
	.sniff = sniff,
	.read = read_file,
};

const struct layout_scheme layout_qemu_scheme = {
	.prefix = "qemu:",
	.title = "qemu:OPTIONS, a machine of QEMU by its command line",
	.read = read_scheme,
};
