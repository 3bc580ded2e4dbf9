/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPLAIN_OPTION_H
#define EXPLAIN_OPTION_H

#include "explain/internal.h"
#include "lib/rangeset.h"

/*
 * The machine's command line, without options of the @drop names (NULL ends them), and with @more behind
 * it, which may be NULL. The caller frees.
 */
char *explain_cmdline(const struct explain *x, const char *const *drop, const char *more);
/* The words of the question, as options. The caller frees. */
char *explain_join_words(const struct explain *x);
/* There is nothing but options of these names among the question's words. */
int explain_check_options(const struct explain *x, const char *const *names, struct error *err);

/*
 * A boot of the machine with another command line, and the kernel at @kernel_at unless that is 0. 0, or
 * -errno and @err; the caller releases @r then.
 */
int explain_boot(const struct explain *x, const char *cmdline, uint64_t kernel_at,
		 struct boot_result *r, struct error *err);
/* A sentence for each line of the kernel's log with @about in it, but those of memblock itself. */
size_t explain_quote(struct explain_answer *a, const struct boot_result *r, const char *about);
/* It was for that, or for a part of it, as "crash kernel, low memory"; not for what a device tree wants. */
bool explain_is_about(const struct boot_search *s, const char *purpose);
/* A table of what was searched for @purpose. */
void explain_add_searches(struct explain_answer *a, const struct boot_result *r,
			  const char *purpose);
/* The first of them, or NULL. */
const struct boot_search *explain_search(const struct boot_result *r, const char *purpose);
/* One that the device tree wants, whatever its purpose is called; and a table of these alone. */
bool explain_is_tree(const struct boot_search *s);
void explain_add_tree_searches(struct explain_answer *a, const struct boot_result *r);
/* What is in the way where something is wanted, and the next place. */
void explain_tell_taker(struct explain_answer *a, const struct boot_search *s);
/* By how much the largest hole is too small, of the last search that failed. */
void explain_tell_shortage(struct explain_answer *a, const struct boot_result *r,
			   const char *purpose);
/* The memory that memblock has at the end. The caller releases @ram. */
void explain_list_ram(const struct boot_result *r, struct rangeset *ram);

#endif
