/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYOUT_ACPI_H
#define LAYOUT_ACPI_H

#include "layout/internal.h"

/* Tables of ACPI: acpi-table.c finds them, acpi-srat.c and acpi-slit.c read them. */

/* The kernel's MAX_NUMNODES is no more than this in any configuration. */
#define ACPI_MAX_NODES 1024

#define ACPI_HEADER 36 /* bytes that all tables begin with */

/* A table; what its header says of its length and its sum has been looked at. */
struct acpi_table {
	const unsigned char *data;
	size_t len; /* of what is there: the length in its header, or less */
	unsigned int revision;
	const char *place; /* for positions: where the table comes from */
};

/* The number of @bytes bytes at @p, little end first. */
uint64_t acpi_number(const unsigned char *p, unsigned int bytes);

/* These return 0, or -errno and @err if nothing can be taken from the table. */
int acpi_read_srat(struct layout *l, const struct acpi_table *table, struct error *err);
int acpi_read_slit(struct layout *l, const struct acpi_table *table, struct error *err);

/*
 * Reads SRAT and SLIT of a directory of tables, as far as they are there. Returns 0, -ENOENT if
 * neither is, or -errno and @err.
 */
int acpi_read_dir(struct layout *l, const char *path, struct error *err);

#endif
