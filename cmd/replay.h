/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CMD_REPLAY_H
#define CMD_REPLAY_H

#include <argp.h>

#include "replay/replay.h"

/* --ram, --without-ram, --drop and --cmdline: a child parser, whose input is the struct replay_change. */
extern const struct argp change_argp;
void change_release(struct replay_change *c);

#endif
