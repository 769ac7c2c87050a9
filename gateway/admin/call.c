/* One request: taken apart, handed to its operation, answered once.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#include "gateway/admin/admin.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gateway/closest.h"
#include "gateway/log.h"
#include "gateway/store/store.h"

struct admin_call {
	struct gateway *gw;
	json_t *request;
	const json_t *args;
	void (*done)(void *data, const char *response);
	void *data;
	bool *answered; /* admin_request() still looks */
};

static int call_destroy(struct admin_call *call)
{
	json_decref(call->request);
	return 0;
}

struct gateway *admin_gateway(const struct admin_call *call)
{
	return call->gw;
}

const json_t *admin_value(const struct admin_call *call, const char *name)
{
	return json_object_get(call->args, name);
}

const char *admin_text(const struct admin_call *call, const char *name)
{
	return json_string_value(admin_value(call, name));
}

int64_t admin_int(const struct admin_call *call, const char *name, int64_t fallback)
{
	const json_t *v = admin_value(call, name);

	return json_is_integer(v) ? json_integer_value(v) : fallback;
}

/* The response belongs to the loop's turn. */
static char *print(json_t *response)
{
	char *text = json_dumps(response, JSON_COMPACT), *copy;

	if (text && strlen(text) < ADMIN_RESPONSE_MAX)
		copy = talloc_strdup(OTC_SELECT, text);
	else
		copy = talloc_strdup(OTC_SELECT,
				     "{\"ok\":false,\"error\":\"the answer is too long: "
				     "ask for less\"}");
	OSMO_ASSERT(copy);
	free(text);
	return copy;
}

/* Takes the response over. */
static void answer(struct admin_call *call, json_t *response)
{
	char *text = print(response);

	json_decref(response);
	if (call->answered)
		*call->answered = true;
	if (call->done)
		call->done(call->data, text);
	talloc_free(call);
}

void admin_abandon(struct admin_call *call)
{
	call->done = NULL;
}

void admin_reply(struct admin_call *call, json_t *result)
{
	answer(call, json_pack("{s:b, s:o}", "ok", 1, "result", result ?: json_object()));
}

void admin_refuse(struct admin_call *call, const char *sentence, ...)
{
	va_list ap;
	char *text;

	va_start(ap, sentence);
	text = talloc_vasprintf(call, sentence, ap);
	va_end(ap);
	OSMO_ASSERT(text);
	answer(call, json_pack("{s:b, s:s+}", "ok", 0, "error", text, ""));
}

void admin_refuse_store(struct admin_call *call)
{
	admin_refuse(call, "the database: %s", store_error(call->gw->store));
}

const struct admin_operation *admin_find(const char *name)
{
	for (const struct admin_operation *op = admin_operations; op->name; op++) {
		if (strcmp(op->name, name) == 0)
			return op;
	}
	return NULL;
}

static const char *nearest(const char *name)
{
	const char *words[64];
	size_t n = 0;

	for (const struct admin_operation *op = admin_operations; op->name; op++) {
		OSMO_ASSERT(n < ARRAY_SIZE(words));
		words[n++] = op->name;
	}
	return closest(name, words, n);
}

static void dispatch(struct admin_call *call, const char *who)
{
	const char *name = json_string_value(json_object_get(call->request, "op"));
	const struct admin_operation *op = name ? admin_find(name) : NULL;

	call->args = json_object_get(call->request, "args");
	if (!op) {
		const char *near = name ? nearest(name) : NULL;

		admin_refuse(call, "there is no operation \"%s\"%s%s", name ?: "",
			     near ? "; the nearest is " : "", near ?: "");
		return;
	}
	if (op->need == ADMIN_STORE && !call->gw->store) {
		admin_refuse(call, "the database is not open yet: %s",
			     call->gw->closed ?: "the gateway is starting");
		return;
	}
	if (op->access == ADMIN_WRITE)
		LOGP(DADMIN, LOGL_NOTICE, "%s: %s\n", who, op->name);
	op->handler(call);
}

struct admin_call *admin_request(struct gateway *gw, const char *who, const char *line,
				 void (*done)(void *data, const char *response), void *data)
{
	struct admin_call *call = talloc_zero(gw, struct admin_call);
	bool answered = false;
	json_error_t error;

	OSMO_ASSERT(call);
	call->gw = gw;
	call->done = done;
	call->data = data;
	call->answered = &answered;
	call->request = json_loads(line, JSON_REJECT_DUPLICATES, &error);
	talloc_set_destructor(call, call_destroy);
	if (!json_is_object(call->request))
		admin_refuse(call, "the request is no JSON object: %s",
			     call->request ? "it is of another type" : error.text);
	else
		dispatch(call, who);
	if (answered)
		return NULL;
	call->answered = NULL;
	return call;
}
