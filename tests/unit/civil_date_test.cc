#include "civil_date.h"

#include <gtest/gtest.h>

#include "absl/time/civil_time.h"

namespace dataservice {
namespace {

TEST(CivilDate, EveryDayOfTheCalendarIsFound) {
  absl::CivilDay expected(1, 1, 1);
  const absl::CivilDay epoch(1970, 1, 1);
  for (int64_t day = expected - epoch; expected.year() < 10000; ++day, ++expected) {
    const CivilDate date = DateOf(day);
    ASSERT_EQ(date.year, expected.year()) << day;
    ASSERT_EQ(date.month, static_cast<uint32_t>(expected.month())) << day;
    ASSERT_EQ(date.day, static_cast<uint32_t>(expected.day())) << day;
    const auto [year, month, day_of_month] = date;
    ASSERT_EQ(DaysFromEpoch(static_cast<int>(year), static_cast<int>(month),
                            static_cast<int>(day_of_month)),
              day);
  }
}

}  // namespace
}  // namespace dataservice
