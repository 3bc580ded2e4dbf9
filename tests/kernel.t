#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Engines: how a kernel is named, what is built, what is kept, and what goes wrong.
. "$(dirname "$0")/tap.sh"
. "$top/tests/kernels.sh"

configs=$("$MBSIM" kernel --json | jq -r '.configs[]')
like 'the configurations are listed' "$configs" '^arm64-64k$'

# with sanitizers, engines are not other engines: a few do
case $MBSIM in
*/asan/*) compilers=gcc few='x86_64 phys32' ;;
*) compilers='gcc clang' few=$configs ;;
esac
for k in $kernels; do
	for cc in $compilers; do
		these=$few
		# clang, and the older one: a few will do
		case "$cc $k" in
		"gcc $newest") ;;
		"clang $newest" | gcc*) these=$(printf '%s\n' "$few" |
			grep -v -e ppc64-4k -e i386 -e 'arm64-.*k' -e flatmem) ;;
		*) these='x86_64 phys32' ;;
		esac
		for c in $these; do
			exits "$k $c $cc: builds" 0 env CC=$cc "$MBSIM" kernel build --json -k "$k" --config "$c"
			is "$k $c $cc: without a warning, nothing stood in for" \
				"$(printf '%s' "$out" | jq -r '.warnings + .automatic')" ''
		done
	done
	exits "$k: is shown" 0 "$MBSIM" kernel show -k "$k"
	like "$k: with its version" "$out" "^kernel: +$k\."
	like "$k: with its API" "$out" '^  int memblock_add_node\(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags\)$'
	like "$k: with the hash of its memblock.c" "$out" \
		"SHA-256: +$(sha256sum "$(tree "$k")/mm/memblock.c" | cut -d' ' -f1)"
done

is 'the engine exports one symbol' \
	"$(nm -D --defined-only "$("$MBSIM" kernel build --json | jq -r .engine)" |
		awk '{ print $3 }' | grep -v -e '^__asan' -e '^__odr_asan')" mbsim_engine

# Ways to name a kernel.
src=$(tree "$newest")
mkdir -p "$tmp/tree/mm" "$tmp/tree/include/linux"
cp "$src/mm/memblock.c" "$tmp/tree/mm/"
cp "$src/include/linux/memblock.h" "$tmp/tree/include/linux/"
printf 'memblock_add 0 1G\nmemblock_alloc 4K 4K => 0x3ffff000\n' >"$tmp/a.mb"

exits 'a tree that is partial' 0 "$MBSIM" run -k "$tmp/tree" "$tmp/a.mb"
exits 'its version is unknown' 0 "$MBSIM" kernel build -k "$tmp/tree"
like 'and said to be' "$out" '^unknown x86_64'
tar -C "$tmp" -cJf "$tmp/linux-1.2.tar.xz" --transform 's,^tree,linux-1.2,' tree
exits 'a tarball' 0 "$MBSIM" run -k "$tmp/linux-1.2.tar.xz" "$tmp/a.mb"
(
	cd "$tmp/tree" && git init -q . && git add . &&
		git -c user.name=x -c user.email=x@y commit -qm one &&
		git tag good &&
		sed -i 's/^int __init_memblock memblock_add(/int broken /' mm/memblock.c &&
		git -c user.name=x -c user.email=x@y commit -qam two
) >/dev/null 2>&1
exits 'a revision of a git tree' 0 "$MBSIM" run -k "$tmp/tree@good" "$tmp/a.mb"
exits 'another one, which does not compile' 2 "$MBSIM" run -k "$tmp/tree@HEAD" "$tmp/a.mb"
exits 'the tree is left as it is' 0 git -C "$tmp/tree" diff --quiet HEAD
exits 'a revision that there is not' 2 "$MBSIM" run -k "$tmp/tree@nonsense" "$tmp/a.mb"
like 'is named' "$err" "^mbsim: .*tree@nonsense: git:"
exits 'memblock.c from elsewhere' 0 "$MBSIM" run -k "$tmp/tree" -m "$src/mm/memblock.c" "$tmp/a.mb"

# What goes wrong.
exits 'a wrong option' 2 "$MBSIM" kernel build -D 'CONFIG X'
exits 'a configuration that there is not' 2 "$MBSIM" kernel build --config vax
like 'is named' "$err" '^mbsim: vax: no such configuration'
exits 'a missing tree' 2 "$MBSIM" kernel build -k "$tmp/nowhere"
like 'is named' "$err" 'nowhere: no such kernel tree'
exits 'a version that is not installed' 2 "$MBSIM" kernel build -k 1.2.13
like 'and those that are' "$err" "1.2.13: .*installed: .*$newest"
mkdir "$tmp/empty"
exits 'a tree without memblock.c' 2 "$MBSIM" kernel build -k "$tmp/empty"
like 'is named' "$err" 'no mm/memblock.c in it'
mkdir -p "$tmp/half/mm" && cp "$src/mm/memblock.c" "$tmp/half/mm/"
exits 'a tree without memblock.h' 2 "$MBSIM" kernel build -k "$tmp/half"
like 'is named' "$err" 'no include/linux/memblock.h'
head -c 3000 "$tmp/linux-1.2.tar.xz" >"$tmp/torn.tar.xz"
exits 'a torn tarball' 2 "$MBSIM" kernel build -k "$tmp/torn.tar.xz"
like 'is named' "$err" 'torn.tar.xz: cannot unpack'
echo nonsense >"$tmp/text.tar.xz"
exits 'no tarball at all' 2 "$MBSIM" kernel build -k "$tmp/text.tar.xz"
tar -C "$tmp" -cJf "$tmp/other.tar.xz" empty
exits 'a tarball of something else' 2 "$MBSIM" kernel build -k "$tmp/other.tar.xz"
like 'is named' "$err" 'other.tar.xz: '
exits 'no compiler' 2 env CC=no-such-cc "$MBSIM" kernel build -k "$tmp/tree@good"
like 'is named' "$err" 'no C compiler no-such-cc'

exits 'a cache that cannot be written' 2 env MBSIM_CACHE=/proc/nowhere "$MBSIM" kernel build -k "$tmp/tree@good"
like 'is named, and what to do' "$err" '/proc/nowhere.*set MBSIM_CACHE'

# What follows builds one engine after the other, by means that a sanitizer has seen by now.
case $MBSIM in
*/asan/*) done_testing ;;
esac

# Options of the configuration.
exits 'an option set' 0 "$MBSIM" run -D CONFIG_NODES_SHIFT=2 - <<'EOF'
node online 3
EOF
exits 'changes the engine' 2 "$MBSIM" run -D CONFIG_NODES_SHIFT=1 - <<'EOF'
node online 3
EOF
exits 'an option unset' 2 "$MBSIM" run -U CONFIG_NUMA - <<'EOF'
node online 1
EOF
exits 'a fact of the architecture' 0 "$MBSIM" run -D ARCH_LOW_ADDRESS_LIMIT=0xffffff - <<'EOF'
memblock_add 0 1G
memblock_alloc_low 4K 4K => 0xffe000
EOF

# Two at the same time build the same engine.
private_cache
"$MBSIM" kernel build -k "$src" >"$tmp/one" 2>&1 &
one=$!
"$MBSIM" kernel build -k "$src" >"$tmp/two" 2>&1
two=$?
wait "$one"
is 'two builds at a time: the first' "$?" 0
is 'two builds at a time: the second' "$two" 0
exits 'the engine that is left works' 0 "$MBSIM" run -k "$src" "$tmp/a.mb"
is 'nothing is left over' "$(ls -A "$tmp/cache/tmp")" ''

# A full disk: half an engine must not be used.
private_cache
rm -rf "$tmp/cache"
if [ "$(id -u)" = 0 ] && mkdir "$tmp/cache" && mount -t tmpfs -o size=64k none "$tmp/cache" 2>/dev/null; then
	exits 'a full disk' 2 "$MBSIM" kernel build -k "$src"
	is 'is one line' "$(printf '%s\n' "$err" | wc -l)" 1
	is 'leaves no engine' "$(find "$tmp/cache" -name '*.so')" ''
	mount -o remount,size=100m "$tmp/cache"
	exits 'and is forgotten when there is room' 0 "$MBSIM" run -k "$src" "$tmp/a.mb"
	umount "$tmp/cache"
else
	skip 'a full disk' 'a small file system cannot be mounted here'
fi

# An engine that was damaged in the cache is built anew, or refused; never used.
rm -rf "$tmp/cache"
exits 'build' 0 "$MBSIM" kernel build -k "$src"
so=$(find "$tmp/cache/engines" -name '*.so')
head -c 1000 "$so" >"$so.cut" && mv "$so.cut" "$so"
exits 'a damaged engine' 0 "$MBSIM" run -k "$src" "$tmp/a.mb"
done_testing
