// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the C file that makes an engine's functions callable: a thunk for each, and the tables. */
#include <ctype.h>
#include <string.h>

#include "engine/internal.h"
#include "lib/array.h"

/* How a type of C travels. */
struct travel {
	const char *type; /* as C writes it; NULL name: any integer type */
	const char *kind;
	const char *in;	 /* makes a C value of a[%d] */
	const char *out; /* makes an rt_u64 of v */
};

static const struct travel travels[] = {
	{ "void", "RT_VOID", NULL, NULL },
	{ "phys_addr_t", "RT_PHYS", "(phys_addr_t)a[%d]", "(phys_addr_t)v" },
	{ "bool", "RT_BOOL", "!!a[%d]", "!!v" },
	{ "_Bool", "RT_BOOL", "!!a[%d]", "!!v" },
	{ "int", "RT_INT", "(int)a[%d]", "(rt_u64)(long long)v" },
	{ "long", "RT_INT", "(long)a[%d]", "(rt_u64)(long long)v" },
	{ "unsigned int", "RT_NUMBER", "(unsigned int)a[%d]", "v" },
	{ "unsigned long", "RT_NUMBER", "(unsigned long)a[%d]", "v" },
	{ "unsigned long long", "RT_NUMBER", "a[%d]", "v" },
	{ "u64", "RT_NUMBER", "a[%d]", "v" },
	{ "u32", "RT_NUMBER", "(u32)a[%d]", "v" },
	{ "size_t", "RT_NUMBER", "(size_t)a[%d]", "v" },
	{ "gfp_t", "RT_NUMBER", "(gfp_t)a[%d]", "v" },
	{ "enum memblock_flags", "RT_FLAGS", "(enum memblock_flags)a[%d]", "v" },
	{ "void *", "RT_POINTER", "rt_pointer(a[%d])", "rt_from_pointer(v)" },
	{ "const void *", "RT_POINTER", "rt_pointer(a[%d])", "rt_from_pointer(v)" },
	{ "struct memblock_type *", "RT_TYPE", "rt_type(a[%d])", NULL },
	{ "struct memblock_region *", "RT_REGION", "rt_region(a[%d])", NULL },
	{ "const struct memblock_region *", "RT_REGION", "rt_region(a[%d])", NULL },
	{ "char *", "RT_STRING", "(char *)(unsigned long)a[%d]", "(rt_u64)(unsigned long)v" },
	{ "const char *", "RT_STRING", "(const char *)(unsigned long)a[%d]",
	  "(rt_u64)(unsigned long)v" },
	{ "phys_addr_t *", "RT_OUT", NULL, NULL },
	{ "u64 *", "RT_OUT", NULL, NULL },
	{ "int *", "RT_OUT", NULL, NULL },
	{ "unsigned int *", "RT_OUT", NULL, NULL },
	{ "unsigned long *", "RT_OUT", NULL, NULL },
};

static const struct travel *find_travel(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(travels); i++)
		if (!strcmp(travels[i].type, type))
			return &travels[i];
	return NULL;
}

static bool can_call(const struct proto *p)
{
	const struct travel *result = find_travel(p->result);

	if (p->nr_args < 0 ||
	    (!p->is_macro && (!result || (!result->out && strcmp(p->result, "void")))))
		return false;
	for (int i = 0; i < p->nr_args; i++)
		if (!find_travel(p->arg_types[i]))
			return false;
	return true;
}

/* "phys_addr_t *" without its star: what an out parameter points to */
static int pointee(const char *type)
{
	return (int)strcspn(type, "*");
}

static bool is_out(const struct proto *p, int i)
{
	return !strcmp(find_travel(p->arg_types[i])->kind, "RT_OUT");
}

static void emit_arguments(const struct proto *p, FILE *out)
{
	for (int i = 0; i < p->nr_args; i++) {
		if (i)
			fputs(", ", out);
		if (is_out(p, i))
			fprintf(out, "&o%d", i);
		else
			fprintf(out, find_travel(p->arg_types[i])->in, i);
	}
}

static void emit_thunk(const struct proto *p, FILE *out)
{
	bool is_void = !p->is_macro && !strcmp(p->result, "void");

	fprintf(out, "static rt_u64 rt_call_%s(const rt_u64 *a)\n{\n\t(void)a;\n", p->name);
	for (int i = 0; i < p->nr_args; i++)
		if (is_out(p, i))
			fprintf(out, "\t%.*so%d = *(rt_u64 *)a[%d];\n", pointee(p->arg_types[i]),
				p->arg_types[i], i, i);
	fprintf(out, "\t%s%s(", is_void ? "" : "__auto_type v = ", p->name);
	emit_arguments(p, out);
	fputs(");\n", out);
	for (int i = 0; i < p->nr_args; i++)
		if (is_out(p, i))
			fprintf(out, "\t*(rt_u64 *)a[%d] = (rt_u64)%so%d;\n", i,
				strstr(p->arg_types[i], "int *") &&
						!strstr(p->arg_types[i], "unsigned")
					? "(long long)"
					: "",
				i);
	if (is_void)
		fputs("\treturn 0;\n}\n\n", out);
	else if (p->is_macro)
		fputs("\treturn RT_FROM_ANY(v);\n}\n\n", out);
	else
		fprintf(out, "\treturn %s;\n}\n\n", find_travel(p->result)->out);
}

/* Numbers whose name says more than their type. */
static const char *kind_of(const char *type, const char *name)
{
	const char *kind = find_travel(type)->kind;

	if (!strcmp(kind, "RT_INT") && strstr(name, "nid"))
		return "RT_NID";
	if (!strcmp(type, "unsigned long") && strstr(name, "flag"))
		return "RT_FLAGS";
	return kind;
}

static void emit_entry(const struct proto *p, FILE *out)
{
	bool callable = can_call(p);
	bool is_node = !p->is_macro && !strcmp(p->result, "int") && strstr(p->name, "nid");

	fprintf(out, "\t{ \"%s\", \"%s\", ", p->name, p->prototype);
	if (!callable) {
		fputs("RT_VOID, 0, { { NULL, RT_VOID } }, NULL },\n", out);
		return;
	}
	if (p->is_macro)
		fputs("RT_POINTER", out);
	else
		fputs(is_node ? "RT_NID" : find_travel(p->result)->kind, out);
	fprintf(out, ", %d, {", p->nr_args);
	for (int i = 0; i < p->nr_args; i++)
		fprintf(out, " { \"%s\", %s },", p->arg_names[i],
			kind_of(p->arg_types[i], p->arg_names[i]));
	fprintf(out, "%s }, ", p->nr_args ? "" : " { NULL, RT_VOID }");
	if (p->is_inline || p->is_macro)
		fprintf(out, "rt_call_%s },\n", p->name);
	else
		fprintf(out, "NULL }, /* set by rt_link() */\n");
}

static void emit_flags(const struct protos *p, FILE *out)
{
	fputs("static const struct rt_constant flags[] = {\n", out);
	for (size_t i = 0; i < p->nr_flags; i++) {
		const char *name = p->flags[i] + strlen("MEMBLOCK_");

		fputs("\t{ \"", out);
		for (; *name; name++)
			fputc(tolower((unsigned char)*name), out);
		fprintf(out, "\", %s },\n", p->flags[i]);
	}
	fputs("\t{ NULL, 0 }\n};\n\n", out);
}

static void emit_constants(FILE *out)
{
	static const char *const names[] = {
		"MEMBLOCK_ALLOC_ANYWHERE",
		"MEMBLOCK_ALLOC_ACCESSIBLE",
		"MEMBLOCK_ALLOC_NOLEAKTRACE",
		"MEMBLOCK_ALLOC_KASAN",
		"MEMBLOCK_LOW_LIMIT",
		"ARCH_LOW_ADDRESS_LIMIT",
		"NUMA_NO_NODE",
		"MAX_NUMNODES",
		"PAGE_SIZE",
		"SMP_CACHE_BYTES",
		"PHYS_ADDR_MAX",
		"BOOTMEM_ALLOC_ACCESSIBLE",
		"BOOTMEM_ALLOC_ANYWHERE",
		"BOOTMEM_LOW_LIMIT",
	};

	fputs("static struct rt_constant constants[] = {\n", out);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		fprintf(out, "#ifdef %s\n\t{ \"%s\", 0 },\n#endif\n", names[i], names[i]);
	fputs("};\n\nstatic void set_constants(void)\n{\n\tint i = 0;\n\n", out);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		fprintf(out, "#ifdef %s\n\tconstants[i++].value = (rt_u64)(%s);\n#endif\n",
			names[i], names[i]);
	fputs("\t(void)i;\n}\n\n", out);
}

static void emit_engine(const struct protos *p, FILE *out)
{
	fputs("static void rt_link(void)\n{\n", out);
	for (size_t i = 0; i < p->nr; i++)
		if (can_call(&p->v[i]) && !p->v[i].is_inline && !p->v[i].is_macro)
			fprintf(out, "\tif (%s)\n\t\tcalls[%zu].run = rt_call_%s;\n", p->v[i].name,
				i, p->v[i].name);
	fputs("}\n\n"
	      "static void attach(const struct rt_host *host)\n{\n"
	      "\trt_attach(host);\n\trt_link();\n\tset_constants();\n}\n\n"
	      "extern const struct rt_engine mbsim_engine;\n"
	      "const struct rt_engine __attribute__((__visibility__(\"default\"))) mbsim_engine = {\n"
	      "\t.abi = RT_ABI,\n"
	      "\t.page_shift = PAGE_SHIFT,\n"
	      "\t.phys_bits = 8 * sizeof(phys_addr_t),\n"
	      "\t.max_page_order = MAX_PAGE_ORDER,\n"
	      "\t.section_order = IS_ENABLED(CONFIG_SPARSEMEM) ? SECTION_SIZE_BITS - PAGE_SHIFT : 0,\n"
	      "\t.block_order = CONFIG_PAGEBLOCK_ORDER,\n"
	      "\t.deferred_init = IS_ENABLED(CONFIG_DEFERRED_STRUCT_PAGE_INIT),\n"
	      "\t.only_memory_valid = IS_ENABLED(CONFIG_HAVE_ARCH_PFN_VALID),\n"
	      "#ifdef RT_MARKS_RESERVED\n\t.marks_reserved = 1,\n#endif\n"
	      "#ifdef RT_MARKS_NOMAP\n\t.marks_nomap = 1,\n#endif\n"
	      "\t.nr_node_ids = MAX_NUMNODES,\n"
	      "\t.numa = IS_ENABLED(CONFIG_NUMA),\n"
	      "\t.calls = calls,\n"
	      "\t.nr_calls = ARRAY_SIZE(calls),\n"
	      "\t.flags = flags,\n"
	      "\t.nr_flags = ARRAY_SIZE(flags) - 1,\n"
	      "\t.constants = constants,\n"
	      "\t.nr_constants = ARRAY_SIZE(constants),\n"
	      "\t.attach = attach,\n"
	      "\t.flush = rt_printk_flush,\n"
	      "\t.type = rt_type_state,\n"
	      "\t.region = rt_region_state,\n"
	      "\t.param = rt_param,\n"
	      "\t.initcalls = rt_initcalls,\n"
	      "\t.debugfs = rt_debugfs,\n"
	      "\t.debugfs_name = rt_debugfs_name,\n"
	      "\t.node_set_online = rt_node_set_online,\n"
	      "\t.test_list = rt_test_list,\n"
	      "\t.test_run = rt_test_run,\n"
	      "\t.test_exit = rt_test_exit,\n"
	      "\t.test_status = rt_test_status,\n"
	      "\t.coverage = rt_coverage,\n"
	      "};\n",
	      out);
}

void protos_emit(const struct protos *p, FILE *out)
{
	fputs("/* generated: every function that this kernel's memblock.h declares */\n"
	      "#include <linux/memblock.h>\n"
	      "#ifdef RT_HAVE_BOOTMEM\n#include <linux/bootmem.h>\n#endif\n"
	      "#include <linux/mm.h>\n#include <linux/seq_file.h>\n"
	      "#include \"rt.h\"\n\n"
	      "#define RT_FROM_ANY(v) _Generic((v), void *: rt_from_pointer((void *)(unsigned long)(v)), "
	      "default: (rt_u64)(v))\n\n",
	      out);
	for (size_t i = 0; i < p->nr; i++)
		if (can_call(&p->v[i]) && !p->v[i].is_inline && !p->v[i].is_macro)
			fprintf(out, "#pragma weak %s\n", p->v[i].name);
	for (size_t i = 0; i < p->nr; i++)
		if (p->v[i].is_hidden)
			fprintf(out, "%s;\n", p->v[i].prototype);
	fputc('\n', out);
	for (size_t i = 0; i < p->nr; i++)
		if (can_call(&p->v[i]))
			emit_thunk(&p->v[i], out);
	fputs("static struct rt_call calls[] = {\n", out);
	for (size_t i = 0; i < p->nr; i++)
		emit_entry(&p->v[i], out);
	fputs("};\n\n", out);
	emit_flags(p, out);
	emit_constants(out);
	emit_engine(p, out);
}

/* "#define NAME(" and how many arguments it takes */
static void emit_macro(const char *name, FILE *out)
{
	size_t len = strcspn(name, "( \t\n");
	int args = 1;

	if (name[len] != '(')
		return;
	for (const char *p = name + len; *p && *p != ')'; p++)
		args += *p == ',';
	fprintf(out, "#undef RT_HAVE_%.*s\n#define RT_HAVE_%.*s %d\n", (int)len, name, (int)len,
		name, args);
}

void protos_emit_have(const struct protos *p, const char *header, FILE *out)
{
	static const char define[] = "\n#define ";

	fputs("/* generated: what this kernel's memblock.h declares, with how many arguments */\n",
	      out);
	for (size_t i = 0; i < p->nr; i++)
		fprintf(out, "#undef RT_HAVE_%s\n#define RT_HAVE_%s %d\n", p->v[i].name,
			p->v[i].name, p->v[i].nr_args);
	for (size_t i = 0; i < p->nr_flags; i++)
		fprintf(out, "#define RT_HAVE_%s 0\n", p->flags[i]);
	for (const char *at = header; (at = strstr(at, define)); at++)
		if (!strncmp(at + strlen(define), "for_each_", 9))
			emit_macro(at + strlen(define), out);
}
