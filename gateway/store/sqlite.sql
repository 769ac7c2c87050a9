-- What SQLite needs around the tables; a line --@NAME is replaced by what schema.c makes of the data files.
-- SPDX-License-Identifier: AGPL-3.0-or-later
--@tables
CREATE VIEW clock AS
SELECT CAST(strftime('%s', 'now') AS INTEGER) + (SELECT "offset" FROM clock_offset WHERE id = 1) AS now;

-- What a line holds is gone from its offer, whatever moved it.
CREATE TRIGGER order_line_held AFTER INSERT ON order_line WHEN NEW.held_milli <> 0 BEGIN
	UPDATE offer SET left_milli = left_milli - NEW.held_milli WHERE id = NEW.offer_id;
END;
CREATE TRIGGER order_line_held_moved AFTER UPDATE OF held_milli, offer_id ON order_line
WHEN NEW.held_milli <> OLD.held_milli OR NEW.offer_id <> OLD.offer_id BEGIN
	UPDATE offer SET left_milli = left_milli + OLD.held_milli WHERE id = OLD.offer_id;
	UPDATE offer SET left_milli = left_milli - NEW.held_milli WHERE id = NEW.offer_id;
END;
--@projections
--@live
--@machine
--@deadlines

-- One row while an event is fired: what fire has found out so far. Log and projections may
-- be written only then.
CREATE TABLE firing (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	event_id INTEGER NOT NULL,
	subject_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	state TEXT NOT NULL,
	at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;
--@guards
--@protection
--@messages

-- People: what other programs change of them, one row inserted for each change. What is wrong is E_PERSON and a word.
CREATE VIEW person_edit AS
SELECT CAST(NULL AS TEXT) AS op, p.id AS person_id, p.name, p.member_no, p.language, p.handle, p.confirm_policy,
	r.role, m.helper_id, m.scope, m.valid_from, m.valid_until, n.contact_id, n.number
FROM person p, person_role r, mandate m, contact_number n WHERE FALSE;
CREATE TRIGGER person_edit_insert INSTEAD OF INSERT ON person_edit BEGIN
	SELECT RAISE(ABORT, 'E_PERSON op') WHERE coalesce(NEW.op, '') NOT IN ('add', 'change', 'role_add', 'role_remove',
		'mandate_add', 'mandate_end', 'number_add', 'number_remove', 'number_change');
	SELECT RAISE(ABORT, 'E_PERSON id') WHERE NEW.op <> 'add'
		AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = NEW.person_id AND p.name <> '');
	SELECT RAISE(ABORT, 'E_PERSON id') WHERE NEW.op = 'add' AND NEW.person_id IS NOT NULL
		AND (NEW.person_id <= 0 OR EXISTS (SELECT 1 FROM person p WHERE p.id = NEW.person_id));
	SELECT RAISE(ABORT, 'E_PERSON name') WHERE (NEW.op = 'add' AND NEW.name IS NULL)
		OR typeof(NEW.name) NOT IN ('text', 'null') OR trim(NEW.name) = '' OR NEW.name <> trim(NEW.name)
		OR length(NEW.name) > 80 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || ']*';
	SELECT RAISE(ABORT, 'E_PERSON member_no') WHERE typeof(NEW.member_no) NOT IN ('integer', 'null')
		OR NEW.member_no < 0;
	SELECT RAISE(ABORT, 'E_PERSON member_no_taken') WHERE EXISTS (SELECT 1 FROM person p
		WHERE p.member_no = NEW.member_no AND p.id <> coalesce(NEW.person_id, 0));
	SELECT RAISE(ABORT, 'E_PERSON language') WHERE NEW.language NOT GLOB '[a-z][a-z]';
	SELECT RAISE(ABORT, 'E_PERSON handle') WHERE NEW.handle <> '' AND (NEW.handle GLOB '*[^a-z0-9_]*'
		OR length(NEW.handle) NOT BETWEEN 2 AND 30);
	SELECT RAISE(ABORT, 'E_PERSON handle_taken') WHERE EXISTS (SELECT 1 FROM person p
		WHERE p.handle = NEW.handle AND p.id <> coalesce(NEW.person_id, 0));
	SELECT RAISE(ABORT, 'E_PERSON policy') WHERE NEW.confirm_policy NOT IN ('auto', 'refuse');
	SELECT RAISE(ABORT, 'E_PERSON role') WHERE NEW.op IN ('role_add', 'role_remove')
		AND (coalesce(NEW.role, 'SYS') = 'SYS' OR NOT EXISTS (SELECT 1 FROM fsm_role r WHERE r.role = NEW.role));
	SELECT RAISE(ABORT, 'E_PERSON helper') WHERE NEW.op IN ('mandate_add', 'mandate_end')
		AND (coalesce(NEW.helper_id, NEW.person_id) = NEW.person_id OR NOT EXISTS (SELECT 1 FROM person_role r
			WHERE r.person_id = NEW.helper_id AND (r.role = 'AID' OR NEW.op = 'mandate_end')));
	SELECT RAISE(ABORT, 'E_PERSON mandate') WHERE (NEW.op = 'mandate_add'
		AND (coalesce(NEW.scope, '') NOT IN ('order', 'booking', 'order,booking')
			OR coalesce(NEW.valid_from < NEW.valid_until, 0) = 0))
		OR (NEW.op = 'mandate_end' AND NOT EXISTS (SELECT 1 FROM mandate m WHERE m.owner_id = NEW.person_id
			AND m.helper_id = NEW.helper_id));
	SELECT RAISE(ABORT, 'E_PERSON number') WHERE NEW.op IN ('number_add', 'number_remove', 'number_change')
		AND coalesce(NEW.number GLOB '+[1-9]*' AND substr(NEW.number, 2) NOT GLOB '*[^0-9]*'
			AND length(NEW.number) BETWEEN 8 AND 16, 0) = 0;
	SELECT RAISE(ABORT, 'E_PERSON number_taken') WHERE NEW.op = 'number_change' AND EXISTS (SELECT 1
		FROM contact_number n JOIN contact c ON c.id = n.contact_id
		WHERE n.number = NEW.number AND n.contact_id <> NEW.contact_id AND c.state <> 'unknown');
	SELECT RAISE(ABORT, 'E_PERSON contact') WHERE (NEW.op = 'number_add'
		AND NOT EXISTS (SELECT 1 FROM contact_number n WHERE n.number = NEW.number)
		AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = NEW.contact_id AND c.state <> 'erased'
			AND NOT EXISTS (SELECT 1 FROM contact_number n WHERE n.contact_id = c.id)))
		OR (NEW.op = 'number_remove' AND NOT EXISTS (SELECT 1 FROM contact_number n
			JOIN contact_person cp ON cp.contact_id = n.contact_id
			WHERE n.number = NEW.number AND cp.person_id = NEW.person_id))
		OR (NEW.op = 'number_change' AND NOT EXISTS (SELECT 1 FROM contact_person cp
			WHERE cp.contact_id = NEW.contact_id AND cp.person_id = NEW.person_id));

	INSERT INTO person(id, member_no, name, language, handle, confirm_policy)
	SELECT coalesce(NEW.person_id, (SELECT coalesce(max(p.id), 0) + 1 FROM person p)), nullif(NEW.member_no, 0),
		NEW.name, coalesce(NEW.language, 'fr'), nullif(NEW.handle, ''), coalesce(NEW.confirm_policy, 'auto')
	WHERE NEW.op = 'add';
	UPDATE person SET name = coalesce(NEW.name, name), language = coalesce(NEW.language, language),
		member_no = CASE WHEN NEW.member_no IS NULL THEN member_no ELSE nullif(NEW.member_no, 0) END,
		handle = CASE WHEN NEW.handle IS NULL THEN handle ELSE nullif(NEW.handle, '') END,
		confirm_policy = coalesce(NEW.confirm_policy, confirm_policy)
	WHERE id = NEW.person_id AND NEW.op = 'change';
	INSERT INTO person_role(person_id, role) SELECT NEW.person_id, NEW.role WHERE NEW.op = 'role_add'
		AND NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = NEW.person_id AND r.role = NEW.role);
	DELETE FROM person_role WHERE person_id = NEW.person_id AND role = NEW.role AND NEW.op = 'role_remove';
	DELETE FROM mandate WHERE owner_id = NEW.person_id AND helper_id = NEW.helper_id
		AND NEW.op IN ('mandate_add', 'mandate_end');
	INSERT INTO mandate(id, owner_id, helper_id, scope, valid_from, valid_until)
	SELECT (SELECT coalesce(max(m.id), 0) + 1 FROM mandate m), NEW.person_id, NEW.helper_id, NEW.scope,
		NEW.valid_from, NEW.valid_until WHERE NEW.op = 'mandate_add';
	DELETE FROM contact_number WHERE number = NEW.number AND contact_id <> NEW.contact_id
		AND NEW.op = 'number_change';
	UPDATE contact_number SET number = NEW.number WHERE contact_id = NEW.contact_id AND NEW.op = 'number_change';
	INSERT INTO contact_number(contact_id, number) SELECT NEW.contact_id, NEW.number WHERE NEW.op = 'number_add'
		AND NOT EXISTS (SELECT 1 FROM contact_number n WHERE n.number = NEW.number);
	INSERT INTO contact_person(contact_id, person_id) SELECT n.contact_id, NEW.person_id FROM contact_number n
	WHERE n.number = NEW.number AND NEW.op = 'number_add' AND NOT EXISTS (SELECT 1 FROM contact_person cp
		WHERE cp.contact_id = n.contact_id AND cp.person_id = NEW.person_id);
	DELETE FROM contact_person WHERE person_id = NEW.person_id AND NEW.op = 'number_remove'
		AND contact_id = (SELECT n.contact_id FROM contact_number n WHERE n.number = NEW.number);
END;

CREATE VIEW fire AS
SELECT machine, subject_id, seq AS version, event, actor, role, channel, idem, at, payload FROM event_log WHERE FALSE;

-- `at` may be a text of digits: that is what strftime('%s', 'now') gives. Who stamps by the computer's own
-- clock while the platform has a test clock means now.
CREATE TRIGGER fire_insert INSTEAD OF INSERT ON fire BEGIN
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE typeof(NEW.machine) <> 'text' OR typeof(NEW.event) <> 'text'
		OR typeof(NEW.role) <> 'text' OR typeof(NEW.channel) <> 'text'
		OR typeof(NEW.subject_id) NOT IN ('integer', 'null') OR typeof(NEW.version) NOT IN ('integer', 'null')
		OR typeof(NEW.actor) NOT IN ('integer', 'null') OR typeof(NEW.idem) NOT IN ('text', 'null')
		OR typeof(NEW.at) NOT IN ('integer', 'text', 'null') OR NEW.at GLOB '*[^0-9]*' OR length(NEW.at) > 18
		OR typeof(NEW.payload) NOT IN ('text', 'null') OR length(NEW.channel) > 20
		OR CAST(NEW.at AS INTEGER) <= 0 OR (CAST(NEW.at AS INTEGER) > (SELECT now FROM clock) + {=ahead}
			AND NOT EXISTS (SELECT 1 FROM clock_offset o WHERE o."offset" <> 0
				AND abs(CAST(NEW.at AS INTEGER) - CAST(strftime('%s', 'now') AS INTEGER)) <= {=ahead}));
	-- A flat object, read token by token: json_valid() is not to be had where the schema is not trusted.
	-- Escaped quotes and backslashes are put out of the way first. 1 key, 2 colon, 3 value, 4 comma, 5 end.
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE NEW.payload <> '{}' AND NOT EXISTS (
		WITH RECURSIVE token(stage, rest) AS (
			SELECT CASE WHEN whole GLOB '{*}' AND inner = '' THEN 5 WHEN whole GLOB '{*}' THEN 1 ELSE 0 END, inner
			FROM (SELECT whole, trim(substr(whole, 2, length(whole) - 2), ' ') AS inner
				FROM (SELECT replace(replace(trim(NEW.payload, ' '), '\\', '\u005c'), '\"', '\u0022') AS whole))
			UNION ALL
			SELECT CASE
				WHEN stage = 1 AND rest GLOB '"*"*' THEN 2
				WHEN stage = 2 AND rest GLOB ':*' THEN 3
				WHEN stage = 3 AND rest GLOB '"*"*' THEN 4
				WHEN stage = 3 AND (rest GLOB '0*' OR rest GLOB '-0*') AND rest NOT GLOB '0[0-9]*'
					AND rest NOT GLOB '-0[0-9]*' THEN 4
				WHEN stage = 3 AND (rest GLOB '[1-9]*' OR rest GLOB '-[1-9]*')
					AND length(rest) - length(ltrim(ltrim(rest, '-'), '0123456789')) - (rest GLOB '-*') <= 18 THEN 4
				WHEN stage = 4 AND rest = '' THEN 5
				WHEN stage = 4 AND rest GLOB ',*' THEN 1
				ELSE 0 END,
			ltrim(CASE
				WHEN stage IN (2, 4) THEN substr(rest, 2)
				WHEN rest GLOB '"*' THEN substr(rest, instr(substr(rest, 2), '"') + 2)
				WHEN rest GLOB '-*' THEN ltrim(substr(rest, 2), '0123456789')
				ELSE ltrim(rest, '0123456789') END, ' ')
			FROM token WHERE stage BETWEEN 1 AND 4
		) SELECT 1 FROM token WHERE stage = 5);
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE NEW.payload <> '{}' AND (length(NEW.payload) > 2000
		OR NEW.payload GLOB '*[' || char(1) || '-' || char(31) || ']*' OR instr(NEW.payload, '\u0000')
		OR EXISTS (SELECT 1 FROM (SELECT replace(NEW.payload, '\\', '') AS p) WHERE instr(p, '\') AND (
			p GLOB '*\[^"/bfnrtu]*' OR p GLOB '*\u[^0-9a-fA-F]*' OR p GLOB '*\u?[^0-9a-fA-F]*'
			OR p GLOB '*\u??[^0-9a-fA-F]*' OR p GLOB '*\u???[^0-9a-fA-F]*')));
	SELECT RAISE(ABORT, 'E_PAYLOAD') WHERE NEW.payload <> '{}'
		AND (SELECT count(*) <> count(DISTINCT key) FROM json_each(NEW.payload));

	SELECT RAISE(ABORT, 'E_IDEM') WHERE coalesce(NEW.idem, '') = '' OR length(NEW.idem) > 200
		OR EXISTS (SELECT 1 FROM event_log e WHERE e.idem = NEW.idem AND NOT (e.machine = NEW.machine
			AND e.event = NEW.event AND e.actor IS NEW.actor AND e.role = NEW.role
			AND e.channel = NEW.channel AND e.payload = coalesce(NEW.payload, '{}')
			AND (e.subject_id = NEW.subject_id OR (NEW.subject_id IS NULL AND e.seq = 1))
			AND (NEW.version IS NULL OR NEW.version = e.seq - 1)));
	SELECT RAISE(IGNORE) WHERE EXISTS (SELECT 1 FROM event_log e WHERE e.idem = NEW.idem);

	SELECT RAISE(ABORT, 'E_SUBJECT') WHERE NOT EXISTS (SELECT 1 FROM fsm_machine m WHERE m.machine = NEW.machine)
		OR (NEW.subject_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM subject s WHERE s.id = NEW.subject_id
			AND s.machine = NEW.machine));
	DELETE FROM firing;
	INSERT INTO firing(id, event_id, subject_id, version, state, at, updated_at)
	SELECT 1, n.id, coalesce(s.id, n.id), coalesce(s.version, 0), coalesce(s.state, '_'),
		coalesce((SELECT CAST(NEW.at AS INTEGER) WHERE NOT EXISTS (SELECT 1 FROM clock_offset o WHERE o."offset" <> 0
			AND abs(CAST(NEW.at AS INTEGER) - CAST(strftime('%s', 'now') AS INTEGER)) <= {=ahead})),
			max(n.now, coalesce(s.updated_at, 0))), coalesce(s.updated_at, 0)
	FROM (SELECT (SELECT coalesce(max(e.id), 0) + 1 FROM event_log e) AS id, (SELECT now FROM clock) AS now) n
	LEFT JOIN subject s ON s.id = NEW.subject_id;

--@actor
	SELECT RAISE(ABORT, 'E_STALE') FROM firing f WHERE NEW.version <> f.version
		OR (NEW.version IS NULL AND NEW.role <> 'SYS' AND NEW.subject_id IS NOT NULL);
	SELECT RAISE(ABORT, 'E_TRANSITION') FROM firing f WHERE NOT EXISTS (SELECT 1 FROM fsm_transition t
		JOIN fsm_machine m ON m.machine = t.machine WHERE t.machine = NEW.machine AND t.from_state = f.state
		AND t.event = NEW.event AND m.live = 1);
	SELECT RAISE(ABORT, 'E_ROLE') FROM firing f WHERE NOT EXISTS (SELECT 1 FROM fsm_role r
		WHERE r.machine = NEW.machine AND r.from_state = f.state AND r.event = NEW.event AND r.role = NEW.role);
	SELECT RAISE(ABORT, 'E_PAYLOAD') FROM firing f WHERE f.at < f.updated_at
		OR EXISTS (SELECT 1 FROM fsm_field d WHERE d.machine = NEW.machine AND d.event = NEW.event AND d.required = 1
			AND NOT EXISTS (SELECT 1 FROM json_each(NEW.payload) p WHERE p.key = d.field))
		OR EXISTS (SELECT 1 FROM json_each(NEW.payload) p LEFT JOIN fsm_field d ON d.machine = NEW.machine
			AND d.event = NEW.event AND d.field = p.key
			WHERE d.field IS NULL OR d.type <> CASE p.type WHEN 'integer' THEN 'int' ELSE p.type END
			OR (d.type = 'int' AND p.value < d.lowest));

	INSERT INTO event_log(id, machine, subject_id, seq, event, from_state, to_state, actor, role, channel, idem, at,
		payload)
	SELECT f.event_id, NEW.machine, f.subject_id, f.version + 1, NEW.event, f.state, t.to_state, NEW.actor, NEW.role,
		NEW.channel, NEW.idem, f.at, coalesce(NEW.payload, '{}')
	FROM firing f JOIN fsm_transition t ON t.machine = NEW.machine AND t.from_state = f.state AND t.event = NEW.event;
	SELECT RAISE(ABORT, 'the event was lost: its triggers are off') FROM firing f WHERE NOT EXISTS (
		SELECT 1 FROM subject s WHERE s.id = f.subject_id AND s.version = f.version + 1);
--@cascades
	DELETE FROM firing;
END;
