/* What an operator can ask of a running gateway: one table of operations, whatever door they come in by.
 *
 *   chappectl --- control socket ---> server ---> operation ---> the gateway's functions
 *
 * A request is one line, a JSON object: {"op": "send", "args": {"to": "...", "text": "..."}}. The response is
 * one line: {"ok": true, "result": {...}}, or {"ok": false, "error": "a sentence"}.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "gateway/gateway.h"

struct admin;
struct admin_call;

/* Octets of a request with its line end. */
#define ADMIN_REQUEST_MAX  16384
/* Octets of a response. */
#define ADMIN_RESPONSE_MAX (1 << 20)
/* Operators at a time; more are told to come again. */
#define ADMIN_CLIENTS_MAX  16
/* Milliseconds in which a request must be complete and a response be taken. */
#define ADMIN_PATIENCE_MS  10000
/* Rows of a list. */
#define ADMIN_ROWS_MAX     500

enum admin_access {
	ADMIN_READ, /* changes nothing */
	ADMIN_WRITE /* is logged, with the user who asked */
};

enum admin_need {
	ADMIN_ANYTIME, /* works without a database */
	ADMIN_STORE    /* is refused while the database is not open */
};

struct admin_operation {
	const char *name;
	const char *arguments; /* members of args, those that may be missing in brackets */
	enum admin_access access;
	enum admin_need need;
	const char *help;
	void (*handler)(struct admin_call *call);
};

/* Ends with a row without a name. */
extern const struct admin_operation admin_operations[];

/*! The row of an operation, or NULL. */
const struct admin_operation *admin_find(const char *name);

/* ---- for operations: a call lives until it is answered, now or later ---- */

struct gateway *admin_gateway(const struct admin_call *call);

/*! A text among the arguments, or NULL if it is missing or is no text. */
const char *admin_text(const struct admin_call *call, const char *name);

/*! An integer among the arguments.
 * \returns fallback if it is missing or is no integer. */
int64_t admin_int(const struct admin_call *call, const char *name, int64_t fallback);

/*! An argument of any kind; it stays the call's. NULL if it is missing. */
const json_t *admin_value(const struct admin_call *call, const char *name);

/*! Answer: the end of the call. \param[in] result  an object, taken over; NULL is an empty one. */
void admin_reply(struct admin_call *call, json_t *result);

/*! Refuse, with a sentence that names the thing and the next step: the end of the call. */
void admin_refuse(struct admin_call *call, const char *sentence, ...)
	__attribute__((format(printf, 2, 3)));

/*! Refuse with what the database says. */
void admin_refuse_store(struct admin_call *call);

/* ---- the door ---- */

/*! Serve a listening socket.
 *
 * \param[in] fd  taken over, made non-blocking.
 * \returns the server, on gw; never NULL. */
struct admin *admin_open(struct gateway *gw, int fd);

/*! Carry out a request, and give the response to done(), now or later.
 *
 * \param[in] who  for the log: "uid 1000".
 * \param[in] line  the request, without its line end.
 * \param[in] done  gets the response, without a line end.
 * \returns the call, on gw, if the answer comes later; NULL if it was given. */
struct admin_call *admin_request(struct gateway *gw, const char *who, const char *line,
				 void (*done)(void *data, const char *response), void *data);

/*! Nobody waits for this answer any more: done() will not be called. The operation goes on. */
void admin_abandon(struct admin_call *call);
