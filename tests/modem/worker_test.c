/* chapped-modem against the simulated modem: messages in and out.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "messages/parts.h"

#include "tests/modem/hired.h"
#include "tests/support/process.h"
#include "tests/support/sim.h"

#define ALICE "+33639980001"
#define SOON  5000

/* One modem and one worker for all tests of this program: each leaves the SIM empty. */
static void *ctx;
static char *dir;
static struct simulator *sim;
static struct hired *h;

static int setup_all(void **state)
{
	(void)state;
	ctx = talloc_named_const(NULL, 0, "worker_test");
	dir = process_temp_dir(ctx);
	sim = sim_start(ctx, dir, "--balance", "Solde: 5 EUR", NULL);
	sim_inject(sim, ALICE, "avant le départ");
	h = hired_start(ctx, sim->link, NULL);
	return 0;
}

static int teardown_all(void **state)
{
	(void)state;
	hired_end(h);
	sim_stop(sim);
	process_remove_dir(dir);
	talloc_free(ctx);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sim_ask(sim, "fault\tclear");
	return 0;
}

static void test_connect(void **state)
{
	struct frame f = hired_hear_state(h, MODEM_HOME);

	(void)state;
	assert_string_equal(f.state.network, "Chappe");
	assert_string_equal(f.state.imsi, "001010000000001");
	assert_string_equal(f.state.model, "Simulator");
	assert_in_range(f.state.signal, 1, 100);
	assert_int_equal(f.state.slots, 20);
}

/* What came while nobody was there. */
static void test_stored_before(void **state)
{
	struct frame f = hired_receive(h);

	(void)state;
	assert_string_equal(f.in.text, "avant le départ");
	hired_delete(h, f.ref);
	assert_int_equal(sim_pending(sim), 0);
}

static void test_receive(void **state)
{
	struct frame f;

	(void)state;
	sim_inject(sim, ALICE, "2 kg de patates à 3€ svp [~]");
	f = hired_receive(h);
	assert_string_equal(f.in.sender, ALICE);
	assert_int_equal(f.in.ton, SMS_TON_INTERNATIONAL);
	assert_int_equal(f.in.npi, 1);
	assert_string_equal(f.in.text, "2 kg de patates à 3€ svp [~]");
	assert_int_equal(f.in.concat.total, 0);
	assert_false(f.in.binary);
	assert_int_equal(f.in.dcs, 0);
	assert_true(llabs((long long)f.in.smsc_at - (long long)time(NULL)) < 5);
	/* freed only when told */
	assert_int_equal(hired_hear(h, FRAME_OP_SMS_DELETED, 100).op, 0);
	assert_int_equal(sim_pending(sim), 1);
	hired_delete(h, f.ref);
	assert_int_equal(sim_pending(sim), 0);
	hired_delete(h, f.ref); /* once more is no harm */
}

static void test_receive_ucs2(void **state)
{
	struct frame f;

	(void)state;
	sim_inject(sim, ALICE, "ça va 🥕 ?");
	f = hired_receive(h);
	assert_string_equal(f.in.text, "ça va 🥕 ?");
	assert_int_equal(f.in.dcs, 8);
	hired_delete(h, f.ref);
}

static void test_receive_parts(void **state)
{
	char text[400], joined[500] = "";

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	sim_inject(sim, ALICE, text);
	for (unsigned int i = 1; i <= 3; i++) {
		struct frame f = hired_receive(h);

		assert_int_equal(f.in.concat.total, 3);
		assert_int_equal(f.in.concat.part, i);
		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s", f.in.text);
		hired_delete(h, f.ref);
	}
	assert_string_equal(joined, text);
}

/* A name that looks like a number is none: anybody can put it there. */
static void test_alphanumeric(void **state)
{
	struct frame f;

	(void)state;
	sim_ask(sim, "inject-pdu\t0414D0B3996D96CBE16030580C00006201418150908002C834");
	f = hired_receive(h);
	assert_string_equal(f.in.sender, "33639980001");
	assert_int_equal(f.in.ton, SMS_TON_ALPHANUMERIC);
	hired_delete(h, f.ref);
}

/* Not a message for people. */
static void test_binary(void **state)
{
	struct frame f;

	(void)state;
	sim_ask(sim, "inject-pdu\t040B913336990800F10004620141815090800401020304");
	f = hired_receive(h);
	assert_true(f.in.binary);
	assert_string_equal(f.in.text, "");
	assert_string_equal(f.in.sender, "+33639980001");
	hired_delete(h, f.ref);
}

/* The bug that its authors know of: a header of 255 octets writes past an array of 140. */
static const char *const hostile[] = {
	"440B913336990800F1000462014181509080"
	"8CFF00000000",
	"440B913336990800F10004620141815090800AFF0102030405060708090A",
	"440B913336990800F10000620141815090800AFF0102030405060708090A",
	"440B913336990800F1000862014181509080FFFF",
	"04FF91000000",
	"040B913336990800F1",
	"04",
	"00",
	"0406D0616263000862014181509080FF",
	"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
};

/* Some are well-formed status reports by accident. */
static struct frame hear_anything(void)
{
	int64_t until = process_now_ms() + SOON;
	struct frame f = { 0 };

	while (!f.op && process_now_ms() < until) {
		f = hired_hear(h, FRAME_OP_SMS_RECEIVED, 2);
		if (!f.op)
			f = hired_hear(h, FRAME_OP_SMS_REPORT, 0);
	}
	return f;
}

static void take_hostile(const char *hex)
{
	char *answer = sim_ask(sim, "inject-pdu\t%s", hex);
	bool injected = !strncmp(answer, "ok", 2); /* some are longer than the air can carry */
	struct frame f;

	talloc_free(answer);
	if (!injected)
		return;
	f = hear_anything();
	if (!f.op)
		fail_msg("%s: nothing came of it", hex);
	hired_delete(h, f.ref);
}

static void test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++)
		take_hostile(hostile[i]);
	/* and the worker serves on */
	sim_inject(sim, ALICE, "OUI");
	struct frame f = hired_receive(h);

	assert_string_equal(f.in.text, "OUI");
	hired_delete(h, f.ref);
}

/* A folder of PDUs that others have broken on: each line begins with one. */
static void test_corpus(void **state)
{
	const char *corpus = getenv("CHAPPE_CORPUS");
	char path[1024], line[4096];
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/malformed-pdus.tsv", corpus ? corpus : "");
	file = corpus ? fopen(path, "r") : NULL;
	if (!file)
		return; /* cmocka's SKIP is a failure to the harness */
	while (fgets(line, sizeof(line), file)) {
		size_t n = strspn(line, "0123456789ABCDEF");

		line[n] = '\0';
		if (n)
			take_hostile(line);
	}
	fclose(file);
}

static struct sms_out part(const char *text)
{
	struct sms_out out = { .to = ALICE, .report = true };

	OSMO_STRLCPY_ARRAY(out.text, text);
	return out;
}

static void test_send(void **state)
{
	struct sms_out out = part("Votre commande C482: 3,20 €");
	struct frame_sent sent = hired_send(h, &out);
	struct frame f;

	(void)state;
	assert_int_equal(sent.result, FRAME_SEND_SENT);
	assert_in_range(sent.mr, 0, 255);
	assert_non_null(sim_wait_message(sim, ALICE, "Votre commande C482: 3,20 €", SOON));
	f = hired_hear(h, FRAME_OP_SMS_REPORT, SOON);
	assert_int_equal(f.ref, 0);
	assert_int_equal(f.report.mr, sent.mr);
	assert_int_equal(f.report.status, 0);
	assert_string_equal(f.report.recipient, ALICE);
	assert_true(f.report.sent_at > 0 && f.report.discharged_at >= f.report.sent_at);
}

/* A notice that libgammu does not know: something is stored, in this place. */
static void test_other_notice(void **state)
{
	struct frame f;

	(void)state;
	sim_fault(sim, "cmti-lost", NULL);
	sim_inject(sim, ALICE, "annoncé autrement");
	assert_int_equal(hired_hear(h, FRAME_OP_SMS_RECEIVED, 100).op, 0);
	sim_ask(sim, "urc\t+CDSI: \"SM\",1");
	f = hired_receive(h);
	assert_string_equal(f.in.text, "annoncé autrement");
	hired_delete(h, f.ref);
}

static void test_send_without_report(void **state)
{
	struct sms_out out = part("sans accusé");

	(void)state;
	out.report = false;
	assert_int_equal(hired_send(h, &out).result, FRAME_SEND_SENT);
	assert_int_equal(hired_hear(h, FRAME_OP_SMS_REPORT, 200).op, 0);
}

/* Every sign of the alphabet goes through the library's table and comes back. */
static void test_send_whole_alphabet(void **state)
{
	static const char *const halves[] = {
		"@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?",
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà{}[]\\~^|€",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(halves); i++) {
		struct sms_out out = part(halves[i]);

		out.report = false;
		assert_int_equal(hired_send(h, &out).result, FRAME_SEND_SENT);
		if (!sim_wait_message(sim, ALICE, halves[i], SOON))
			fail_msg("half %zu of the alphabet came otherwise", i);
	}
}

static void send_all(const char *text, bool ucs2)
{
	struct sms_out parts[SMS_PARTS_MAX];
	int n = parts_split(parts, ARRAY_SIZE(parts), text, 77);

	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		assert_int_equal(parts[i].ucs2, ucs2);
		OSMO_STRLCPY_ARRAY(parts[i].to, ALICE);
		parts[i].report = false;
		assert_int_equal(hired_send(h, &parts[i]).result, FRAME_SEND_SENT);
	}
	assert_non_null(sim_wait_message(sim, ALICE, text, SOON));
}

static void test_send_parts(void **state)
{
	char text[450];

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = "patates carottes "[i % 17];
	text[sizeof(text) - 1] = '\0';
	memcpy(text + 300, "[{}]", 4);
	send_all(text, false);
}

static void test_send_ucs2(void **state)
{
	(void)state;
	send_all("Ça, c'est pour le marché: 🥕🥔, à ce soir", true);
	send_all(
		"Ça, c'est pour le marché: 🥕🥔, à ce soir, et n'oubliez pas vos sacs, vos cabas et votre "
		"bonne humeur habituelle 🥬, merci à vous",
		true);
}

/* What does not fit is not cut: it never leaves. */
static void test_send_too_long(void **state)
{
	struct sms_out out = part("");

	(void)state;
	memset(out.text, 'x', 161);
	out.text[161] = '\0';
	assert_int_equal(hired_send(h, &out).result, FRAME_SEND_REFUSED);
	out.text[160] = '\0';
	out.concat = (struct sms_concat){ 1, 2, 1 };
	assert_int_equal(hired_send(h, &out).result, FRAME_SEND_REFUSED);
	out = part("ç");
	assert_int_equal(hired_send(h, &out).result, FRAME_SEND_REFUSED);
}

struct error_case {
	const char *fault;
	const char *value;
	enum frame_send result;
	int cause;
	bool delivered;
};

static const struct error_case errors[] = {
	{ "cms-error", "38", FRAME_SEND_FAILED, 38, false },
	{ "cms-error", "331", FRAME_SEND_FAILED, 331, false },
	{ "cms-error", "1", FRAME_SEND_REFUSED, 1, false },
	{ "cms-error", "304", FRAME_SEND_REFUSED, 304, false },
	{ "cms-error-sent", "500", FRAME_SEND_DOUBT, 500, true },
	{ "cms-error-sent", "332", FRAME_SEND_DOUBT, 332, true },
	{ "duplicate-answer", NULL, FRAME_SEND_SENT, 0, true },
	{ "prompt-bare", NULL, FRAME_SEND_SENT, 0, true },
	{ "urc-inside", NULL, FRAME_SEND_SENT, 0, true },
};

static void test_send_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		const struct error_case *c = &errors[i];
		char text[64];
		struct sms_out out;
		struct frame_sent sent;

		snprintf(text, sizeof(text), "essai %zu", i);
		out = part(text);
		out.report = false;
		sim_fault(sim, c->fault, c->value);
		sent = hired_send(h, &out);
		sim_ask(sim, "fault\tclear");
		if (sent.result != c->result || sent.cause != c->cause)
			fail_msg("%s %s: %d, cause %d", c->fault, c->value ? c->value : "",
				 sent.result, sent.cause);
		assert_int_equal(sim_wait_message(sim, ALICE, text, c->delivered ? SOON : 50)
					 != NULL,
				 c->delivered);
	}
}

static void test_same_notice_twice(void **state)
{
	struct frame f;

	(void)state;
	sim_fault(sim, "cmti-twice", NULL);
	sim_inject(sim, ALICE, "deux fois");
	f = hired_receive(h);
	hired_delete(h, f.ref);
	assert_int_equal(sim_pending(sim), 0);
	hired_hear(h, FRAME_OP_SMS_RECEIVED,
		   50); /* it may have been read twice: the same message */
}

/* A notice that cuts the message in two: it is read again. */
static void test_notice_inside(void **state)
{
	struct frame f;

	(void)state;
	sim_fault(sim, "urc-inside", NULL);
	sim_inject(sim, ALICE, "un texte assez long pour que la coupure tombe dedans");
	f = hired_receive(h);
	assert_string_equal(f.in.text, "un texte assez long pour que la coupure tombe dedans");
	hired_delete(h, f.ref);
}

static void test_noise(void **state)
{
	struct frame f;

	(void)state;
	sim_fault(sim, "noise", NULL);
	sim_inject(sim, ALICE, "après le bruit");
	f = hired_receive(h);
	assert_string_equal(f.in.text, "après le bruit");
	hired_delete(h, f.ref);
}

static void test_ussd_and_calls(void **state)
{
	struct frame f = { .op = FRAME_OP_USSD_DIAL, .text = "*123#" };

	(void)state;
	hired_tell(h, &f);
	f = hired_hear(h, FRAME_OP_USSD_RECEIVED, SOON);
	assert_int_equal(f.op, FRAME_OP_USSD_RECEIVED);
	assert_string_equal(f.ussd.text, "Solde: 5 EUR");
	sim_ask(sim, "call\t+33639980002");
	f = hired_hear(h, FRAME_OP_CALL, SOON);
	assert_string_equal(f.text, "+33639980002");
	assert_non_null(sim_wait_event(sim, "hangup", NULL, SOON));
}

static long cpu_ticks(pid_t pid)
{
	char path[64], line[1024];
	unsigned long user = 0, sys = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	assert_int_equal(sscanf(strrchr(line, ')'),
				") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
				&sys),
			 2);
	return (long)(user + sys);
}

/* It waits: no polling of the SIM, no spinning. */
static void test_idle(void **state)
{
	long before = cpu_ticks(h->pid);

	(void)state;
	assert_int_equal(hired_hear(h, FRAME_OP_PONG, 1000).op, 0);
	assert_in_range(cpu_ticks(h->pid) - before, 0, 1); /* a tick is 10 ms */
	hired_tell(h, &(struct frame){ .op = FRAME_OP_PING });
	assert_int_equal(hired_hear(h, FRAME_OP_PONG, SOON).op, FRAME_OP_PONG);
}

/* A quiet hour is no silence of the modem: the first text after it is read by the same worker. */
static void test_after_quiet(void **state)
{
	struct frame f;

	(void)state;
	/* longer than call_wait, so that the limit of the last call is over */
	assert_int_equal(hired_hear(h, FRAME_OP_PONG, 2500).op, 0);
	sim_inject(sim, ALICE, "apres le calme");
	f = hired_receive(h);
	assert_string_equal(f.in.text, "apres le calme");
	hired_delete(h, f.ref);
}

static void test_quit(void **state)
{
	(void)state;
	hired_tell(h, &(struct frame){ .op = FRAME_OP_QUIT });
	assert_int_equal(hired_wait(h, 1000), 0);
}

#define T(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_connect),
		T(test_stored_before),
		T(test_receive),
		T(test_receive_ucs2),
		T(test_receive_parts),
		T(test_alphanumeric),
		T(test_binary),
		T(test_hostile),
		T(test_corpus),
		T(test_send),
		T(test_other_notice),
		T(test_send_without_report),
		T(test_send_whole_alphabet),
		T(test_send_parts),
		T(test_send_ucs2),
		T(test_send_too_long),
		T(test_send_errors),
		T(test_same_notice_twice),
		T(test_notice_inside),
		T(test_noise),
		T(test_ussd_and_calls),
		T(test_idle),
		T(test_after_quiet),
		T(test_quit),
	};

	return cmocka_run_group_tests_name("worker", tests, setup_all, teardown_all);
}
