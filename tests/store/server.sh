# To be sourced: a PostgreSQL server in a folder of the test's own ($dir) that ends with the test, with the schema in
# template1; the same on SQLite is $dir/empty.db.
# SPDX-License-Identifier: AGPL-3.0-or-later
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
for need in "$bin/initdb" "$(command -v psql)" "$(command -v sqlite3)" "$(command -v setpriv)"; do
	if ! [ -x "$need" ]; then
		echo "1..0 # SKIP PostgreSQL, sqlite3 or setpriv is not installed"
		exit 0
	fi
done

dir=$(mktemp -d "${TMPDIR:-/tmp}/chappe-pg.XXXXXX") || exit 1
as=
if [ "$(id -u)" = 0 ]; then	# the server refuses to run as root
	chown nobody "$dir"
	as="setpriv --reuid nobody --regid nogroup --clear-groups"
fi
end() {
	$as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
	rm -rf "$dir"
}
trap end EXIT
trap 'exit 1' INT TERM

n=0
report() {			# STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		[ -f "$dir/why" ] && sed 's/^/# /' "$dir/why" | head -n 20
		echo "not ok $n - $2"
	fi
	rm -f "$dir/why"
}
psql() {
	PGHOST=$dir PGUSER=${login:-chappe} stdbuf -o0 psql -X -q -A -t -v VERBOSITY=terse "$@"
}

cd / || exit 1
$as "$bin/initdb" -D "$dir/data" -A trust -U chappe --no-sync >"$dir/why" 2>&1 &&
	$as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
		-o "-k $dir -c listen_addresses='' -c fsync=off -c autovacuum=off" start >>"$dir/why" 2>&1
up=$?
report $up "a server starts"
if [ $up != 0 ]; then
	echo "1..$n"
	exit 1
fi
sql=$builddir/tests/store/scenario_sql
$sql postgresql | psql -v ON_ERROR_STOP=1 -d template1 -f - >"$dir/why" 2>&1
report $? "PostgreSQL takes the schema"
$sql sqlite | sqlite3 -bail "$dir/empty.db" >"$dir/why" 2>&1
report $? "SQLite takes the schema"
