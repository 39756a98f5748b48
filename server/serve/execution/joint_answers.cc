#include "serve/execution/joint_answers.h"

#include <algorithm>

namespace dataservice {
namespace {

thread_local JointAnswers* current = nullptr;

}  // namespace

JointAnswers::JointAnswers() { current = this; }

JointAnswers::~JointAnswers() {
  current = nullptr;
  for (AnswerSender* sender : senders_) sender->SendAnswers();
}

JointAnswers::Added JointAnswers::Add(AnswerSender& sender) {
  if (current == nullptr) return Added::kNo;
  std::vector<AnswerSender*>& senders = current->senders_;
  if (std::find(senders.begin(), senders.end(), &sender) != senders.end()) return Added::kAgain;
  senders.push_back(&sender);
  return Added::kFirst;
}

}  // namespace dataservice
