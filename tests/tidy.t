#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# scripts/tidy: a small tidy tree passes; whatever breaks a rule in it is found.
. "$(dirname "$0")/tap.sh"

tidy=$top/scripts/tidy
spdx='SPDX-License-Identifier: GPL-2.0-or-later'
house=$tmp/house

# write FILE LINE...: below the current folder.
write() {
	file=$1
	shift
	[ -d "${file%/*}" ] || [ "$file" = "${file%/*}" ] || mkdir -p "${file%/*}"
	printf '%s\n' "$@" >"$file"
}

# header FILE LINE...: with licence and guard.
header() {
	path=$1
	guard=$(echo "$path" | tr 'a-z/.-' 'A-Z___')
	shift
	write "$path" "/* $spdx */" "#ifndef $guard" "#define $guard" "$@" '#endif'
}

repeat() {
	i=0
	while [ $i -lt "$1" ]; do
		echo "$2"
		i=$((i + 1))
	done
}

make_pattern() {
	mkdir "$tmp/pattern" && cd "$tmp/pattern" || exit 2
	header lib/leaf.h 'int leaf(void);'
	write lib/leaf.c "// $spdx" '#include "lib/leaf.h"'
	header layout/layout.h '#include "lib/leaf.h"'
	header layout/internal.h '#include "layout/layout.h"'
	write layout/read.c "// $spdx" '#include "layout/internal.h"' '' '#include <stdio.h>'
	header kernel/abi.h
	header engine/engine.h '#include "kernel/abi.h"'
	write engine/load.c "// $spdx" '#include "engine/engine.h"'
	write kernel/rt/printk.c "// $spdx" '#include <linux/printk.h>' '' \
		'int f(char *s)' '{' '	return sprintf(s, "x");' '}'
	write kernel/include/linux/printk.h "/* $spdx */" \
		'/* works: writes to the simulator */' '#define pr_info printk'
	header kunit/test.h
	write suite/reserve.c "// $spdx" '#include "kunit/test.h"'
	write tests/unit/leaf.c "// $spdx" '#include "kunit/test.h"' '#include "lib/leaf.h"'
	write tests/leaf.t '#!/bin/sh' "# $spdx" 'mktemp -d /tmp/leaf.XXXXXX'
	write Makefile "# $spdx" 'all:'
	write tests/data/boot.log 'as it was captured '
}

build_house() {
	cd "$tmp" && rm -rf "$house" && cp -R pattern "$house" && cd "$house" || exit 2
}

# tidy_says NAME STATUS REGEX: of the house as it is now; an empty REGEX: nothing.
tidy_says() {
	text=$("$tidy" "$house" 2>&1)
	status=$?
	if [ $status -ne "$2" ]; then
		fail "$1" "exit status $status instead of $2: $text"
	elif [ -z "$3" ]; then
		is "$1" "$text" ''
	else
		like "$1" "$text" "$3"
	fi
}

# refused NAME REGEX FILE LINE...: a file that breaks a rule, in a fresh house.
refused() {
	name=$1 regex=$2
	shift 2
	build_house
	write "$@"
	tidy_says "$name" 1 "$regex"
}

# accepted NAME FILE LINE...
accepted() {
	name=$1
	shift
	build_house
	write "$@"
	tidy_says "$name" 0 ''
}

make_pattern
build_house
tidy_says 'a tidy house' 0 ''
exits 'an unknown folder' 2 "$tidy" "$tmp/none"

refused 'an include upwards' '^lib/up\.c:2: "layout/layout\.h" is not below lib/' \
	lib/up.c "// $spdx" '#include "layout/layout.h"'
build_house
write mm/up.c "// $spdx" '#include "check/check.h"'
header check/check.h
tidy_says 'an include of the next part above' 1 '^mm/up\.c:2: .* is not below mm/'
accepted 'an include downwards' cmd/down.c "// $spdx" '#include "layout/layout.h"'
refused 'the internal header of another part' '"layout/internal\.h" is not below boot/' \
	boot/x.c "// $spdx" '#include "layout/internal.h"'
refused 'a header of the kernel side outside of engine/' '"kernel/abi\.h" is not below boot/' \
	boot/x.c "// $spdx" '#include "kernel/abi.h"'
refused 'the test frame in mbsim' '"kunit/test\.h" is not below lib/' \
	lib/x.c "// $spdx" '#include "kunit/test.h"'
refused 'the simulator in an engine' '"lib/leaf\.h" is not below kernel/rt/' \
	kernel/rt/x.c "// $spdx" '#include "lib/leaf.h"'
refused 'an include beside the file' '"read\.h": include it by its path from the root' \
	layout/x.c "// $spdx" '#include "read.h"'
refused 'an include by way of ..' 'include it by its path from the root' \
	layout/x.c "// $spdx" '#include "layout/../lib/leaf.h"'
refused 'a header of ours in <>' '<lib/leaf\.h> is ours' \
	layout/x.c "// $spdx" '#include <lib/leaf.h>'
accepted 'an include in a comment' lib/x.c "// $spdx" '/*' '#include "layout/layout.h"' '*/'

refused 'a long file' '^lib/x\.c: 602 lines: at most 600' \
	lib/x.c "// $spdx" "$(repeat 601 'int x;')"
build_house
write lib/x.c "// $spdx" "$(repeat 401 'int x;')"
tidy_says 'a file to ask about' 0 '^warning: lib/x\.c: 402 lines'
write lib/x.c "// $spdx"
write cmd/main.c "// $spdx" "$(repeat 150 'int x;')"
tidy_says 'main.c is to be short' 0 '^warning: cmd/main\.c: 151 lines'

refused 'a long function' '^lib/x\.c:3: a function of 61 lines: at most 60' \
	lib/x.c "// $spdx" 'int f(void)' '{' "$(repeat 61 '	f();')" '}'
refused 'a long function in a header' '^lib/leaf\.h:3: a function of 61 lines' \
	lib/leaf.h "/* $spdx */" '#ifndef LIB_LEAF_H' '{' "$(repeat 61 '	f();')" '}' '#endif'
build_house
write lib/x.c "// $spdx" 'int f(void)' '{' "$(repeat 41 '	f();')" '}'
tidy_says 'a function to ask about' 0 '^warning: lib/x\.c:3: a function of 41 lines'
accepted 'a table in a function' lib/x.c "// $spdx" 'int f(void)' '{' \
	'	static const int table[] = {' "$(repeat 61 '		1,')" '	};' '}'
accepted 'a table of its own' lib/x.c "// $spdx" 'const int table[] = {' \
	"$(repeat 61 '	1,')" '};'

refused 'no licence in C' '^lib/x\.c:1: the licence is missing' lib/x.c 'int x;'
refused 'no licence in a header' '^lib/leaf\.h:1: the licence' \
	lib/leaf.h '#ifndef LIB_LEAF_H' '#endif'
refused 'no licence in a script' '^scripts/x:2: the licence' scripts/x '#!/bin/sh' 'true'
refused 'no licence in a Makefile' '^Makefile:1: the licence' Makefile 'all:'
refused 'another licence' '^lib/x\.c:1: the licence' \
	lib/x.c '// SPDX-License-Identifier: GPL-2.0-only'

for call in strcpy strcat sprintf gets system popen strtol atoi alloca; do
	refused "a call of $call()" "^lib/x\\.c:4: $call\\(\\) is not used here: ." \
		lib/x.c "// $spdx" 'int f(char *s)' '{' "	return !!$call(s);" '}'
done
accepted 'what only looks like such a call' lib/x.c "// $spdx" \
	'// system("x")' '/* gets(s) */' 'const char *s = "atoi(1)";' \
	'int f(void)' '{' '	return fgets(0) + m.system(1) + m->gets(1) + my_atoi(1);' '}'

todo=TO fixme=FIX
refused 'a leftover in C' "^lib/x\\.c:2: leftover ${todo}DO" lib/x.c "// $spdx" "/* ${todo}DO: it */"
refused 'a leftover in a text' "^docs/x\\.md:1: leftover ${fixme}ME" docs/x.md "${fixme}ME"
refused 'trailing spaces' '^docs/x\.md:1: trailing spaces' docs/x.md 'text '
refused 'a carriage return' '^docs/x\.md:1: trailing spaces' docs/x.md "$(printf 'text\r')"
refused 'disabled code' '^lib/x\.c:2: disabled code' lib/x.c "// $spdx" '#if 0' '#endif'
refused 'a file of odds and ends' '^lib/util\.c: .* name it after a noun' lib/util.c "// $spdx"

refused 'a header that nobody includes' '^lib/x\.h: nobody includes this header' \
	lib/x.h "/* $spdx */" '#ifndef LIB_X_H' '#define LIB_X_H' '#endif'
refused 'a guard of another name' "^lib/leaf\\.h: the header's guard is to be LIB_LEAF_H" \
	lib/leaf.h "/* $spdx */" '#ifndef LEAF_H' '#define LEAF_H' '#endif'
build_house
header kernel/forced.h
write engine/build.c "// $spdx" 'const char *arg = "-include kernel/forced.h";'
tidy_says 'a header that is only named to the compiler' 0 ''

printk=kernel/include/linux/printk.h
refused 'a stand-in of no kind' '^kernel/include/linux/printk\.h:2: which kind' \
	$printk "/* $spdx */" '#define pr_info printk'
refused 'a stand-in of an unknown kind' 'which kind of stand-in' \
	$printk "/* $spdx */" '/* empty: nothing to do */'
refused 'an inert stand-in without its reason' 'which kind of stand-in' \
	$printk "/* $spdx */" '/* inert: */'
for kind in type works inert trap; do
	accepted "a stand-in of kind $kind" $printk "/* $spdx */" "/* $kind: for a reason" ' * that is long. */'
done

done_testing
