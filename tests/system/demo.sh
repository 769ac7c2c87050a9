#!/bin/sh
# The week of story.script, played on the demo as a newcomer would, and what has to come out of it.
# SPDX-License-Identifier: AGPL-3.0-or-later
n=0
tab=$(printf '\t')
out=$builddir/tests/system/demo.out

ok() {				# NAME STATUS
	n=$((n + 1))
	if [ "$2" = 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
	fi
}

# said NAME FROM TEXT TO ANSWER: after FROM says TEXT, and before anybody says more, TO reads ANSWER (extended regex).
said() {
	awk -v line="< $2$tab$3" -v to="> $4$tab" -v answer="$5" '
		/^[<@]/ { on = $0 == line }
		on && index($0, to) == 1 && $0 ~ answer { found = 1 }
		END { exit !found }' "$out"
	ok "$1" $?
}

"$srcdir/contrib/demo/run" "$builddir" --script "$srcdir/tests/system/story.script" >"$out" 2>"$out.err"
rc=$?
[ $rc = 0 ] || sed 's/^/# /' "$out.err"
ok "the script is played to its end" $rc

r1=+33639980001 r2=+33639980002
said "an unknown number is welcomed" +33639981234 "bonjour c'est quoi ce numero" +33639981234 "appelez le"
said "messy words become a recap with a total" $r1 "bjr je voudrai 2kg de patate et 1 botte radi svp" $r1 "Total : 3,90"
said "ui places the order" $r1 ui $r1 "Commande C100, total 3,90"
said "a change is asked first" $r1 "AJOUTE 1 kg tomates" $r1 "deviendrait.*Total : 7,10"
said "more or no more is a question" $r1 "plus carottes" $r1 "1\. .*2\. "
said "a quantity that is missing is asked" $r2 "des carottes" $r2 "combien"
said "an ambiguous product is asked by number" $r2 "1 fromage" $r2 "1\. tomme"
said "what nobody offers is said" $r2 "2 kg de bananes" $r2 "nous n'en avons pas"
said "a household is asked who it is" +33639980003 "6 oeufs et un poulet" +33639980003 "Adhérent 104"
said "a helper's change reaches the owner" +33639980004 oui $r2 "a fait ceci pour vous"
said "a helper reads what was changed" +33639980004 oui +33639980004 "C'est changé"
said "bookings are honestly not served yet" $r1 "RESERVE PERCEUSE SAMEDI" $r1 "pas encore par SMS"
said "STOP is answered" +33639980006 STOP +33639980006 "plus de SMS"
said "and so is the way back" +33639980006 reprendre +33639980006 "Bon retour"
said "a hostile text is one polite answer" $r1 "'; DROP TABLE orders; --" $r1 "pas compris"
said "what a producer has goes on sale" +33639980011 "DISPO carottes 60 kg 1,80, persil 25 bottes" +33639980011 "carottes : 60 kg à 1,80 .*persil : 25 bottes"
said "ten times the price is a question" +33639980011 "carottes 18 euros" +33639980011 "avant : 1,80"
said "nothing more of it" +33639980012 "plus de tomme" +33639980012 "tomme : plus rien à vendre"
said "after the cut-off it is too late" $r1 "annule ma commande" $r1 "trop tard"
said "the producer's OK is acknowledged" +33639980011 OK +33639980011 "Accepté : 3 kg pommes de terre"
said "and the resident is told" +33639980011 OK $r1 "C100 est confirmée"
coo=+33639980031
said "who comes late is told until when" $r1 "je serai la a 19h30" $r1 "distribution finit à 19h"
said "and the coordinator hears it" $r1 "je serai la a 19h30" $coo "C100 .*je serai la a 19h30"
said "the coordinator looks an order up" $coo C100 $coo "C100 .*pas encore retirée"
said "more money than is due is a question" $coo "C100 retiré payé 50" $coo "1\\. Retirée, payé"
said "handed over, with a receipt" $coo 1 $r1 "C100 bien retirée, .* payés"
said "a complaint reaches the coordinator" $r1 "les radis sont pourris" $coo "problème avec radis"
said "and the producer" $r1 "les radis sont pourris" +33639980011 "un problème avec radis"
said "something is given back" $coo "C100 avoir 1" $r1 "nous vous rendons 1 €"

awk '/^</ { from = substr($0, 3, 12); n = 0 } /^@/ { from = "" }
	/^>/ && from != "" && index($0, "> " from) == 1 && ++n > 1 { bad = 1 } END { exit bad }' "$out"
ok "nobody gets more than one answer to a text" $?
grep '^>' "$out" | grep -q '[{}]'
[ $? = 1 ]
ok "no placeholder is left in an answer" $?
echo "1..$n"
