// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbols of ELF files, by libelf. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/internal.h"
#include "lib/array.h"

typedef void (*symbol_fn)(void *arg, const char *name, const GElf_Sym *sym);

static int each_symbol(const char *path, symbol_fn fn, void *arg, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf = NULL;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	elf_version(EV_CURRENT);
	if (fd >= 0)
		elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		if (fd >= 0)
			close(fd);
		return error_set(err, EINVAL, "%s: not an object file", path);
	}
	while ((scn = elf_nextscn(elf, scn))) {
		Elf_Data *data;
		GElf_Sym sym;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(scn, NULL);
		for (int i = 0; data && gelf_getsym(data, i, &sym); i++) {
			const char *name = elf_strptr(elf, shdr.sh_link, sym.st_name);

			if (name && *name)
				fn(arg, name, &sym);
		}
	}
	elf_end(elf);
	close(fd);
	return 0;
}

static void add_symbol(void *arg, const char *name, const GElf_Sym *sym)
{
	struct symbols *s = arg;
	int type = GELF_ST_TYPE(sym->st_info);

	if (sym->st_shndx == SHN_UNDEF || (type != STT_FUNC && type != STT_OBJECT))
		return;
	ARRAY_APPEND(s->v, s->nr, s->room) = (struct symbol){
		.start = sym->st_value,
		.size = sym->st_size,
		.name = array_strdup(name),
		.function = type == STT_FUNC,
	};
}

static int by_start(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

int symbols_read(struct symbols *s, const char *path, struct error *err)
{
	int ret = each_symbol(path, add_symbol, s, err);

	if (s->nr)
		qsort(s->v, s->nr, sizeof(*s->v), by_start);
	return ret;
}

void symbols_release(struct symbols *s)
{
	for (size_t i = 0; i < s->nr; i++)
		free(s->v[i].name);
	free(s->v);
	*s = (struct symbols){ 0 };
}

struct names {
	char **v;
	size_t nr, room;
};

struct references {
	struct names defined, undefined;
};

static void add_reference(void *arg, const char *name, const GElf_Sym *sym)
{
	struct references *r = arg;
	bool undefined = sym->st_shndx == SHN_UNDEF;
	struct names *n = undefined ? &r->undefined : &r->defined;

	if (GELF_ST_BIND(sym->st_info) == STB_LOCAL)
		return;
	if (undefined && GELF_ST_BIND(sym->st_info) == STB_WEAK)
		return;
	ARRAY_APPEND(n->v, n->nr, n->room) = array_strdup(name);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Not the kernel's, but the sanitizers', the profiler's or the linker's. */
static bool is_toolchain(const char *name)
{
	static const char *const prefixes[] = { "__asan_",   "__ubsan_", "__sanitizer_",
						"__gcov_",   "__llvm_",	 "_GLOBAL_OFFSET_",
						"__tls_",    "__cxa_",	 "__start_rt_",
						"__stop_rt_" };

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

char **symbols_undefined(const char *const *objects, size_t nr, struct error *err)
{
	struct references r = { 0 };
	char **missing = NULL;
	size_t nr_missing = 0, room = 0, i;
	int ret = 0;

	for (i = 0; i < nr && !ret; i++)
		ret = each_symbol(objects[i], add_reference, &r, err);
	if (r.defined.nr)
		qsort(r.defined.v, r.defined.nr, sizeof(char *), by_name);
	if (r.undefined.nr)
		qsort(r.undefined.v, r.undefined.nr, sizeof(char *), by_name);
	for (i = 0; i < r.undefined.nr && !ret; i++) {
		char **name = &r.undefined.v[i];

		if ((i && !strcmp(*name, name[-1])) || is_toolchain(*name) ||
		    (r.defined.nr &&
		     bsearch(name, r.defined.v, r.defined.nr, sizeof(char *), by_name)))
			continue;
		ARRAY_APPEND(missing, nr_missing, room) = array_strdup(*name);
	}
	if (!ret)
		ARRAY_APPEND(missing, nr_missing, room) = NULL;
	for (i = 0; i < r.defined.nr; i++)
		free(r.defined.v[i]);
	for (i = 0; i < r.undefined.nr; i++)
		free(r.undefined.v[i]);
	free(r.defined.v);
	free(r.undefined.v);
	return missing;
}
