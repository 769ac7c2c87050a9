/* How a modem stands, in plain words: what is wrong, and what the operator can do about it.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "modem/lifecycle_state.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

/* The device stands between the two. */
static const struct {
	enum worker_exit code;
	const char *before, *after;
} exit_texts[] = {
	{ WORKER_EXIT_OK, "the worker of ", " ended by itself" },
	{ WORKER_EXIT_CONFIG, "the worker of ",
	  " cannot do what the configuration says (see the log)" },
	{ WORKER_EXIT_MISSING, "no such device ", ": is the modem plugged in?" },
	{ WORKER_EXIT_DENIED, "", " may not be opened: check its owner and its group" },
	{ WORKER_EXIT_BUSY, "another program holds ",
	  ": stop it (ModemManager, a terminal, another gateway)" },
	{ WORKER_EXIT_NO_ANSWER, "nothing on ",
	  " answers as a modem does: is this the right port, and is it switched on?" },
	{ WORKER_EXIT_LOST, "the modem at ", " was unplugged" },
	{ WORKER_EXIT_SILENT, "the modem at ", " does not answer" },
	{ WORKER_EXIT_PROTOCOL, "the worker of ", " is of another version than the gateway" },
};

static char *exit_text(void *ctx, const struct modem *m)
{
	int status = m->exit_status;

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return talloc_asprintf(ctx, "the worker of %s was stopped by its sandbox",
				       m->device);
	if (WIFSIGNALED(status))
		return talloc_asprintf(ctx, "the worker of %s crashed (signal %d)", m->device,
				       WTERMSIG(status));
	for (size_t i = 0; i < ARRAY_SIZE(exit_texts); i++)
		if (WEXITSTATUS(status) == (int)exit_texts[i].code)
			return talloc_asprintf(ctx, "%s%s%s", exit_texts[i].before, m->device,
					       exit_texts[i].after);
	return talloc_asprintf(ctx, "the worker of %s failed (exit status %d)", m->device,
			       WEXITSTATUS(status));
}

char *modem_end_text(void *ctx, const struct modem *m)
{
	switch (m->end) {
	case MODEM_END_NONE:
		return talloc_strdup(ctx, "not started yet");
	case MODEM_END_EXIT:
		return exit_text(ctx, m);
	case MODEM_END_SPAWN:
		return talloc_asprintf(ctx, "the worker of %s could not be started (see the log)",
				       m->device);
	case MODEM_END_SILENT:
		return talloc_asprintf(
			ctx, "the modem at %s does not answer: its worker was killed", m->device);
	case MODEM_END_MALFORMED:
		return talloc_asprintf(ctx, "the worker of %s broke the protocol and was killed",
				       m->device);
	case MODEM_END_RESTART:
		return talloc_strdup(ctx, "restarted by the operator");
	}
	return NULL;
}

/* What to do about a PIN that the gateway does not give. */
static char *pin_text(const struct modem *m, const char *what)
{
	if (!*m->pin && !*m->pin_file)
		return talloc_asprintf(
			m, "%s: write it to a file and name that as pin-file of modem %s", what,
			m->name);
	if (!*m->pin)
		return talloc_asprintf(m, "%s: put it in %s, then `chappectl modem %s pin-retry`",
				       what, m->pin_file, m->name);
	return talloc_asprintf(
		m,
		"%s: not tried again; put the right PIN in %s, then `chappectl modem %s pin-retry`",
		what, *m->pin_file ? m->pin_file : "its pin-file", m->name);
}

/* The PIN was not refused, and the SIM says that somebody has used up tries of it. */
static char *few_tries_text(const struct modem *m)
{
	if (m->last.tries < 2)
		return talloc_strdup(m,
				     "the SIM has one try of its PIN left: not tried; put it in a"
				     " telephone and unlock it there");
	return talloc_asprintf(
		m,
		"the SIM has only two tries of its PIN left: not tried; check the PIN in"
		" %s, then `chappectl modem %s pin-retry`",
		*m->pin_file ? m->pin_file : "its pin-file", m->name);
}

static char *pin_needed_text(const struct modem *m)
{
	if (m->last.tries < 2)
		return few_tries_text(m);
	if (m->pin_mark == MODEM_PIN_WRONG)
		return pin_text(m, "wrong PIN");
	if (m->pin_mark == MODEM_PIN_OTHER && !modem_may_try_pin(m))
		return pin_text(m, "another PIN was refused before");
	if (m->pin_mark == MODEM_PIN_ACCEPTED && *m->pin && !modem_may_try_pin(m))
		return few_tries_text(m);
	if (m->pin_mark == MODEM_PIN_TRY && m->pin_asked)
		return pin_text(m, "the PIN was tried once, and what came of it is not known");
	if (m->pin_mark == MODEM_PIN_TRY)
		return talloc_strdup(m, "the PIN was given to the SIM");
	return pin_text(m, "the SIM asks for its PIN");
}

static char *registered_text(const struct modem *m, const char *how)
{
	char *text = talloc_asprintf(m, "registered%s%s%s", *m->last.network ? " on " : "",
				     m->last.network, how);

	if (m->last.signal <= 100)
		text = talloc_asprintf_append(text, ", signal %u %%", m->last.signal);
	if (m->last.slots && m->last.used >= m->last.slots)
		text = talloc_asprintf_append(text, "; the SIM is full, it takes no more texts");
	return text;
}

/* Both numbers end in what tells SIMs of one operator apart. */
static char *foreign_text(const struct modem *m)
{
	size_t now = strlen(m->last.imsi), own = strlen(m->own_imsi);

	return talloc_asprintf(
		m,
		"another SIM is in it (IMSI ...%s, it was ...%s): nothing is sent, and its texts are"
		" left alone; put the old one back, or `chappectl modem %s accept-sim`",
		m->last.imsi + (now > 4 ? now - 4 : 0), m->own_imsi + (own > 4 ? own - 4 : 0),
		m->name);
}

static char *state_text(const struct modem *m)
{
	if (modem_is_foreign(m) && modem_registered(m))
		return foreign_text(m);
	switch ((enum modem_state)m->last.state) {
	case MODEM_CONNECTING:
		return talloc_asprintf(m, "connecting to %s", m->device);
	case MODEM_PIN_NEEDED:
		return pin_needed_text(m);
	case MODEM_PIN_REFUSED:
		return pin_text(m, "wrong PIN");
	case MODEM_LOCKED:
		return talloc_asprintf(m, "the SIM is locked (%s): unlock it in a telephone",
				       *m->last.detail ? m->last.detail : "it wants its PUK");
	case MODEM_NO_SIM:
		return talloc_strdup(m, "no SIM: put one in, the right way round");
	case MODEM_SEARCHING:
		return talloc_strdup(m, "no network yet: if this lasts, move the antenna");
	case MODEM_DENIED:
		return talloc_strdup(
			m, "the network refuses this SIM: ask its operator whether it is active");
	case MODEM_HOME:
		return registered_text(m, "");
	case MODEM_ROAMING:
		return registered_text(m, ", roaming");
	case MODEM_ATTACHED:
		return talloc_strdup(m, "in service; the modem does not say on which network");
	case _MODEM_STATE_NUM:
		break;
	}
	return talloc_strdup(m, "");
}

/* What it said last is not what is true now. */
static char *online_text(const struct modem *m)
{
	unsigned int silence = modem_silence(m);
	char *text = state_text(m), *silent;

	if (!silence)
		return text;
	silent = talloc_asprintf(m, "no answer for %u s; before that: %s", silence, text);
	talloc_free(text);
	return silent;
}

static char *waiting_text(struct modem *m)
{
	char *why = modem_end_text(m, m);
	char *text = talloc_asprintf(m, "%s; try %u in %u s", why, m->tries + 1,
				     modem_seconds_left(m));

	talloc_free(why);
	return text;
}

/* Connecting again: the reason of the last failure is what the operator wants to read. */
static char *starting_text(struct modem *m)
{
	char *why, *text;

	if (m->end == MODEM_END_NONE)
		return talloc_asprintf(m, "connecting to %s", m->device);
	if (m->end == MODEM_END_RESTART)
		return talloc_asprintf(m, "restarted by the operator: connecting to %s", m->device);
	why = modem_end_text(m, m);
	text = talloc_asprintf(m, "%s; try %u is under way", why, m->tries);
	talloc_free(why);
	return text;
}

char *modem_text(struct modem *m)
{
	switch ((enum modem_fsm_state)m->fi->state) {
	case MODEM_ST_DOWN:
		return talloc_strdup(m, "stopped");
	case MODEM_ST_WAITING:
		return waiting_text(m);
	case MODEM_ST_STARTING:
	case MODEM_ST_CONNECTING:
		return starting_text(m);
	case MODEM_ST_OFFLINE:
	case MODEM_ST_READY:
		return online_text(m);
	case MODEM_ST_BUSY:
		return talloc_asprintf_append(online_text(m), "; sending");
	case MODEM_ST_STOPPING:
		if (!m->wanted)
			return talloc_strdup(m, "stopping");
		if (m->end == MODEM_END_RESTART)
			return talloc_strdup(
				m, m->sending ? "restarted by the operator, after the part that is"
						" on its way"
					      : "restarted by the operator");
		return modem_end_text(m, m);
	}
	return talloc_strdup(m, "");
}
