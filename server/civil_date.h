// Days <-> dates of the proleptic Gregorian calendar.
#pragma once

#include <cstdint>

namespace dataservice {

struct CivilDate {
  uint32_t year;
  uint32_t month;  // 1 to 12
  uint32_t day;    // 1 to 31
};

// The first day of the calendar here is 0000-03-01: years begin in March, so that the leap day is
// their last day. There are 719,468 days from it to 1970-01-01.
inline constexpr int64_t kDaysToEpoch = 719468;

// Days from 1970-01-01 to a date of the years 0 to 9999; its month and day may have any values
// that two digits can have.
constexpr int64_t DaysFromEpoch(int year, int month, int day) {
  if (month <= 2) --year;
  const int month_from_march = month <= 2 ? month + 9 : month - 3;
  // There are 153 days in every five months.
  const int day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  return int64_t{365} * year + year / 4 - year / 100 + year / 400 + day_of_year - kDaysToEpoch;
}

// The date so many days after 1970-01-01, which must be from 0000-03-01 to 9999-12-31.
constexpr CivilDate DateOf(int64_t days_from_epoch) {
  constexpr uint32_t kDaysOf4Years = 1461, kDaysOf100Years = 36524, kDaysOf400Years = 146097;
  const auto days = static_cast<uint32_t>(days_from_epoch + kDaysToEpoch);
  const uint32_t day = days % kDaysOf400Years;
  // Without the leap days before, each year has 365 days.
  const uint32_t year =
      (day - day / (kDaysOf4Years - 1) + day / kDaysOf100Years - day / (kDaysOf400Years - 1)) / 365;
  const uint32_t day_of_year = day - (365 * year + year / 4 - year / 100);
  const uint32_t month_from_march = (5 * day_of_year + 2) / 153;
  const bool next_year = month_from_march >= 10;
  return {.year = days / kDaysOf400Years * 400 + year + (next_year ? 1 : 0),
          .month = next_year ? month_from_march - 9 : month_from_march + 3,
          .day = day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

}  // namespace dataservice
