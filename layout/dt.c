// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads device trees: blobs by themselves, sources and directories with the help of dtc, the
 * device tree compiler.
 */
#include "layout/dt.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/spawn.h"

/* What is a device tree by its form, and not that of a machine. */
static int check_purpose(const struct dt *t, struct error *err)
{
	const char *name = t->l->name;

	if (dt_child(t, 0, "images") >= 0 && dt_child(t, 0, "configurations") >= 0)
		return error_set(
			err, EINVAL,
			"%s: a FIT image, which has the device tree in it: take it out with "
			"dumpimage -T flat_dt -p N -o FILE",
			name);
	for (int i = 1; i < t->nr; i++)
		if (t->nodes[i].parent > 0 && !strcmp(dt_name(t, i), "__overlay__"))
			return error_set(err, EINVAL,
					 "%s: an overlay: apply it to its device tree, with "
					 "fdtoverlay -i BASE.dtb -o FILE.dtb %s",
					 name, name);
	return 0;
}

static int read_aligned(struct layout *l, const void *blob, size_t len, struct error *err)
{
	struct dt t;
	int ret = dt_open(&t, l, blob, len, err);

	if (!ret)
		ret = check_purpose(&t, err);
	if (!ret) {
		dt_read_chosen(&t);
		dt_read_memory(&t);
		dt_read_reserved(&t);
		dt_read_machine(&t);
		dt_read_dma(&t);
	}
	dt_close(&t);
	return ret;
}

int dt_read(struct layout *l, const char *blob, size_t len, struct error *err)
{
	char *copy;
	int ret;

	if (!((uintptr_t)blob & 7))
		return read_aligned(l, blob, len, err);
	copy = array_resize(NULL, len + 1, 1);
	memcpy(copy, blob, len);
	ret = read_aligned(l, copy, len, err);
	free(copy);
	return ret;
}

static bool dtb_sniff(const char *text, size_t len)
{
	return len >= 4 && !memcmp(text, "\xd0\x0d\xfe\xed", 4);
}

/* The first line of what dtc complains of, without what it calls itself and its input. */
static int refuse(struct layout *l, const struct spawn *dtc, struct error *err)
{
	const char *text = dtc->err + strspn(dtc->err, "\n");
	int len = strcspn(text, "\n");

	if (!strncmp(text, "Error: <stdin>:", 15)) {
		text += 15;
		len -= 15;
	} else if (!strncmp(text, "Error: ", 7)) {
		text += 7;
		len -= 7;
	}
	return error_set(err, EINVAL, "%s: dtc, the device tree compiler, says: %.*s", l->name, len,
			 len ? text : "");
}

/* Runs dtc, and reads what it makes. */
static int compile(struct layout *l, const char *const *argv, const char *dir, int stdin_fd,
		   struct error *err)
{
	struct spawn dtc = { .argv = argv, .dir = dir, .stdin_fd = stdin_fd };
	int ret = spawn_run(&dtc, err);

	if (ret == -ENOENT)
		return error_set(err, EINVAL,
				 "%s: dtc, the device tree compiler, is not installed: "
				 "apt-get install device-tree-compiler",
				 l->name);
	if (!ret && dtc.status)
		ret = refuse(l, &dtc, err);
	if (!ret)
		ret = dt_read(l, dtc.out, dtc.out_len, err);
	spawn_release(&dtc);
	return ret;
}

/* Included files are searched beside it. */
static char *find_folder(const char *name)
{
	const char *slash = strrchr(name, '/');
	char *dir = array_strdup(slash ? name : ".");

	if (slash)
		dir[slash == name ? 1 : slash - name] = '\0';
	if (!file_exists(dir)) {
		free(dir);
		return NULL;
	}
	return dir;
}

static int dts_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	static const char *const argv[] = { "dtc", "-q", "-I", "dts", "-O",
					    "dtb", "-o", "-",  "-",   NULL };
	FILE *source;
	char *dir;
	int ret;

	if (!strncmp(text, "#include", 8) || strstr(text, "\n#include"))
		return error_set(
			err, EINVAL,
			"%s: it has #include lines, which are for the C preprocessor: give "
			"the .dtb that `make dtbs` of its tree makes",
			l->name);
	source = tmpfile();
	if (!source || fwrite(text, 1, len, source) != len || fflush(source) ||
	    fseek(source, 0, SEEK_SET)) {
		ret = errno;
		if (source)
			fclose(source);
		return error_set(err, ret, "%s: cannot make a temporary file: %s", l->name,
				 strerror(ret));
	}
	dir = find_folder(l->name);
	ret = compile(l, argv, dir, fileno(source), err);
	free(dir);
	fclose(source);
	return ret;
}

/* Behind comments and lines of the preprocessor, a source begins with its version. */
static bool dts_sniff(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		size_t left = end - text;

		if (strchr(" \t\r\n", *text)) {
			text++;
		} else if (left >= 2 && !memcmp(text, "/*", 2)) {
			text = memmem(text + 2, left - 2, "*/", 2);
			if (!text)
				return false;
			text += 2;
		} else if (*text == '#' || (left >= 2 && !memcmp(text, "//", 2))) {
			text = memchr(text, '\n', left);
			if (!text)
				return false;
		} else {
			return left >= 9 && !memcmp(text, "/dts-v1/;", 9);
		}
	}
	return false;
}

static int dir_read(struct layout *l, const char *path, struct error *err)
{
	const char *argv[] = { "dtc", "-q", "-I", "fs", "-O", "dtb", "-o", "-", "--", path, NULL };

	return compile(l, argv, NULL, 0, err);
}

static bool dir_sniff(const char *path)
{
	char *cells = file_path("%s/#address-cells", path);
	char *compatible = file_path("%s/compatible", path);
	bool found = file_exists(cells) || file_exists(compatible);

	free(cells);
	free(compatible);
	return found;
}

const struct layout_reader layout_dtb = {
	.name = "dtb",
	.title = "a device tree",
	.marks = "a .dtb, which begins with d00dfeed",
	.sniff = dtb_sniff,
	.read = dt_read,
};

const struct layout_reader layout_dts = {
	.name = "dts",
	.title = "a device tree's source",
	.marks = "it begins with \"/dts-v1/;\"",
	.sniff = dts_sniff,
	.read = dts_read,
};

const struct layout_reader layout_dt_dir = {
	.name = "dt-dir",
	.title = "a directory such as /proc/device-tree",
	.marks = "a file \"#address-cells\" or \"compatible\" is in it",
	.sniff_dir = dir_sniff,
	.read_dir = dir_read,
};
