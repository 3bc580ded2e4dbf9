/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inert: finds no options, as there is no command line: tests are called one at a time */
#ifndef _GETOPT_H
#define _GETOPT_H

#define no_argument 0
#define required_argument 1
#define optional_argument 2

struct option {
	const char *name;
	int has_arg;
	int *flag;
	int val;
};

#define optarg ((char *)0)
#define getopt_long(argc, argv, letters, names, index) \
	((void)(argc), (void)(argv), (void)(letters), (void)(names), -1)
#define getopt_long_only getopt_long
#define getopt(argc, argv, letters) ((void)(argc), (void)(argv), (void)(letters), -1)

#endif
