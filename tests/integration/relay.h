// A TCP relay before the database that loses answers at a chosen moment.
#pragma once

#include <atomic>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dataservice::test {

// Thread-safe.
class Relay {
 public:
  enum class Loss {
    // The statement is carried out and answered, and the answer never arrives.
    kAnswer,
    // The client's connection is cut as soon as the statement was passed on; the
    // database goes on with it.
    kClient,
  };

  // To 127.0.0.1:`port`, from a free port.
  explicit Relay(int port);
  ~Relay();

  int port() const { return port_; }
  // The next `times` statements whose text has `marker` lose their answer.
  void Lose(Loss loss, const std::string& marker, int times = 1);
  // How many did.
  int lost() const { return lost_; }
  // Whether no new connection is taken from the next lost answer on, as by a database that was
  // killed after it.
  void EndWithLoss(bool ends) { ends_with_loss_ = ends ? lost_.load() : kNever; }
  // From now on closes the connections by which clients cancel statements, as a proxy does that
  // does not pass a CancelRequest on.
  void IgnoreCancels() { ignores_cancels_ = true; }

 private:
  static constexpr int kNever = std::numeric_limits<int>::max();

  void Accept();
  void Serve(int client);
  // Whether the bytes that a client sent hold the marker, and its loss is due.
  bool Due(const std::string& sent, Loss& loss);

  const int target_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ignores_cancels_{false};
  std::atomic<int> lost_{0};
  // No connection is taken while more answers than these are lost.
  std::atomic<int> ends_with_loss_{kNever};
  std::mutex mutex_;
  Loss loss_ = Loss::kAnswer;
  std::string marker_;
  int times_ = 0;
  std::vector<std::thread> connections_;
  std::thread accepter_;
};

}  // namespace dataservice::test
