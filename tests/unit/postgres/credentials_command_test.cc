#include "postgres/credentials_command.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "absl/time/clock.h"
#include "engine_limits.h"

namespace dataservice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<std::string> Shell(const std::string& script,
                                  absl::Duration limit = absl::Minutes(1)) {
  return RunCommand({"sh", "-c", script}, limit);
}

TEST(CommandWords, AsAShellPartsThem) {
  setenv("COMMAND_WORDS_TEST", "a b", 1);
  const auto words = CommandWords(R"(program --arn 'x y' "$COMMAND_WORDS_TEST" a\ b "")");
  ASSERT_TRUE(words.ok()) << words.status();
  EXPECT_THAT(*words, ElementsAre("program", "--arn", "x y", "a b", "a b", ""));
}

TEST(CommandWords, AnArnIsOneWord) {
  const auto words = CommandWords("p arn:aws:secretsmanager:eu-west-1:1:secret:rds!cluster-1-Ab");
  ASSERT_TRUE(words.ok()) << words.status();
  EXPECT_EQ(words->at(1), "arn:aws:secretsmanager:eu-west-1:1:secret:rds!cluster-1-Ab");
}

TEST(CommandWords, NoShell) {
  for (const char* command : {"a | hush", "a; hush", "a > hush", "a $(hush)", "a `hush`",
                              "a & hush", "a 'hush", "a $HUSH_hush", "", "  "}) {
    const auto words = CommandWords(command);
    EXPECT_TRUE(absl::IsInvalidArgument(words.status())) << command;
    EXPECT_THAT(std::string(words.status().message()), Not(HasSubstr("hush")));
  }
}

TEST(RunCommand, GivesWhatItPrints) {
  const auto out = Shell("cat; echo one; echo a warning >&2; echo two");
  ASSERT_TRUE(out.ok()) << out.status();
  EXPECT_EQ(*out, "one\ntwo\n");
}

TEST(RunCommand, ErrorsGoToTheLogAndOutputDoesNot) {
  testing::internal::CaptureStderr();
  Shell("echo hush; echo no such role >&2; exit 3").IgnoreError();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("no such role"));
  EXPECT_THAT(log, Not(HasSubstr("hush")));
}

TEST(RunCommand, AStatusOtherThan0IsAFailure) {
  const auto out = Shell("echo hush; exit 3");
  EXPECT_TRUE(absl::IsUnavailable(out.status()));
  EXPECT_EQ(out.status().message(), "the credentials command ended with status 3");
}

TEST(RunCommand, ASignalIsAFailure) {
  EXPECT_EQ(Shell("kill -9 $$").status().message(), "the credentials command ended by signal 9");
}

TEST(RunCommand, AProgramThatIsNotThere) {
  const auto out = RunCommand({"/nowhere/program"}, absl::Minutes(1));
  EXPECT_TRUE(absl::IsUnavailable(out.status()));
  EXPECT_THAT(std::string(out.status().message()), HasSubstr("/nowhere/program"));
}

TEST(RunCommand, IsKilledWithItsChildren) {
  int survivor[2];
  ASSERT_EQ(pipe(survivor), 0);
  // What the program starts holds the write end open until it ends.
  const std::string write_end =
      "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(survivor[1]);
  const absl::Time start = absl::Now();
  const auto out = Shell("exec 5>" + write_end + "; sleep 1000 & wait", absl::Milliseconds(200));
  EXPECT_EQ(out.status().message(), "the credentials command was killed after 200ms");
  close(survivor[1]);
  char byte = 0;
  EXPECT_EQ(read(survivor[0], &byte, 1), 0);
  close(survivor[0]);
  EXPECT_LT(absl::Now() - start, absl::Minutes(1));
}

TEST(RunCommand, IsKilledWhenItClosesItsOutputAndStays) {
  EXPECT_TRUE(absl::IsUnavailable(
      Shell("exec >/dev/null 2>&1; sleep 1000", absl::Milliseconds(200)).status()));
}

TEST(RunCommand, TooMuchOutputIsReadAndRefused) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(Shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2").status().message(),
            "the credentials command printed too much");
  EXPECT_LT(testing::internal::GetCapturedStderr().size(), 20000U);
  const auto most = Shell("head -c " + std::to_string(kMaxCredentialsBytes) + " /dev/zero");
  ASSERT_TRUE(most.ok()) << most.status();
  EXPECT_EQ(most->size(), kMaxCredentialsBytes);
}

TEST(RunCommand, GetsNothingOfOursButTheEnvironment) {
  setenv("RUN_COMMAND_TEST", "here", 1);
  int ours[2];
  ASSERT_EQ(pipe(ours), 0);
  const auto out = Shell("echo $RUN_COMMAND_TEST; ls /proc/self/fd | wc -l");
  close(ours[0]);
  close(ours[1]);
  ASSERT_TRUE(out.ok()) << out.status();
  // Three, and the one by which ls reads the folder.
  EXPECT_EQ(*out, "here\n4\n");
}

// The server blocks what stops it and ignores SIGPIPE; what it runs must not.
TEST(RunCommand, SignalsAreAsAProgramExpectsThem) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  std::signal(SIGPIPE, SIG_IGN);
  const auto mask = Shell("awk '/^SigBlk/ {print $2}' /proc/self/status");
  const auto broken_pipe = Shell("kill -PIPE $$");
  std::signal(SIGPIPE, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(mask.ok()) << mask.status();
  EXPECT_EQ(*mask, "0000000000000000\n");
  EXPECT_EQ(broken_pipe.status().message(), "the credentials command ended by signal 13");
}

}  // namespace
}  // namespace dataservice::test
