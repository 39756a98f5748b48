#include "postgres/credentials_command.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "engine_limits.h"
#include "log.h"

namespace dataservice {
namespace {

// How often the end of a program is looked for that has closed its output.
constexpr absl::Duration kTick = absl::Milliseconds(10);

// What of its complaints gets into the log.
constexpr size_t kMaxLoggedBytes = 2048;

absl::Status Failed(const std::string& how) {
  return absl::UnavailableError("the credentials command " + how);
}

// Both ends of a pipe, closed at the latest when it goes.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool made() const { return ends_[0] >= 0; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void CloseRead() { Close(ends_[0]); }
  void CloseWrite() { Close(ends_[1]); }

 private:
  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }

  std::array<int, 2> ends_;
};

// A child in a process group of its own, with nothing of ours but the two pipes and the
// environment, and with signals as a program expects them: the server's are blocked.
// errno's value, 0 when it runs.
int Spawn(const std::vector<std::string>& words, const Pipe& output, const Pipe& errors,
          pid_t& pid) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  sigset_t none;
  sigset_t broken_pipe;
  sigemptyset(&none);
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output.write_end(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, errors.write_end(), STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error =
      posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

// Takes what is there, and closes the pipe at its end. What is beyond the limit is read and
// only counted as one byte too many.
void Take(Pipe& pipe, std::string& text) {
  std::array<char, 4096> buffer;
  const ssize_t n = read(pipe.read_end(), buffer.data(), buffer.size());
  if (n > 0) {
    const size_t room = kMaxCredentialsBytes + 1 - text.size();
    text.append(buffer.data(), std::min(static_cast<size_t>(n), room));
  } else if (n == 0 || errno != EINTR) {
    pipe.CloseRead();
  }
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(duration, absl::Milliseconds(1))));
}

// Reads both pipes until the program has ended, or until the deadline.
bool Ended(pid_t pid, absl::Time deadline, std::array<Pipe, 2>& pipes,
           std::array<std::string, 2>& texts, int& status) {
  while (true) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    // A negative descriptor is passed over.
    std::array<pollfd, 2> fds = {
        {{pipes[0].read_end(), POLLIN, 0}, {pipes[1].read_end(), POLLIN, 0}}};
    const bool open = fds[0].fd >= 0 || fds[1].fd >= 0;
    poll(fds.data(), fds.size(), Milliseconds(open ? left : std::min(left, kTick)));
    for (size_t i = 0; i < fds.size(); ++i) {
      if (fds[i].fd >= 0 && fds[i].revents != 0) Take(pipes[i], texts[i]);
    }
    if (!open && waitpid(pid, &status, WNOHANG) == pid) return true;
  }
}

void LogErrors(const std::string& errors) {
  const absl::string_view text = absl::string_view(errors).substr(0, kMaxLoggedBytes);
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    LogWarning("credentials_command", {{"error", std::string_view(line.data(), line.size())}});
  }
}

}  // namespace

absl::StatusOr<std::vector<std::string>> CommandWords(const std::string& command) {
  wordexp_t found = {};
  const int error = wordexp(command.c_str(), &found, WRDE_NOCMD | WRDE_UNDEF);
  std::vector<std::string> words;
  if (error == 0) words.assign(found.we_wordv, found.we_wordv + found.we_wordc);
  if (error == 0 || error == WRDE_NOSPACE) wordfree(&found);
  if (error == WRDE_BADVAL) {
    return absl::InvalidArgumentError("--credentials_command names an unknown $VARIABLE");
  }
  if (words.empty()) {
    return absl::InvalidArgumentError(
        "--credentials_command is no plain command line: a program and its arguments, without "
        "|, &, ;, <, >, parentheses, braces and $(commands) outside of quotes");
  }
  return words;
}

absl::StatusOr<std::string> RunCommand(const std::vector<std::string>& words,
                                       absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  std::array<Pipe, 2> pipes;
  if (!pipes[0].made() || !pipes[1].made()) return Failed("gets no pipe");
  pid_t pid = 0;
  if (const int error = Spawn(words, pipes[0], pipes[1], pid); error != 0) {
    return Failed(
        absl::StrCat("cannot be run: ", words[0], ": ", std::generic_category().message(error)));
  }
  for (Pipe& pipe : pipes) pipe.CloseWrite();
  std::array<std::string, 2> texts;
  int status = 0;
  const bool ended = Ended(pid, deadline, pipes, texts, status);
  if (!ended) {
    // Not waited for yet, so nobody else can have the group's number.
    kill(-pid, SIGKILL);
    waitpid(pid, &status, 0);
  }
  LogErrors(texts[1]);
  if (!ended) return Failed(absl::StrCat("was killed after ", absl::FormatDuration(limit)));
  if (WIFSIGNALED(status)) return Failed(absl::StrCat("ended by signal ", WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0) {
    return Failed(absl::StrCat("ended with status ", WEXITSTATUS(status)));
  }
  if (texts[0].size() > kMaxCredentialsBytes) return Failed("printed too much");
  return std::move(texts[0]);
}

}  // namespace dataservice
