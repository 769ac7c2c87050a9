#!/bin/sh
# The folders depend in one direction: messages <- parsers <- modem <- gateway.
# Every header compiles alone.
# SPDX-License-Identifier: AGPL-3.0-or-later
cd "$srcdir" || exit 1
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
up() {				# FOLDER FORBIDDEN...
	folder=$1
	shift
	for above in "$@"; do
		grep -rnE "^#[[:space:]]*include[[:space:]]*[\"<]$above/" "$folder" --include='*.[ch]'
	done
}
check "messages includes nothing above it" "$(up messages parsers modem gateway)"
check "parsers includes nothing above it" "$(up parsers modem gateway)"
check "modem includes nothing above it" "$(up modem gateway)"
check "only the gammu driver and its program know libgammu" \
	"$(grep -rlE '#include <gammu' messages parsers modem gateway --include='*.[ch]' | grep -v '^modem/gammu')"
check "no call that the rules exclude" \
	"$(grep -rnE '\b(system|popen|strcpy|strcat|sprintf|vsprintf|gets|atoi)[[:space:]]*\(' \
		messages parsers modem gateway --include='*.[ch]')"
check "no two libraries define the same name" \
	"$(cd "$builddir" && nm --defined-only --format=posix libmessages.a libparsers.a libmodem.a libgateway.a |
		awk '$2 ~ /^[BDRT]$/ { print $1 }' | sort | uniq -d)"
alone=
for h in $(find messages parsers modem gateway -name '*.h' | sort); do
	out=$(${CC:-cc} -std=gnu17 -fsyntax-only -x c -I. -DSRCDIR='""' $(pkg-config --cflags libosmocore gammu sqlite3) \
		"$h" 2>&1 | grep -v 'pragma once in main file' | grep -E 'error|No such') || continue
	alone="$alone$h: $out
"
done
check "every header compiles alone" "$alone"
echo "1..$n"
