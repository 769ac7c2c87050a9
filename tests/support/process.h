/* Programs that a test starts: no shell, output in a file, every wait with a deadline.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*! Milliseconds of the monotonic clock. */
int64_t process_now_ms(void);

/*! Wait a little between two looks at something that another process does. */
void process_nap(void);

/*! Start a program; it dies with the test.
 *
 * \param[in] log  file that takes stdout and stderr (appended), or NULL to inherit them.
 * \param[in] argv  NULL-terminated; argv[0] is the path, or a name to look up in PATH.
 * \returns its pid; exits the test if it cannot be started. */
pid_t process_start(const char *log, const char *const argv[]);

/*! Wait for the end of a program.
 *
 * \returns its wait status, or -1 if it is still there after the deadline. */
int process_wait(pid_t pid, int64_t deadline_ms);

/*! Send a signal, then wait; SIGKILL after the deadline. \returns the wait status. */
int process_stop(pid_t pid, int signal, int64_t deadline_ms);

/*! Run a program to its end and return what it wrote to stdout and stderr.
 *
 * \param[in] ctx  talloc parent of the text.
 * \param[in] input  given on stdin, or NULL for an empty one.
 * \param[out] exit_code  or 128 + signal, or -1 after the deadline; may be NULL. */
char *process_run(void *ctx, const char *input, int64_t deadline_ms, int *exit_code,
		  const char *const argv[]);

/*! A child of parent whose command line begins with title ("chapped: gateway").
 *
 * \returns its pid, or 0 if there is none now. */
pid_t process_child(pid_t parent, const char *title);

/*! \returns true if a program of that name is in PATH. */
bool process_installed(const char *name);

/*! An empty folder of its own for a test; on ctx; removed with everything in it by process_remove_dir(). */
char *process_temp_dir(void *ctx);
void process_remove_dir(const char *dir);
