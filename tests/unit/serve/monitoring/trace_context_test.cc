#include "serve/monitoring/trace_context.h"

#include <gtest/gtest.h>

namespace dataservice::test {
namespace {

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kParent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, OfACaller) {
  const TraceContext context = TraceContextOf(kParent);
  EXPECT_EQ(context.trace_id, kTrace);
  EXPECT_EQ(context.parent_id, "00f067aa0ba902b7");
  EXPECT_TRUE(context.sampled);
  EXPECT_FALSE(TraceContextOf("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02").sampled);
  EXPECT_EQ(TraceContextOf(std::string("01") + (kParent + 2) + "-more").trace_id, kTrace);
}

TEST(TraceContext, WhatIsNotValidBeginsATrace) {
  for (const char* text : {"", "00", "x0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\n",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"}) {
    const TraceContext context = TraceContextOf(text);
    EXPECT_EQ(context.trace_id.size(), 32u) << text;
    EXPECT_NE(context.trace_id, kTrace) << text;
    EXPECT_EQ(context.parent_id, "") << text;
    EXPECT_FALSE(context.sampled) << text;
  }
}

TEST(TraceContext, IdsDiffer) {
  EXPECT_NE(NewSpanId(), NewSpanId());
  EXPECT_EQ(NewSpanId().size(), 16u);
  EXPECT_NE(TraceContextOf("").trace_id, TraceContextOf("").trace_id);
}

// The same as gateway/tracing: the last 8 bytes of the id decide.
TEST(TraceContext, APartOfAllTracesIsChosen) {
  EXPECT_TRUE(IsChosen("ffffffffffffffff0000000000000000", 0.01));
  EXPECT_FALSE(IsChosen("0000000000000000ffffffffffffffff", 0.99));
  EXPECT_TRUE(IsChosen("0000000000000000ffffffffffffffff", 1));
  EXPECT_FALSE(IsChosen("ffffffffffffffff0000000000000000", 0));
  EXPECT_TRUE(IsChosen("00000000000000007fffffffffffffff", 0.5));
  EXPECT_FALSE(IsChosen("00000000000000008000000000000000", 0.5));
}

}  // namespace
}  // namespace dataservice::test
