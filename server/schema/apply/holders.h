// How the tool names a process of the database, for people.
#pragma once

namespace dataservice::schema {

// SQL: the process l.pid, with its line a of pg_stat_activity, which may be absent.
inline constexpr char kProcessText[] =
    "format('process %s of role %s (%s)', l.pid, coalesce(a.usename, '?'), "
    "coalesce(nullif(a.application_name, ''), 'no name'))";

}  // namespace dataservice::schema
