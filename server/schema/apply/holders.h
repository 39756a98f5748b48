// Texts that describe processes of the database.
#pragma once

namespace dataservice::schema {

// An SQL expression that describes process l.pid; `a` is its row of pg_stat_activity, if any.
inline constexpr char kProcessText[] =
    "format('process %s of role %s (%s)', l.pid, coalesce(a.usename, '?'), "
    "coalesce(nullif(a.application_name, ''), 'no name'))";

}  // namespace dataservice::schema
