#pragma once
#include <postgresql/libpq-fe.h>
#include <sys/eventfd.h>

// Macros that are character literals, whose type Swift does not know.
static const int tessera_postgres_sqlstate = PG_DIAG_SQLSTATE;
static const int tessera_postgres_message = PG_DIAG_MESSAGE_PRIMARY;

// Members of an enumeration, which Swift imports as Int or as a structure from one header to the next; and Swift's Glibc
// module leaves eventfd() out.
static inline int tessera_postgres_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
