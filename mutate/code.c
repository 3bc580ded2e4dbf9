// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether two engines are the same machine code. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "mutate/internal.h"

/* What is there when it is loaded: neither symbols' names nor debugging information, nor the linker's note. */
static void add_section(SHA2_CTX *sha, Elf_Scn *scn)
{
	Elf_Data *data = NULL;
	GElf_Shdr h;
	char head[64];
	int n;

	if (!gelf_getshdr(scn, &h) || !(h.sh_flags & SHF_ALLOC) || h.sh_type == SHT_NOTE)
		return;
	n = snprintf(head, sizeof(head), "%llx %llx ", (unsigned long long)h.sh_addr,
		     (unsigned long long)h.sh_size);
	SHA256Update(sha, (const uint8_t *)head, n);
	while (h.sh_type != SHT_NOBITS && (data = elf_rawdata(scn, data)))
		SHA256Update(sha, data->d_buf, data->d_size);
}

char *code_hash(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *hex = array_resize(NULL, SHA256_DIGEST_STRING_LENGTH, 1);
	Elf_Scn *scn = NULL;
	Elf *elf = NULL;
	SHA2_CTX sha;

	elf_version(EV_CURRENT);
	if (fd >= 0)
		elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	SHA256Init(&sha);
	while (elf && (scn = elf_nextscn(elf, scn)))
		add_section(&sha, scn);
	SHA256End(&sha, hex);
	if (!elf) {
		error_set(err, EINVAL, "%s: not an object file", path);
		free(hex);
		hex = NULL;
	}
	elf_end(elf);
	if (fd >= 0)
		close(fd);
	return hex;
}

char *mutants_hash(const char *text)
{
	char *hex = array_resize(NULL, SHA256_DIGEST_STRING_LENGTH, 1);

	return SHA256Data((const uint8_t *)text, strlen(text), hex);
}
