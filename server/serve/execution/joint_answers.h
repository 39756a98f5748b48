// Answers to the operations of one result, which leave together where they can.
#pragma once

#include <vector>

namespace dataservice {

// What sends answers, such as a stream of calls.
class AnswerSender {
 public:
  virtual ~AnswerSender() = default;
  // Sends the answers that wait.
  virtual void SendAnswers() = 0;
};

// While it exists, senders of its thread may let answers wait for its end, where it sends
// them. Its thread does not block meanwhile. It does not nest.
class JointAnswers {
 public:
  JointAnswers();
  ~JointAnswers();
  JointAnswers(const JointAnswers&) = delete;
  JointAnswers& operator=(const JointAnswers&) = delete;

  enum class Added { kNo, kFirst, kAgain };
  // Adds a sender. kNo: nothing of this thread sends together, the sender sends at once.
  // kFirst: the sender must exist until SendAnswers() is called. kAgain: it had been added.
  static Added Add(AnswerSender& sender);

 private:
  std::vector<AnswerSender*> senders_;
};

}  // namespace dataservice
