/** @file
 * JSON in and out, over cJSON: exact numbers, errors with file and line, nothing accepted
 * twice.
 *
 * Layer: core; the only file that includes cJSON. Reading refuses what cJSON lets through: text
 * after the value, NUL bytes, a key given twice, a file over the size limit. Names are case
 * sensitive.
 *
 * A Json owns its tree; a JsonNode is borrowed from it and lives as long. NULL stands for "not
 * there" in every argument that is a node.
 */
#ifndef SUITE_CORE_JSON_H
#define SUITE_CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "suite/core/status.h"
#include "suite/core/text.h"

typedef struct Json Json;      // opaque document; release with json_free()
typedef struct cJSON JsonNode; // a value inside one

/** Read a file of at most 16 MiB. @errors STATUS_MISSING, STATUS_IO, STATUS_PARSE,
 * STATUS_NOMEM. */
MUST_CHECK Status json_read(Json **out, const char *path, Error *err);

/** Read @p size bytes; @p name stands for the file in messages. @errors as json_read(). */
MUST_CHECK Status json_parse(Json **out, const char *text, size_t size, const char *name,
                             Error *err);

/** An empty object to write into. @errors STATUS_NOMEM. */
MUST_CHECK Status json_new(Json **out, Error *err);

/** Release a document. NULL is allowed. */
void json_free(Json *json);

/** The outermost value. */
JsonNode *json_root(const Json *json);

// -- reading: navigation. All return NULL where there is nothing.

const JsonNode *json_get(const JsonNode *object, const char *key);
const JsonNode *json_first(const JsonNode *container);
const JsonNode *json_next(const JsonNode *node);
const char *json_key(const JsonNode *node); // NULL inside an array
int json_count(const JsonNode *container);

bool json_is_object(const JsonNode *node);
bool json_is_array(const JsonNode *node);
bool json_is_string(const JsonNode *node);
bool json_is_number(const JsonNode *node);
bool json_is_bool(const JsonNode *node);

/** The string, number or truth of a node that json_is_...() says is one. */
const char *json_string(const JsonNode *node);
double json_number(const JsonNode *node);
bool json_bool(const JsonNode *node);

/** A setting's value as a command line would take it: a string, a number with all its digits,
 * or true or false. @return false if it is no single value, not finite, or does not fit @p size
 *  bytes with its NUL */
bool json_as_text(const JsonNode *node, char *text, size_t size);

/** The line of the text that @p node begins on, from 1. */
int json_line(const Json *json, const JsonNode *node);

// -- reading: refusals, all STATUS_PARSE and beginning "FILE:LINE: "

/** Refuse @p node with a message of your own. */
Status json_refuse(const Json *json, const JsonNode *node, Error *err, const char *format, ...)
    PRINTF_LIKE(4, 5);

/** Refuse any key of @p object that is not among the @p count names, naming the nearest, and
 * anything that is no object. */
MUST_CHECK Status json_only_keys(const Json *json, const JsonNode *object,
                                 const char *const *names, int count, Error *err);

/** The member @p key of @p object as a string; refused if missing or something else. */
MUST_CHECK Status json_want_string(const Json *json, const JsonNode *object, const char *key,
                                   const char **out, Error *err);

/** The member @p key of @p object as a finite number; refused if missing or something else. */
MUST_CHECK Status json_want_number(const Json *json, const JsonNode *object, const char *key,
                                   double *out, Error *err);

// -- writing into an object, or at the end of an array when the key is NULL. A number that is
// not finite becomes null. Memory failures are kept and reported by json_print().

void json_put_string(Json *json, JsonNode *object, const char *key, const char *value);
void json_put_number(Json *json, JsonNode *object, const char *key, double value); // exact
void json_put_bool(Json *json, JsonNode *object, const char *key, bool value);
JsonNode *json_put_object(Json *json, JsonNode *object, const char *key);
JsonNode *json_put_array(Json *json, JsonNode *object, const char *key);

/** Append the document, indented, with a line feed at its end. @errors STATUS_NOMEM. */
MUST_CHECK Status json_print(const Json *json, Text *text, Error *err);

#endif
