#!/bin/sh
# One walk over the machine, judged by both engines: the same refusals, the same log, the same tables. $WALK is how many
# events it tries; from 50,000 on it has to make every transition and to meet every refusal.
# SPDX-License-Identifier: AGPL-3.0-or-later
. "$srcdir/tests/store/server.sh"
steps=${WALK:-6000}

cat >"$dir/judge" <<'SQL'
SET search_path = chappe;
SET plan_cache_mode = force_generic_plan;
SET synchronous_commit = off;
CREATE TABLE attempt(n BIGINT PRIMARY KEY, sql TEXT, machine TEXT, subject_id BIGINT, version BIGINT, event TEXT,
	actor BIGINT, role TEXT, channel TEXT, idem TEXT, at BIGINT, payload TEXT, said TEXT, says TEXT);
CREATE PROCEDURE judge() LANGUAGE plpgsql AS $$
DECLARE
	a RECORD;
	answer TEXT;
BEGIN
	FOR a IN SELECT * FROM attempt ORDER BY n LOOP
		answer := '';
		BEGIN
			IF a.sql IS NOT NULL THEN
				EXECUTE a.sql;
			ELSE
				INSERT INTO fire(machine, subject_id, version, event, actor, role, channel, idem, at, payload)
				VALUES (a.machine, a.subject_id, a.version, a.event, a.actor, a.role, a.channel, a.idem, a.at,
					a.payload);
			END IF;
		EXCEPTION WHEN OTHERS THEN
			answer := SQLERRM;
		END;
		IF answer <> a.said THEN
			RAISE NOTICE 'attempt %: % % %: SQLite %, PostgreSQL %', a.n, a.machine, a.event, a.payload, a.said,
				answer;
			EXIT;
		END IF;
		IF a.n % 100 = 0 THEN
			COMMIT;
		END IF;
	END LOOP;
END $$;
SQL

cp "$dir/empty.db" "$dir/walk.db"
"$builddir/tests/store/differential" "$dir/walk.db" "$steps" "$dir/attempts" >"$dir/told" 2>"$dir/why"
walked=$?
grep '^#' "$dir/told"
report $walked "a walk of $steps attempts"

{
	cat "$dir/judge"
	printf '\\copy attempt(n, sql, machine, subject_id, version, event, actor, role, channel, idem, at, payload, said) '
	echo "from '$dir/attempts'"
	echo 'CALL judge();'
} | psql -d template1 -v ON_ERROR_STOP=1 -f - >"$dir/why" 2>&1 && ! grep -q . "$dir/why"
report $? "PostgreSQL refuses what SQLite refuses, in the same words"

"$builddir/tests/store/differential" dump >"$dir/dump"
sqlite3 "$dir/walk.db" <"$dir/dump" >"$dir/sqlite" 2>&1
{ echo 'SET search_path = chappe;'; cat "$dir/dump"; } | psql -d template1 -f - >"$dir/postgresql" 2>&1
diff "$dir/sqlite" "$dir/postgresql" >"$dir/why" && [ "$(wc -l <"$dir/sqlite")" -gt "$((steps / 2))" ]
report $? "and comes to the same log and tables: $(wc -l <"$dir/sqlite") rows"
echo "1..$n"
