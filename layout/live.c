// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine that mbsim runs on, from all that it offers: the firmware's map, tables of ACPI, a
 * device tree, /proc, /sys and the kernel's log. Much of it is for root alone; what cannot be
 * read is noted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "layout/acpi.h"
#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/spawn.h"

char *live_read(const struct live *live, const char *name)
{
	char *path = file_path("%s%s", live->root, name), *text;
	size_t len;

	text = file_read(path, &len, NULL);
	free(path);
	if (text)
		text[strcspn(text, "\r\n")] = '\0';
	return text;
}

unsigned int live_count(const char *list)
{
	unsigned int count = 0;

	while (*list >= '0' && *list <= '9') {
		char *end;
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (last < first || last - first > LAYOUT_MAX_CPUS)
			break;
		count += last - first + 1;
		list = *end == ',' ? end + 1 : end;
	}
	return count <= LAYOUT_MAX_CPUS ? count : 0;
}

static void drop_ranges(struct layout *l)
{
	for (size_t i = 0; i < l->nr_ranges; i++)
		free(l->ranges[i].words);
	l->nr_ranges = 0;
}

/* Adds what another source knows; of two maps the first is kept, as they are one machine's. */
static void add(struct live *live, struct layout *from)
{
	if (live->l->nr_ranges)
		drop_ranges(from);
	layout_merge(live->l, from);
}

/* @name below the root, by @reader: a file, or a directory. False, and a note, if it cannot. */
static bool add_source(struct live *live, const char *name, const struct layout_reader *reader)
{
	char *path = file_path("%s%s", live->root, name);
	struct layout *l = layout_new(path);
	struct error err = { 0 };
	char *text = NULL;
	size_t len;
	int ret = -ENOENT;

	if (reader->read_dir) {
		if (reader->sniff_dir(path))
			ret = reader->read_dir(l, path, &err);
	} else if (file_exists(path)) {
		text = file_read(path, &len, &err);
		ret = text ? reader->read(l, text, len, &err) : -EIO;
	}
	if (!ret)
		add(live, l);
	else if (ret != -ENOENT)
		layout_note(live->l, 0, "%s", err.text);
	if (ret)
		layout_free(l);
	free(text);
	free(path);
	return !ret;
}

/* Tables are there for root to read; whether there are any, everybody can see. */
static bool add_tables(struct live *live)
{
	static const char *const tables[] = { "SRAT", "SLIT" };
	bool readable = true, found = false;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		char *path = file_path("%s/sys/firmware/acpi/tables/%s", live->root, tables[i]);

		found |= file_exists(path);
		if (file_exists(path) && access(path, R_OK)) {
			layout_note(live->l, 0, "%s: %s: call mbsim with sudo", path,
				    strerror(errno));
			readable = false;
		}
		free(path);
	}
	return found && readable && add_source(live, "/sys/firmware/acpi/tables", &layout_acpi);
}

static void add_device_tree(struct live *live)
{
	char *path = file_path("%s/sys/firmware/fdt", live->root);
	struct error err = { 0 };
	struct layout *l;

	if (file_exists(path)) {
		l = layout_read(path, &err);
		if (l)
			add(live, l);
		else if (access(path, R_OK))
			layout_note(live->l, 0, "%s: %s: call mbsim with sudo", path,
				    strerror(errno));
		/* with ACPI or EFI, there is a tree without memory */
		else if (!live->l->nr_ranges)
			layout_note(live->l, 0, "%s", err.text);
	}
	free(path);
}

/* The log knows where the initrd, tables and the kernel are, if its beginning is still there. */
static void add_log(struct live *live)
{
	static const char *const argv[] = { "dmesg", NULL };
	struct spawn s = { .argv = argv };
	struct layout *l = NULL;

	if (*live->root)
		return;
	if (!spawn_run(&s, NULL) && !s.status)
		l = layout_parse_as("dmesg", "log", s.out, s.out_len, NULL);
	if (l) {
		add(live, l);
	} else {
		layout_note(
			live->l, 0,
			"dmesg: %s: where the initrd and the firmware's tables are is not known",
			s.status ? "it cannot be read: call mbsim with sudo"
				 : "the beginning of the boot is not there any more");
	}
	spawn_release(&s);
}

static void add_version(struct live *live)
{
	struct layout *l = live->l;
	char *version = live_read(live, "/proc/version"), *word;
	struct log_boot *boot;

	if (!version || strncmp(version, "Linux version ", 14)) {
		free(version);
		return;
	}
	word = version + 14;
	if (!l->arch) {
		boot = log_boot_new("");
		log_guess_arch(boot, word);
		l->arch = boot->l->arch ? boot->l->arch
			  : boot->bits	? (boot->bits < 0 ? LAYOUT_I386 : LAYOUT_X86_64)
					: LAYOUT_ARCH_UNKNOWN;
		log_boot_free(boot);
	}
	word[strcspn(word, " ")] = '\0';
	if (!l->kernel_version)
		l->kernel_version = array_strdup(word);
	free(version);
}

/* What the running system says of itself, and a copy of its files does not. */
static void add_own(struct live *live)
{
	static const struct {
		const char *machine;
		enum layout_arch arch;
	} machines[] = {
		{ "x86_64", LAYOUT_X86_64 }, { "aarch64", LAYOUT_ARM64 }, { "arm", LAYOUT_ARM },
		{ "riscv64", LAYOUT_RISCV }, { "ppc64", LAYOUT_PPC64 },	  { "s390x", LAYOUT_S390 },
		{ "mips", LAYOUT_MIPS },
	};
	struct layout *l = live->l;
	struct utsname u;

	if (*live->root || uname(&u))
		return;
	for (size_t i = 0; i < ARRAY_LEN(machines); i++)
		if (!strncmp(u.machine, machines[i].machine, strlen(machines[i].machine)))
			l->arch = machines[i].arch;
	if (u.machine[0] == 'i' && !strcmp(u.machine + 2, "86"))
		l->arch = LAYOUT_I386;
	l->page_size = sysconf(_SC_PAGESIZE);
}

static void add_machine(struct live *live)
{
	struct layout *l = live->l;
	char *text = live_read(live, "/proc/cmdline");

	if (text && !l->cmdline)
		l->cmdline = array_strdup(text);
	free(text);
	text = live_read(live, "/sys/devices/system/cpu/possible");
	if (text && live_count(text))
		l->cpus = live_count(text);
	free(text);
	text = live_read(live, "/sys/class/dmi/id/product_name");
	if (text && *text && !l->model)
		l->model = array_strdup(text);
	free(text);
	add_version(live);
	add_own(live);
}

/* Who asks for this machine and is not root gets no addresses. */
static int refuse(const struct live *live, struct error *err)
{
	const struct layout *l = live->l;

	if (l->nr_notes)
		return error_set(err, EACCES, "live:%s: nothing says where the memory is: %s",
				 live->root, l->notes[0].text);
	return error_set(err, ENOENT,
			 "live:%s: nothing says where the memory is: there is no "
			 "%s/sys/firmware/memmap, %s/proc/iomem, %s/sys/firmware/fdt or "
			 "%s/sys/devices/system/memory",
			 live->root, live->root, live->root, live->root, live->root);
}

static int live_open(struct layout *l, const char *rest, struct error *err)
{
	struct live live = { .l = l };
	size_t len = strlen(rest);
	char *root;

	while (len && rest[len - 1] == '/')
		len--;
	root = file_path("%.*s", (int)len, rest);
	live.root = root;
	add_machine(&live);
	add_source(&live, "/sys/firmware/memmap", &layout_memmap);
	if (!l->nr_ranges)
		add_device_tree(&live);
	add_source(&live, "/proc/iomem", &layout_iomem);
	if (!add_tables(&live))
		live_read_nodes(&live);
	add_log(&live);
	if (!layout_has_ram(l))
		live_read_blocks(&live);
	if (layout_has_ram(l)) {
		free(root);
		return 0;
	}
	refuse(&live, err);
	free(root);
	return -EACCES;
}

const struct layout_scheme layout_live = {
	.prefix = "live:",
	.title = "live:[DIRECTORY], this machine, or the one whose /proc and /sys are copied there",
	.read = live_open,
};
