/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_SRCPOS_H
#define LIB_SRCPOS_H

/*
 * Where a fact was read. @file is owned by the structure that the fact is in (a layout, a
 * script) and lives as long; NULL: nobody wrote it, mbsim computed it.
 */
struct srcpos {
	const char *file;
	unsigned int line; /* from 1; 0: the file as a whole */
};

#endif
