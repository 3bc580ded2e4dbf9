// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of the kernel's command line, and those of them that a boot itself minds. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"
#include "lib/cmdline.h"

int boot_read_cmdline(struct boot *b, const char *cmdline, struct error *err)
{
	char *name, *value;

	while (cmdline_next(&cmdline, &name, &value))
		ARRAY_APPEND(b->words, b->nr_words, b->room_words) =
			(struct boot_word){ name, value };
	for (size_t i = 0; i < b->nr_words; i++) {
		const struct boot_word *w = &b->words[i];
		struct error why = { 0 };

		if (!strcmp(w->name, "--"))
			break; /* the rest is for init */
		if (boot_take_param(&b->params, w->name, w->value, &why) >= 0)
			continue;
		if (b->o->cmdline)
			return error_set(err, EINVAL, "--cmdline: %s", why.text);
		boot_note(b, "ignored of the layout's command line: %s", why.text);
	}
	return 0;
}

void boot_release_cmdline(struct boot *b)
{
	for (size_t i = 0; i < b->nr_words; i++)
		free(b->words[i].name);
	free(b->words);
	free(b->params.edits);
}
