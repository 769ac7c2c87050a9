#!/bin/sh
# The schema for PostgreSQL, in a server of its own: the scenarios give the same states, refusals and notices there
# and on SQLite; and a login that may only fire can do nothing else.
# SPDX-License-Identifier: AGPL-3.0-or-later
. "$srcdir/tests/store/server.sh"

# Without what a sequence or the wall clock gave.
cat >"$dir/dump" <<'SQL'
SELECT 'log', e.* FROM event_log e ORDER BY id;
SELECT 'subject', s.* FROM subject s ORDER BY id;
SELECT 'cycle', c.* FROM cycle c ORDER BY id;
SELECT 'offer', f.* FROM offer f ORDER BY id;
SELECT 'orders', o.* FROM orders o ORDER BY id;
SELECT 'order_line', l.* FROM order_line l ORDER BY id;
SELECT 'payment', p.* FROM payment p ORDER BY id;
SELECT 'contact', c.* FROM contact c ORDER BY id;
SELECT 'notice', event_id, name, machine, role, person_id, state, payload,
	CASE WHEN event_id > 0 THEN subject_id END, CASE WHEN event_id > 0 THEN at END
FROM notice ORDER BY event_id, name, person_id, subject_id;
SELECT 'message', state, version, number, attempts FROM message;
SELECT 'deadline', d.* FROM deadline d ORDER BY machine, subject_id, event;
SQL
refusals() {			# what both say around the message is taken off
	sed -E 's/^(Runtime error near line [0-9]+: |psql:<stdin>:[0-9]+: ERROR:  )//; s/ \(19\)$//'
}
i=0
same=0
lines=0
while [ $i -lt "$($sql)" ]; do
	i=$((i + 1))
	$sql $i >"$dir/script"
	[ -s "$dir/script" ] || continue
	cat "$dir/dump" >>"$dir/script"
	cp "$dir/empty.db" "$dir/scenario.db"
	stdbuf -o0 sqlite3 "$dir/scenario.db" <"$dir/script" 2>&1 | refusals >"$dir/sqlite"
	{
		echo 'SET search_path = chappe; BEGIN;'
		cat "$dir/script"
		echo 'ROLLBACK;'
	} | psql -d template1 -v ON_ERROR_ROLLBACK=on -f - 2>&1 | refusals >"$dir/postgresql"
	diff "$dir/sqlite" "$dir/postgresql" >>"$dir/why" || same=1
	lines=$((lines + $(grep -c '|' "$dir/sqlite")))
done
[ "$lines" -gt 1000 ] || same=1
report $same "the scenarios are the same on both: $lines rows"

# A login of a web platform: it may look, and fire as a resident by its own channel.
psql -d template1 -c "CREATE DATABASE web" -c "CREATE ROLE web LOGIN"
psql -d web -c "GRANT USAGE ON SCHEMA chappe TO web; GRANT SELECT ON chappe.orders, chappe.subject TO web;
	GRANT INSERT ON chappe.fire TO web; INSERT INTO chappe.writer VALUES ('web', 'RES', 'web')"
says() {			# NAME SQL WHAT
	login=web psql -d web -c "SET search_path = chappe" -c "$2" >"$dir/why" 2>&1
	grep -q "$3" "$dir/why"
	report $? "$1"
}
values="INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem) VALUES"
says "no login writes a projection" "UPDATE orders SET state = 'x'" "permission denied"
says "no login writes the log" "DELETE FROM event_log" "permission denied"
says "no login reads what it was not granted" "SELECT * FROM person" "permission denied"
says "no login calls what is under fire" \
	"SELECT event_append('order', 1, 'void', NULL, 'SYS', 'x', 'x', 1, '{}')" "permission denied"
says "a login claims its own role" "$values ('contact', NULL, 0, 'stop', 1, 'RES', 'web', 'w1')" "E_TRANSITION"
says "and no other" "$values ('contact', NULL, 0, 'discover', NULL, 'SYS', 'web', 'w2')" "E_ACTOR"
says "nor another channel" "$values ('contact', NULL, 0, 'stop', 1, 'RES', 'sms', 'w3')" "E_ACTOR"
psql -d web -c "UPDATE chappe.orders SET state = 'x'" -c "UPDATE chappe.event_log SET idem = 'x'" \
	-c "INSERT INTO chappe.subject VALUES (1, 'order', 'draft', 1, 1)" >"$dir/why" 2>&1
grep -q "subject: it is written by INSERT INTO fire alone" "$dir/why"
report $? "not even the owner writes a projection"
echo "1..$n"
