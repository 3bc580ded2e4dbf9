#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers: no
#
# scripts/mutate: which mutants it makes of a text, what it tells of each way in which a mutant can
# end, and that a real suite kills what it must kill and cannot see what nobody can see.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

mutate=$top/scripts/mutate
real=$MBSIM
memblock=$(tree "$newest")/mm/memblock.c

# Instead of mbsim: the same answers without any compiler. A mutant's fate is up to the line that
# was changed.
mkdir -p "$tmp/tree/mm" "$tmp/tree/include/linux" "$tmp/fake-cache"
cat >"$tmp/tree/include/linux/memblock.h" <<'END'
enum memblock_flags {
	MEMBLOCK_NONE = 0x0,
	MEMBLOCK_GOOD = 0x1,
	MEMBLOCK_BAD = 0x2,
};
END
cat >"$tmp/fake" <<END
#!/bin/sh
case "\$1 \$2" in
'kernel list') echo '{"configs": ["arm64", "x86_64"], "cache": "$tmp/fake-cache"}' ;;
'kernel show') echo '{"kernel": "$tmp/tree", "version": "0", "memblock": "$tmp/tree/mm/memblock.c"}' ;;
test*)
	while [ "\$1" != -m ]; do shift; done
	cmp -s "\$2" "$tmp/tree/mm/memblock.c" && exit 0
	echo "    # Subtest: machine"
	grep -q '	killed();' "\$2" || { echo "    not ok 1 starts"; exit 1; }
	grep -q '	uncompiled();' "\$2" || { echo "mbsim: cannot compile: no"; exit 125; } >&2
	grep -q '	crashes();' "\$2" || kill -SEGV \$\$
	grep -q '	arm();' "\$2" || [ "\$4" != arm64 ] || { echo "    not ok 2 stops"; exit 1; }
	exit 0 ;;
esac
END
chmod +x "$tmp/fake"
MBSIM=$tmp/fake

# of FUNCTION: all mutants of the text on standard input, without their IDs.
of() {
	cat >"$tmp/tree/mm/memblock.c"
	"$mutate" --list -n 0 --function "$1" 2>"$tmp/.err" | grep '^  ' | sed 's/^  //'
}

is 'loops, conditions and constants' "$(of first <<'END'
/* a comment says 1 < 2 */
#define SMALL(x) ((x) < 1)
static int first(int a, struct machine *m)
{
	int left = a - 1, i;

	for (i = 0; i < a; i++)
#if LEVEL > 1
		if (m->base &&
		    !left)
			continue;
#endif
	return 0;
}
END
)" 'int left = a [---]{+++} 1, i;
int left = a [-- 1-], i;
int left = a - [-1-]{+2+}, i;
for (i = [-0-]{+1+}; i < a; i++)
for (i = 0; [-i < a-]{+0+}; i++)
for (i = 0; [-i < a-]{+1+}; i++)
for (i = 0; i [-<-]{+<=+} a; i++)
for (i = 0; i [-<-]{+>=+} a; i++)
for (i = 0; i < a; i[-++-]{+--+})
if ([-m->base-]{+1+} &&
if ([-m->base && !left-]{+0+})
if ([-m->base && !left-]{+1+})
if ([-m->base && !left-]{+!(m->base && !left)+})
if (m->[-base-]{+size+} &&
if (m->base [-&&-]{+||+}
[-!-]left)
[-!left-]{+1+})
[-continue;-]{+;+}
return [-0-]{+1+};
return [-0-]{+-EINVAL+};'

is 'messages are only left out as a whole; casts and pointers are no arithmetic' "$(of second <<'END'
void second(unsigned long a, void *p)
{
	struct machine *m = (struct machine *)p;

	pr_info("a < %d\n", a + 1);
	WARN_ONCE(*m, "1 < %d", a - 1);
	for_each_slot(a)
		*m = (u64)*m + sizeof(*m);
}
END
)" '[-pr_info("a < %d\n", a + 1);-]{+;+}
[-WARN_ONCE(*m, "1 < %d", a - 1);-]{+;+}
[-*m = (u64)*m + sizeof(*m);-]{+;+}
*m = (u64)*m [-+-]{+-+} sizeof(*m);'

is 'calls, flags and bits' "$(of third <<'END'
struct machine *third(int a, int b, void *p)
{
	call(a, p, b, a);
	b = max(a, b);
	if ((a & MEMBLOCK_GOOD) || p)
		b &= ~round_up(a, b);
	return p;
}
END
)" '[-call(a, p, b, a);-]{+;+}
call(a, p, [-b, a-]{+a, b+});
[-b = max(a, b);-]{+;+}
b = [-max-]{+min+}(a, b);
if ([-(a & MEMBLOCK_GOOD)-]{+0+} || p)
if ([-(a & MEMBLOCK_GOOD) || p-]{+0+})
if ([-(a & MEMBLOCK_GOOD) || p-]{+1+})
if ([-(a & MEMBLOCK_GOOD) || p-]{+!((a & MEMBLOCK_GOOD) || p)+})
if ((a [-&-]{+|+} MEMBLOCK_GOOD) || p)
if ((a & [-MEMBLOCK_GOOD-]{+MEMBLOCK_BAD+}) || p)
if ((a & [-MEMBLOCK_GOOD-]{+MEMBLOCK_NONE+}) || p)
if ((a & MEMBLOCK_GOOD) [-||-]{+&&+} p)
if ((a & MEMBLOCK_GOOD) || [-p-]{+0+})
[-b &= ~round_up(a, b);-]{+;+}
b [-&=-]{+|=+} ~round_up(a, b);
b &= [-~-]round_up(a, b);
b &= ~[-round_up-]{+round_down+}(a, b);
b &= ~round_up([-a, b-]{+b, a+});
return [-p-]{+0+};'

# A statement of four lines, and what is around it.
cat >"$tmp/tree/mm/memblock.c" <<'END'
void fourth(int a)
{
	do {
		call(a,
		     /* as it is */
		     a);
	} while (a ? a > 2 : true);
	switch (a) {
	case 1:
		break;
	}
}
END
exits 'a mutant as a diff' 0 "$mutate" --list --diff --only fourth:4:delete:0
is 'a diff: the lines keep their numbers' "$out" 'fourth:4:delete:0
  [-call(a, a);-]{+;+}
--- a/mm/memblock.c
+++ b/mm/memblock.c
@@ -1,9 +1,9 @@ fourth
 void fourth(int a)
 {
 	do {
-		call(a,
-		     /* as it is */
-		     a);
+		;
+
+
 	} while (a ? a > 2 : true);
 	switch (a) {
 	case 1:'
"$mutate" --list -n 0 >"$tmp/all" 2>/dev/null
is 'IDs are unique' "$(grep -v '^  ' "$tmp/all" | sort | uniq -d)" ''
"$mutate" --list -n 5 --seed 4 >"$tmp/five" 2>/dev/null
is 'a sample has the size that is asked for' "$(grep -c '^fourth' "$tmp/five")" 5
is 'the same seed draws the same' "$("$mutate" --list -n 5 --seed 4 2>/dev/null)" "$(cat "$tmp/five")"
is 'a sample keeps the IDs' "$(grep -vxF -f "$tmp/all" "$tmp/five")" ''
is 'a larger sample has the smaller one in it' \
	"$("$mutate" --list -n 7 --seed 4 2>/dev/null | grep -cxF -f "$tmp/five")" 10
unlike 'another seed draws others' "$("$mutate" --list -n 5 --seed 5 2>/dev/null | cmp - "$tmp/five" && echo same)" same

# every way to end
cat >"$tmp/tree/mm/memblock.c" <<'END'
void fates(void)
{
	killed();
	uncompiled();
	lives();
	arm();
}
void bug(void)
{
	crashes();
}
END
exits 'a survivor is exit status 1' 1 "$mutate" --function fates -n 0
is 'what it tells' "$out" 'FUNCTION                                      KILLED    OF
fates                                              2     3 *

fates:5:delete:0
  [-lives();-]{+;+}

0: 4 of 4 mutants (seed 1) in x86_64 arm64
not counted: 0 equivalent, 0 listed as equivalent, 1 not compiled
killed: 2 of 3, 66.6 %; 1 survived'
exits 'enough are killed' 0 "$mutate" --function fates -n 0 --min 66
exits 'not enough are killed' 1 "$mutate" --function fates -n 0 --min 67
exits 'all are killed' 0 "$mutate" --only fates:3:delete:0 --only fates:6:delete:0
exits 'one configuration alone sees less' 1 "$mutate" --config x86_64 --only fates:6:delete:0
exits 'as JSON' 1 "$mutate" --function fates -n 0 --json
is 'JSON: what became of each, where and in which test' \
	"$(printf '%s\n' "$out" | jq -r '.mutants[] | "\(.line) \(.result) \(.config) \(.test)"')" \
	'3 killed x86_64 machine.starts
4 discarded x86_64 null
5 survived null null
6 killed arm64 machine.stops'
is 'JSON: the sums' "$(printf '%s\n' "$out" | jq -c '[.killed, .total, .percent, .functions.fates]')" \
	'[2,3,66.6,{"killed":2,"total":3}]'
exits 'a survivor is kept' 1 "$mutate" --function fates -n 0 --keep "$tmp/kept"
is 'only a survivor' "$(ls "$tmp/kept")" 'fates-5-delete-0.c
fates-5-delete-0.diff'
is 'the diff that is kept leads to the text that is kept' "$(cp "$tmp/tree/mm/memblock.c" "$tmp/old.c" &&
	patch -s -o - "$tmp/old.c" "$tmp/kept/fates-5-delete-0.diff" | cmp - "$tmp/kept/fates-5-delete-0.c")" ''
exits 'a bug of mbsim is no result' 1 "$mutate" --function bug -n 0 --min 0
like 'it is told' "$err" '^mutate: bug:10:delete:0 \(x86_64\): BUG: mbsim was ended by signal 11$'
like 'and not counted' "$out" '^killed: 0 of 0,'
is 'nothing is left behind' "$(ls "$tmp/fake-cache/tmp")" ''

# known survivors
cat >"$tmp/known" <<'END'
# a comment
fat*: [-lives();-]
	It only lives,
	and does no harm.
END
exits 'a known survivor' 0 "$mutate" --function fates -n 0 --equivalent "$tmp/known"
like 'it is not counted' "$out" '^not counted: 0 equivalent, 1 listed as equivalent, 1 not compiled$'
exits 'the reason is shown' 0 "$mutate" --list --function fates -n 0 --equivalent "$tmp/known"
like 'on one line' "$out" '^  equivalent: It only lives, and does no harm\.$'
echo 'fates: [-lives();-]' >"$tmp/known"
exits 'no reason' 2 "$mutate" --list --equivalent "$tmp/known"
like 'no reason: where' "$err" '/known:1: the reason is missing'
echo 'fates lives' >"$tmp/known"
exits 'no change' 2 "$mutate" --list --equivalent "$tmp/known"

for call in --nonsense word '-n x' '-n -1' '--seed x' '--min 101' '--config none' '--function none' \
	'--only none' "--equivalent $tmp/none" "--memblock $tmp/none"; do
	# shellcheck disable=SC2086
	exits "wrong: $call" 2 "$mutate" --list $call
	is "wrong: $call: one line" "$(printf '%s\n' "$err" | grep -c '^mutate: .')" 1
done
exits '--help' 0 "$mutate" --help
is '--help: nothing on standard error' "$err" ''
cp "$tmp/tree/mm/memblock.c" "$tmp/old.c"
echo 'void more(void) { uncompiled(); }' >>"$tmp/old.c"
MBSIM=$tmp/none exits 'no mbsim' 2 "$mutate" --list

# The kernel's memblock.c and mbsim itself: what must die, what nobody can notice, what is not in
# the engine, what does not compile.
MBSIM=$real
cat "$memblock" - >"$tmp/own.c" <<'END'
int rt_unheard(int a);
int rt_unheard(int a)
{
	return a + 1;
}
static int __maybe_unused rt_absent(int a)
{
	return a + 1;
}
static void __maybe_unused rt_static(void)
{
	_Static_assert(1 == 1, "");
}
END
"$mutate" -k "$newest" -m "$tmp/own.c" --list -n 0 >"$tmp/all" 2>/dev/null
id() {
	grep "^$1:.*:$2:0\$" "$tmp/all"
}
exits 'some of the kernel' 1 "$mutate" -k "$newest" -m "$tmp/own.c" --config x86_64 --json \
	--only "$(id memblock_is_reserved return)" --only "$(id rt_unheard arithmetic)" \
	--only "$(id rt_absent arithmetic)" --only "$(id rt_static relation)"
is 'it is seen what becomes of each' "$(printf '%s\n' "$out" | jq -r '.mutants[] | "\(.function) \(.result)"')" \
	'memblock_is_reserved killed
rt_unheard survived
rt_absent equivalent
rt_static discarded'
like 'a test is named that fails' "$(printf '%s\n' "$out" | jq -r '.mutants[0].test')" '^memblock_[a-z_]+\.[a-z]'
exits 'an unknown kernel' 2 "$mutate" -k "$tmp/none"
done_testing
