/** @file
 * How a function says that the world failed: a Status, and one sentence for the user.
 *
 * Layer: core. Every function that can fail returns a Status, which the compiler makes the
 * caller look at, and takes an `Error *err` as its last parameter. `err` may be NULL and is
 * untouched on success. A message names what failed first, its subject in single quotes, and
 * ends without a full stop; lower layers give the fact, upper layers add their context once.
 *
 * A mistake of ours is not a Status: see suite/core/check.h.
 */
#ifndef SUITE_CORE_STATUS_H
#define SUITE_CORE_STATUS_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* What went wrong, in kind: its constant and its name. */
#define STATUS_LIST(X)                                                               \
    X(OK, "ok")                   /* ok */                                           \
    X(USAGE, "usage")             /* the command line or a configuration is wrong */ \
    X(RANGE, "range")             /* a value is out of range */                      \
    X(NOMEM, "nomem")             /* out of memory */                                \
    X(IO, "io")                   /* the file system said no */                      \
    X(PARSE, "parse")             /* a file does not say what it must */             \
    X(MISSING, "missing")         /* something that must be there is not */          \
    X(MISMATCH, "mismatch")       /* two things that must agree do not */            \
    X(PHYSICS, "physics")         /* the simulation failed */                        \
    X(WORKER, "worker")           /* a worker ended before its run did */            \
    X(INTERRUPTED, "interrupted") /* stopped by a signal */

typedef enum Status {
#define STATUS_ENUM(id, name) STATUS_##id,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
} Status;

/** What went wrong, complete enough to print as one line. */
typedef struct Error {
    Status status;
    char message[512];
} Error;

/** @return the Status' name in lower case, such as "range"; never NULL. */
const char *status_name(Status status);

/** Fill @p err with a message and return @p status, so that `return error_set(...)` works. */
Status error_set(Error *err, Status status, const char *format, ...) PRINTF_LIKE(3, 4);

/** Put "context: " before the message already in @p err; returns @p status. */
Status error_wrap(Error *err, Status status, const char *format, ...) PRINTF_LIKE(3, 4);

/** The one message for a failed allocation. Here, so that whoever reads a caller, such as
 * clang-tidy, sees that it never returns STATUS_OK. */
static inline Status error_nomem(Error *err)
{
    (void)error_set(err, STATUS_NOMEM, "out of memory");
    return STATUS_NOMEM;
}

#endif
