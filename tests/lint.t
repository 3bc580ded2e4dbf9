#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# `make lint`, each part of it a test.
. "$(dirname "$0")/tap.sh"

cd "$top" || exit 2
build=${MBSIM%/mbsim}
for part in format gcc clang tidy rules shell; do
	ok "lint-$part" make -s BUILD="${build#"$top"/}" "lint-$part"
done
done_testing
