/* A simulated modem for a test: started in a folder, told what to do, asked what was sent.
 *
 * Every event since the start is kept, so that a test may wait for things in any order.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct simulator {
	char *link;    /* dir/modem */
	char *control; /* dir/sim */
	char *log;     /* dir/log */
	pid_t pid;
	int commands;
	int stream;
	char *in; /* the beginning of a line of the stream */
	char **events;
	bool *taken; /* by sim_wait_*() */
	size_t n_events;
};

/*! Start chappe-sim and wait until it listens; fails the test if it does not.
 *
 * \param[in] dir  where link, control socket and log go.
 * \param[in] ...  further arguments for it, strings, NULL at the end.
 * \returns on ctx; its destructor stops the program. */
struct simulator *sim_start(void *ctx, const char *dir, ...) __attribute__((sentinel));

/*! Ask it to quit, SIGKILL after two seconds. */
void sim_stop(struct simulator *sim);

/*! Give one command and read its answer.
 *
 * \param[in] fmt  the line without its end; words between TABs.
 * \returns every line of the answer, on sim; the last begins with "ok" or "error". */
char *sim_ask(struct simulator *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*! A phone sends a text (UTF-8; line breaks are allowed). \returns the message's id; fails the test if it is refused. */
uint32_t sim_inject(struct simulator *sim, const char *from, const char *text);

/*! Deliver a message once more. */
void sim_duplicate(struct simulator *sim, uint32_t id);

/*! Arm a fault (chappe-sim(1)); value may be NULL. Fails the test if there is none of that name. */
void sim_fault(struct simulator *sim, const char *name, const char *value);

/*! Arm a fault for the nth command line (or Ctrl-Z) from now; value may be NULL. */
void sim_fault_after(struct simulator *sim, unsigned int n, const char *name, const char *value);

/*! Wait for a text that a phone got, whole.
 *
 * \param[in] to  number, or NULL for any.
 * \param[in] part  what the text must contain, or NULL.
 * \returns the text, on sim, with its line breaks; NULL after the deadline. Each is returned once. */
char *sim_wait_message(struct simulator *sim, const char *to, const char *part,
		       int64_t deadline_ms);

/*! Texts that a phone got so far, taken or not. \param[in] to  as above. \param[in] part  as above. */
size_t sim_count_messages(struct simulator *sim, const char *to, const char *part);

/*! Wait for an event whose line begins with start ("cmti\t", "sent\t") and contains part.
 *
 * \returns the line, on sim; NULL after the deadline. Each is returned once. */
char *sim_wait_event(struct simulator *sim, const char *start, const char *part,
		     int64_t deadline_ms);

/*! Word i of an event's line, from 0, on sim; NULL if there are fewer. */
char *sim_word(struct simulator *sim, const char *line, size_t i);

/*! Texts of phones that are still in the SIM or wait in the network. */
size_t sim_pending(struct simulator *sim);

/*! Wait until sim_pending() is 0. \returns false after the deadline. */
bool sim_wait_read(struct simulator *sim, int64_t deadline_ms);
