/* An operator of a gateway without processes: the control socket of a fixture, and what is asked there.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <jansson.h>

#include <sys/un.h>

#include "tests/gateway/fixture.h"

#define OPERATOR_DEADLINE_MS 5000

struct world {
	struct fixture *f;
	struct sockaddr_un addr;
};

/* cmocka setup and teardown: the demo platform, with a control socket. */
int operator_setup(void **state);
int operator_teardown(void **state);

#define OPERATOR_TEST(f) cmocka_unit_test_setup_teardown(f, operator_setup, operator_teardown)

/*! A connection to the control socket. */
int dial(struct world *w);

/*! Send a text on it. */
void put(int fd, const char *text);

/*! The loop, until a line or the end came. \returns the line, on the world; NULL at the end without one. */
char *take(struct world *w, int fd);

/*! One request, and the line that answers it. */
char *ask(struct world *w, const char *request);

/*! The answer to a request that is fulfilled: a new reference. */
json_t *result(struct world *w, const char *request);

/*! A request is refused, in these words. */
void refuses(struct world *w, const char *request, const char *words);
