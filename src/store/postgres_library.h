/* libpq, loaded only when a store is on PostgreSQL: it brings some fifteen libraries along, for
 * Kerberos, LDAP and the like, which a process on SQLite need not carry. The one file that includes
 * libpq-fe.h; nothing is linked with it. */
#pragma once

#include "base/err.h"

#include <libpq-fe.h>

/* Our name of each function that is used, and libpq's. */
#define POSTGRES_FUNCTIONS(X)                                                                      \
    X(version, PQlibVersion)                                                                       \
    X(backend_pid, PQbackendPID)                                                                   \
    X(clear, PQclear)                                                                              \
    X(cmd_status, PQcmdStatus)                                                                     \
    X(cmd_tuples, PQcmdTuples)                                                                     \
    X(connect, PQconnectdbParams)                                                                  \
    X(conninfo_free, PQconninfoFree)                                                               \
    X(conninfo_parse, PQconninfoParse)                                                             \
    X(consume_input, PQconsumeInput)                                                               \
    X(enter_pipeline_mode, PQenterPipelineMode)                                                    \
    X(error_message, PQerrorMessage)                                                               \
    X(fformat, PQfformat)                                                                          \
    X(finish, PQfinish)                                                                            \
    X(flush, PQflush)                                                                              \
    X(free, PQfreemem)                                                                             \
    X(ftype, PQftype)                                                                              \
    X(get_is_null, PQgetisnull)                                                                    \
    X(get_length, PQgetlength)                                                                     \
    X(get_result, PQgetResult)                                                                     \
    X(get_value, PQgetvalue)                                                                       \
    X(is_busy, PQisBusy)                                                                           \
    X(nfields, PQnfields)                                                                          \
    X(notifies, PQnotifies)                                                                        \
    X(ntuples, PQntuples)                                                                          \
    X(parameter_status, PQparameterStatus)                                                         \
    X(pipeline_sync, PQpipelineSync)                                                               \
    X(result_error_field, PQresultErrorField)                                                      \
    X(result_status, PQresultStatus)                                                               \
    X(send_prepare, PQsendPrepare)                                                                 \
    X(send_query, PQsendQuery)                                                                     \
    X(send_query_params, PQsendQueryParams)                                                        \
    X(send_query_prepared, PQsendQueryPrepared)                                                    \
    X(server_version, PQserverVersion)                                                             \
    X(set_nonblocking, PQsetnonblocking)                                                           \
    X(set_notice_receiver, PQsetNoticeReceiver)                                                    \
    X(socket, PQsocket)                                                                            \
    X(status, PQstatus)

/* Each has the type that libpq's own header gives it. */
struct postgres_library {
#define FUNCTION(name, function) __typeof__(function) *(name);
    POSTGRES_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* From any thread, as often as one likes: from the second time on it only looks the names up. The
 * library stays loaded to the end. ERR_CONFIG: it is not installed, or too old. */
enum err postgres_library_load(struct reason *reason, struct postgres_library *ret);
