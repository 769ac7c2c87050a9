#!/bin/sh
# Every source file is as .clang-format lays it out.
# SPDX-License-Identifier: AGPL-3.0-or-later
if ! command -v clang-format >/dev/null; then
	echo "1..0 # SKIP clang-format is not installed"
	exit 0
fi
cd "$srcdir" || exit 1
bad=$(find messages parsers modem gateway tests -name '*.[ch]' | sort |
	xargs clang-format --dry-run 2>&1 | grep -oE '^[^:]+:[0-9]+' | sort -u -t: -k1,1)
if [ -z "$bad" ]; then
	echo "ok 1 - clang-format has nothing to change"
else
	echo "$bad" | sed 's/^/# /'
	echo "not ok 1 - clang-format has nothing to change"
fi
echo "1..1"
