/* A fuzz target: one function that must survive any octets.
 *
 * A target defines fuzz_one() and fuzz_seed(), and links fuzz.c. As it is built for
 * `make check` it feeds itself a fixed number of mutations of its seeds, the same on each run;
 * `PROGRAM -n N -s SEED` makes more, `PROGRAM FILE...` replays files. Built by clang with
 * -fsanitize=fuzzer and -DFUZZ_ENGINE it is a libFuzzer program.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*! Feed the code under test. The octets stand in a buffer of their exact size. */
void fuzz_one(const uint8_t *data, size_t len);

/*! The target's own valid inputs. \returns octets written for seed i, or -1 if there are no more. */
int fuzz_seed(size_t i, uint8_t *out, size_t size);
