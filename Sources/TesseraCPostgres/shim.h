#pragma once
#include <postgresql/libpq-fe.h>
#include <sys/eventfd.h>

// Macros with character literals, whose type Swift cannot import.
static const int tessera_postgres_sqlstate = PG_DIAG_SQLSTATE;
static const int tessera_postgres_message = PG_DIAG_MESSAGE_PRIMARY;

// Swift's Glibc module omits eventfd(), and imports its flags, depending on the header, as Int or as a structure.
static inline int tessera_postgres_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
