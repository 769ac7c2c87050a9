#!/bin/sh
# chappectl: what it prints, what it says about mistakes, how it exits.
# SPDX-License-Identifier: AGPL-3.0-or-later
ctl=$builddir/chappectl
dir=$(mktemp -d "${TMPDIR:-/tmp}/chappe-test.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
n=0
tell() {			# NAME PASSED: one line, with what was printed if it failed
	n=$((n + 1))
	if [ "$2" = yes ]; then
		echo "ok $n - $1"
	else
		sed 's/^/# /' out
		echo "not ok $n - $1"
	fi
}
# says NAME STATUS PATTERN ARGUMENTS...: exit status and a line of the output are as they should be
says() {
	name=$1 status=$2 pattern=$3
	shift 3
	"$ctl" "$@" >out 2>&1 </dev/null
	rc=$?
	passed=no
	[ $rc = "$status" ] && grep -qE -e "$pattern" out && passed=yes
	[ $rc = "$status" ] || echo "exit status $rc" >>out
	tell "$name" $passed
}
reads() {			# NAME TEXT READING [ARGUMENTS...]
	name=$1 text=$2 want=$3
	shift 3
	printf '%s\n' "$text" | "$ctl" parse "$@" >out 2>&1
	passed=no
	[ "$(cat out)" = "$(printf '%b' "$want")" ] && passed=yes
	tell "$name" $passed
}

says "help lists the commands" 0 '^  machine +print the state machines' --help
says "nothing asked for is a mistake" 2 '^usage: chappectl'
says "a command has help of its own" 0 'usage: chappectl -c FILE clock \[\+DURATION\]' clock --help
says "its options are in it" 0 '^  --actor PERSON' fire --help
says "the version is known" 0 '^chappectl [0-9]' --version
says "an unknown command, and the nearest" 2 'no command "stauts"; the nearest is "status"' stauts
says "an unknown option" 2 'parse has no option --langue' parse --langue=fr
says "an option before the command" 2 'no option --lang before the command' --lang fr parse
says "an option without its value" 2 'needs a value: ROLE' parse --role
says "no configuration" 2 'of which gateway\? -c FILE' status
says "no such configuration" 1 'none.cfg: the configuration cannot be read: No such file' -c none.cfg status

printf 'log stderr\n logging level all notice\ngateway\n database sqlite c.db\n control control\n' >c.cfg
mkdir backups
printf 'gateway\n database sqlite other.db\n control control\n' >other.cfg
printf 'gateway\n databse sqlite c.db\n control control\n' >wrong.cfg
says "a wrong configuration" 1 'right is:  database sqlite PATH' -c wrong.cfg status
says "no daemon: which socket, and how to start it" 3 \
	"no gateway answers at $dir/control: it is not running; start it with:  chapped -c c.cfg" -c c.cfg status
says "as JSON too" 3 '^\{"error":"no gateway answers' -c c.cfg status --json
says "a duration without its sign" 2 '"58h" is no duration' -c c.cfg clock 58h
says "a duration without its unit" 2 '"\+58" is no duration' -c c.cfg clock +58
says "a duration of several parts goes through" 3 'no gateway answers' -c c.cfg clock +1d12h
says "send wants two words" 2 'to whom, and what' -c c.cfg send +33639980001
says "fire wants a field with a value" 2 '"reason" is not FIELD=VALUE' -c c.cfg fire cycle 1 cancel reason
says "an order has its number" 2 'which order\?' -c c.cfg order
says "an action that is none" 2 '"sell" is nothing that an order does' -c c.cfg order C100 sell
says "a reason must be given" 2 'waive: which reason\?' -c c.cfg order C100 waive
says "a word too many" 2 'a word too many: now' -c c.cfg order C100 no-show now
says "an order alone is shown" 3 'no gateway answers' -c c.cfg order C100
says "an order is asked for" 3 'no gateway answers' -c c.cfg order C100 rebook sat 10:00 12:00
says "fire wants an id" 2 '"one" is no id' -c c.cfg fire cycle one cancel
says "an answer wants a text" 2 'which text, and what\? answer ID' -c c.cfg inbox answer 3
says "member wants an id" 2 'member show ID' -c c.cfg member show x
says "member says what it wants" 2 'member role ID add\|remove ROLE' -c c.cfg member role 1 add
says "a word that member does not have" 2 'member has no "eat"' -c c.cfg member eat
says "neither add nor remove" 2 'add, or remove\? not "give"' -c c.cfg member role 1 give RES
says "a member number is a number" 2 '--member-no takes a number, not "x"' -c c.cfg member add A --member-no x
says "a mandate is for a time" 2 '--for takes a duration as \+365d' -c c.cfg member mandate 1 add 7 --for 90
says "member asks the gateway" 3 'no gateway answers' -c c.cfg member number 1 change 0639980001 0639980002
says "an id that is none" 2 'which one\? show ID' -c c.cfg inbox show x

says "a database is made" 0 "^$dir/c.db: made, with the demo platform" -c c.cfg db init --demo
says "not twice" 1 'there is a file already' -c c.cfg db init
says "it is whole" 0 'whole: the log and what was made of it agree' -c c.cfg db check
says "nothing to migrate" 0 'c.db: its schema is of version [0-9]* already' -c c.cfg db migrate
says "as JSON" 0 '"differences":0,' -c c.cfg db check --json
says "it is copied, and the copy is proven" 0 'copy.db: a copy of the database, [0-9]* KiB; opened' -c c.cfg db backup copy.db
says "into a folder" 0 'backups/chappe-[0-9]*T[0-9]*Z.db: a copy' -c c.cfg db backup backups
touch -d '2001-01-01' backups/chappe-20010101T000000Z.db backups/chappe-20010102T000000Z.db backups/mine.db
rm backups/chappe-20[2-9]*
says "older ones go" 0 '1 older one is removed' -c c.cfg db backup --keep 2 backups
passed=no
[ -f backups/mine.db ] && [ ! -f backups/chappe-20010101T000000Z.db ] && passed=yes
tell "the oldest, and nobody else's" $passed
says "keep is for a folder" 2 'copy2.db is none' -c c.cfg db backup --keep 2 copy2.db
says "keep wants a number" 2 'how many' -c c.cfg db backup --keep none backups
says "not over a database" 1 'stop the daemon and move it away:  mv' -c c.cfg db restore copy.db
says "from what is no database" 1 'c.cfg' -c other.cfg db restore c.cfg
says "restored" 0 'other.db: the database as it was then' -c other.cfg db restore copy.db
says "the restored one is whole" 0 'whole' -c other.cfg db check
says "not over a file" 1 'copy.db' -c c.cfg db backup copy.db
says "db without a configuration" 2 'which database\? -c FILE' db init
says "db with a word that is none" 2 'db has no "drop"' -c c.cfg db drop
says "the schema of SQLite" 0 'STRICT;' db schema
says "the schema of PostgreSQL" 0 'LANGUAGE plpgsql' db schema postgresql
says "no other engine" 2 'there is no engine "oracle"' db schema oracle

reads "a text is read" 'bjr je voudrai 2kg de patate et 1 botte radi svp' \
	'ORDER\titems=2kg:pomme_de_terre;1botte:radis'
reads "as JSON" 'STOP' '{"text":"STOP","intent":"STOP","arguments":"scope=all"}' --json
printf "2 kg patates\n" | "$ctl" -c c.cfg parse >out 2>&1
passed=no
[ "$(cat out)" = "$(printf "ORDER\titems=2kg:pomme_de_terre")" ] && passed=yes
tell "a text is read against the names of a database" $passed
reads "the role counts" 'OK C482' 'LINE_CONFIRM\tref=C482' --role PRO
reads "a line break is part of the text" '2 kg carottes\n1 salade' 'ORDER\titems=2kg:carotte;1pc:salade'
says "a role that is none" 2 'there is no role "KING"' parse --role KING
says "a language that is none" 1 'language xx' parse --lang xx

says "a machine is printed" 0 '^order +draft +confirm +placed +RES,AID,COO +cycle_open,' machine order
says "as JSON" 0 '"event":"confirm","to":"placed"' machine order --json
says "a machine that is none, and the nearest" 1 'no machine "ordr"; the nearest is order' machine ordr
says "a machine is drawn" 0 '"order.draft" -> "order.placed" \[label="confirm.nRES' machine order --dot
"$ctl" machine --dot >all.dot
echo "$(grep -c 'subgraph "cluster_' all.dot) clusters" >out
passed=no
[ "$(cat out)" = "13 clusters" ] && passed=yes
tell "all thirteen are drawn" $passed
if command -v dot >/dev/null; then
	passed=no
	dot -Tsvg all.dot >all.svg 2>out && grep -q '</svg>' all.svg && passed=yes
	tell "dot understands it" $passed
else
	n=$((n + 1))
	echo "ok $n - dot understands it # SKIP dot is not installed"
fi
echo "1..$n"
