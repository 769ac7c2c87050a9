#!/bin/sh
# The manual pages are well formed and leave nothing out.
# SPDX-License-Identifier: AGPL-3.0-or-later
n=0
check() {			# NAME OUTPUT: passes if there is none
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "$2" | sed 's/^/# /'
		echo "not ok $n - $1"
	fi
}
for page in "$srcdir"/doc/*.[1-8]; do
	if command -v mandoc >/dev/null; then
		check "${page##*/} is well formed" "$(mandoc -T lint -W warning "$page" 2>&1)"
	else
		n=$((n + 1))
		echo "ok $n - ${page##*/} is well formed # SKIP mandoc is not installed"
	fi
done
missing=
for command in $("$builddir/chappectl" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	grep -qE "^(\.It )?\.?Ic $command|^\.It Ic $command" "$srcdir/doc/chappectl.1" || missing="$missing $command"
done
check "chappectl(1) has every command" "$missing"
missing=
for command in $(sed -n 's/.*{ \(GATEWAY\|MODEM\)_NODE, &.*, "\([a-z-]*\).*/\2/p' "$srcdir/gateway/config_vty.c"); do
	grep -q "^\.It Ic $command " "$srcdir/doc/chappe.cfg.5" || missing="$missing $command"
done
check "chappe.cfg(5) has every command" "$missing"
echo "1..$n"
