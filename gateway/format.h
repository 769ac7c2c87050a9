/* Sums, quantities, dates and numbers as people read them in a text.
 *
 * Words come from the catalogue (unit.*, day.*, month.*, piece.*). All results
 * are on ctx.
 *
 * SPDX-License-Identifier: AGPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct catalogue;

/*! A sum without its sign: "2,40", "12". */
char *format_money(void *ctx, int64_t cents);

/*! Thousandths without their zeros: "1,5", "12". */
char *format_milli(void *ctx, int64_t milli);

/*! Name of a unit, in the plural that the quantity asks for: "kg", "bottes". */
char *format_unit(void *ctx, const struct catalogue *cat, const char *unit, int64_t milli);

/*! A quantity in its unit: "1,5 kg", "2 bottes"; pieces are a bare number: "6". */
char *format_amount(void *ctx, const struct catalogue *cat, int64_t milli, const char *unit);

/*! A quantity of something: "1,5 kg carottes", "1 botte radis", "1 salade", "6 oeufs".
 *
 * \param[in] one, many  labels of the product. */
char *format_item(void *ctx, const struct catalogue *cat, int64_t milli, const char *unit,
		  const char *one, const char *many);

/*! Which label goes with a quantity: that for one is for a single piece alone. */
const char *format_label(int64_t milli, const char *unit, const char *one, const char *many);

/*! "samedi 28 novembre" */
char *format_day(void *ctx, const struct catalogue *cat, int64_t at);

/*! "17h", "17h30" */
char *format_hour(void *ctx, const struct catalogue *cat, int64_t at);

/*! "samedi 28 novembre à 18h" */
char *format_moment(void *ctx, const struct catalogue *cat, int64_t at);

/*! "samedi 28 novembre de 17h à 19h" */
char *format_window(void *ctx, const struct catalogue *cat, int64_t from, int64_t to);

/*! A number of the country as it is dialled there: "06 39 98 00 31"; others as they are. */
char *format_phone(void *ctx, const char *number, const char *country_code);

/*! Names one after the other: "pomme, poire et fraise".
 *
 * \param[in] last  piece that stands before the last one: "piece.and" or "piece.or". */
char *format_names(void *ctx, const struct catalogue *cat, const char *const *names, size_t n,
		   const char *last);
