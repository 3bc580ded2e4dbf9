/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: size of the command line */
#ifndef RT_ASM_SETUP_H
#define RT_ASM_SETUP_H

#define COMMAND_LINE_SIZE 2048

#endif
