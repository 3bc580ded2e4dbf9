/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: what the files of the run-time, and the generated table of calls, share */
#ifndef RT_RUNTIME_H
#define RT_RUNTIME_H

#include <asm/page.h>
#include <linux/types.h>
#include <rt/rt.h>

struct memblock_type;
struct memblock_region;
struct notifier_block;

/* Each is a member of struct rt_engine; see there. */
void rt_attach(const struct rt_host *host);
int rt_type_state(int type, struct rt_type_state *state);
void rt_region_state(int type, rt_u64 index, struct rt_region *region);
int rt_param(const char *name, const char *value, int early, int *ret);
void rt_initcalls(void);
const char *rt_debugfs(const char *path);
const char *rt_debugfs_name(int n);
void rt_node_set_online(int nid, int online);

/* Of tests: in rt/test.c, which is only in engines that have some. */
void __weak rt_test_list(void (*found)(void *data, const struct rt_test *test), void *data);
void __weak rt_test_run(const struct rt_test *test);
void __weak rt_test_exit(void);
enum rt_test_status __weak rt_test_status(const char **reason);

/* In rt/coverage.c, which is only in engines that count what is run. */
void __weak rt_coverage(void (*fn)(void *data, const char *name, const void *piece,
				   unsigned int size),
			void *data);

/* Is kmalloc() to be used, as slab_is_available() tells? Set by scripts and tests. */
extern bool rt_slab_available;

/* Arguments as they travel, made into what memblock's functions take, and back. */
struct memblock_type *rt_type(rt_u64 type);
struct memblock_region *rt_region(rt_u64 region);

static inline void *rt_pointer(rt_u64 pa)
{
	return pa == RT_NULL ? NULL : __va(pa);
}

static inline rt_u64 rt_from_pointer(const volatile void *p)
{
	return p ? __pa(p) : RT_NULL;
}

/* Is kmalloc() there? */
extern bool rt_slab_available;
/* Are there pages that have not been initialised? */
extern bool rt_deferred_pages;

/* How calls of kexec handover fail: the error; for pages, which call of them does, from 1 on. */
enum rt_kho_call {
	RT_KHO_PRESERVE_PAGES,
	RT_KHO_ADD_SUBTREE,
	RT_KHO_RETRIEVE_SUBTREE,
	RT_KHO_NR_CALLS
};
extern int rt_kho_errors[RT_KHO_NR_CALLS];
/* What was handed over. */
extern const char *rt_kho_name;
extern void *rt_kho_fdt;
/* Who wants to be told that it is time to hand over, where a kernel tells; or NULL. */
extern struct notifier_block *rt_kho_notifier;

/* Memory of the run-time that lives until reset; ends the run when it is used up. */
void *rt_alloc(size_t size);

#endif
